import type { CollectionTally } from './collection-tally.ts';
import { compileFilter } from './custom-filter.ts';
import { createDefaultFilter, KATIB_DEFAULT_FILTER, namesWithNumbers } from './default-filter.ts';
import { leadingTime } from './log-time.ts';
import { readText, type LineParser, type MetricReading, type ReadValue } from './metric-reading.ts';
import { stripTerminalCodes } from './terminal-codes.ts';
import { createStepTracker } from './training-step.ts';

export interface TextParserOptions {
  metrics: readonly string[];
  /** RE2 expressions; empty means the default filter. One that cannot be used becomes a problem of the report. */
  filters: readonly string[];
  tally: CollectionTally;
}

/** One `name = value` of a line, whoever asked for it. `value` is null where `text` is no value at all. */
interface FoundValue {
  name: string;
  value: ReadValue | null;
  text: string;
}

/**
 * Finds metrics in lines of text. With the default filter only numbers count. With filters of the user's, group 2 is
 * taken as it stands, like in Katib: text that is not a number is a value too. An empty value never is.
 */
export function createTextParser(options: TextParserOptions): LineParser {
  const { metrics, tally } = options;
  const requested = new Set(metrics);
  const steps = createStepTracker();
  const find = createFinder(options);
  return {
    parse(raw) {
      const line = stripTerminalCodes(raw);
      tally.countRead();
      steps.observe(line);
      const searched = tally.searchesOtherNames();
      // Most lines of a log hold no metric, and looking for a substring is far cheaper than matching.
      if (!searched && !metrics.some((metric) => line.includes(metric))) return [];
      const found = find(line);
      if (searched) countOtherNames(line, found, requested, tally);
      const readings = readMetrics(found, requested, tally, {
        step: steps.current(),
        timeMs: leadingTime(line),
      });
      tellUnread(line, readings, metrics, tally);
      return readings;
    },
  };
}

function createFinder({ metrics, filters, tally }: TextParserOptions): (line: string) => FoundValue[] {
  if (filters.every((filter) => filter === KATIB_DEFAULT_FILTER)) return createDefaultFinder(metrics);
  const compiled = filters.flatMap((expression) => {
    const result = compileFilter(expression);
    if ('filter' in result) return [result.filter];
    tally.problem(result.problem);
    return [];
  });
  return (line) =>
    compiled
      .flatMap((filter) => filter(line))
      .map(({ name, value }) => ({ name, value: value === '' ? null : readText(value), text: value }));
}

function createDefaultFinder(metrics: readonly string[]): (line: string) => FoundValue[] {
  const filter = createDefaultFilter(metrics);
  return (line) =>
    filter(line).map(({ name, number, text }) => ({
      name,
      value: number === null ? null : { value: number },
      text,
    }));
}

function readMetrics(
  found: readonly FoundValue[],
  requested: ReadonlySet<string>,
  tally: CollectionTally,
  place: Pick<MetricReading, 'step' | 'timeMs'>,
): MetricReading[] {
  return found.flatMap(({ name, value, text }) => {
    if (!requested.has(name)) return [];
    if (value?.text !== undefined || !value) tally.notNumber(name, text);
    if (!value) return [];
    tally.countFound(name);
    return [{ metric: name, ...value, ...place }];
  });
}

function tellUnread(
  line: string,
  readings: readonly MetricReading[],
  metrics: readonly string[],
  tally: CollectionTally,
): void {
  for (const metric of metrics) {
    if (metric !== '' && line.includes(metric) && !readings.some((reading) => reading.metric === metric))
      tally.unread(metric, line);
  }
}

function countOtherNames(
  line: string,
  found: readonly FoundValue[],
  requested: ReadonlySet<string>,
  tally: CollectionTally,
): void {
  const names = new Set([...namesWithNumbers(line), ...found.map(({ name }) => name)]);
  for (const name of names) {
    if (name !== '' && !requested.has(name)) tally.countOther(name);
  }
}
