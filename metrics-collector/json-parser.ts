import { isMetricNumber } from '../core/metric-value.ts';
import { linesOfBlock } from './block-lines.ts';
import type { CollectionTally } from './collection-tally.ts';
import { lookUp, namedLeaves, parseJsonObject, type JsonObject } from './json-line.ts';
import { parseJsonTime } from './log-time.ts';
import { readText, type LineParser, type MetricReading, type ReadValue } from './metric-reading.ts';
import { stripTerminalCodes } from './terminal-codes.ts';
import { STEP_NAMES } from './training-step.ts';

const TIME_KEY = 'timestamp';

/**
 * Finds metrics in logs of one JSON object per line. Values may be numbers (Katib ignores those) or strings. A nested
 * value is named by its path: `val.loss` or `val/loss` is `{"val": {"loss": …}}`. Lines that are no JSON object are
 * counted as a problem and passed over.
 */
export function createJsonParser(options: {
  metrics: readonly string[];
  tally: CollectionTally;
}): LineParser {
  const { metrics, tally } = options;
  const parseLine = (raw: string): MetricReading[] => {
    const line = stripTerminalCodes(raw).trim();
    tally.countRead();
    if (line === '') return [];
    const object = parseJsonObject(line);
    if (!object) {
      tally.problem('not a JSON object on one line', line);
      return [];
    }
    if (tally.searchesOtherNames()) countOtherNames(object, metrics, tally);
    return readMetrics(object, metrics, tally);
  };
  return {
    parse(block) {
      const readings: MetricReading[] = [];
      const lines = linesOfBlock(block);
      while (lines.next()) {
        for (const reading of parseLine(block.slice(lines.start, lines.end))) readings.push(reading);
      }
      return readings;
    },
  };
}

function readMetrics(
  object: JsonObject,
  metrics: readonly string[],
  tally: CollectionTally,
): MetricReading[] {
  const found = metrics.flatMap((metric) => {
    const written = lookUp(object, metric);
    if (written === undefined) return [];
    const value = readValue(written);
    if (value?.text !== undefined || !value) tally.notNumber(metric, describe(written));
    if (!value) return [];
    tally.countFound(metric);
    return [{ metric, ...value }];
  });
  if (found.length === 0) return [];
  const step = stepOf(object);
  const timeMs = parseJsonTime(object[TIME_KEY]);
  return found.map((value) => ({ ...value, step, timeMs }));
}

/** Null where the value is neither a number nor a text that says something. */
function readValue(written: unknown): ReadValue | null {
  if (typeof written === 'number') return { value: written };
  return typeof written === 'string' && written.trim() !== '' ? readText(written) : null;
}

function describe(written: unknown): string {
  return typeof written === 'string' ? written : JSON.stringify(written);
}

function stepOf(object: JsonObject): number | null {
  for (const name of STEP_NAMES) {
    const value = readValue(lookUp(object, name))?.value ?? NaN;
    if (Number.isFinite(value)) return value;
  }
  return null;
}

function countOtherNames(object: JsonObject, metrics: readonly string[], tally: CollectionTally): void {
  const requested = new Set(metrics.map((metric) => metric.replaceAll('/', '.')));
  for (const [path, value] of namedLeaves(object)) {
    const isNumber = typeof value === 'number' || (typeof value === 'string' && isMetricNumber(value));
    if (isNumber && !requested.has(path.replaceAll('/', '.'))) tally.countOther(path);
  }
}
