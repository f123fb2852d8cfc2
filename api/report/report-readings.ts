import { createCollectionTally } from '../../metrics-collector/collection-tally.ts';
import { createJsonParser } from '../../metrics-collector/json-parser.ts';
import type { MetricReading } from '../../metrics-collector/metric-reading.ts';
import { createTextParser } from '../../metrics-collector/text-parser.ts';

export interface ReadReport {
  readonly readings: readonly MetricReading[];
  /** Names with values that nobody asked for, most frequent first. */
  readonly otherNames: readonly string[];
  /** Metrics that came with something that is not a number, and what it was. */
  readonly notNumbers: Readonly<Record<string, string>>;
}

/**
 * What a report says about the given metrics, by the rules of logs: a text is read like printed lines, an object or a
 * list of objects like lines of JSON.
 */
export function readReport(body: unknown, metrics: readonly string[]): ReadReport {
  const tally = createCollectionTally(metrics);
  const parser =
    typeof body === 'string'
      ? createTextParser({ metrics, filters: [], tally })
      : createJsonParser({ metrics, tally });
  const readings = linesOf(body).flatMap((line) => parser.parse(line));
  const { otherNames, notNumbers } = tally.report();
  return { readings, otherNames: Object.keys(otherNames), notNumbers };
}

function linesOf(body: unknown): string[] {
  if (typeof body === 'string') return body.split(/\r\n|\n|\r|&/);
  return (Array.isArray(body) ? body : [body]).map((entry) => JSON.stringify(entry));
}
