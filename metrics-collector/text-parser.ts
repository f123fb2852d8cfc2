import { isMetricNumber, parseMetricValue } from '../core/metric-value.ts';
import { linesOfBlock } from './block-lines.ts';
import type { CollectionTally } from './collection-tally.ts';
import { compileFilter, type FilterMatch } from './custom-filter.ts';
import { createDefaultFilter, KATIB_DEFAULT_FILTER, namesWithNumbers } from './default-filter.ts';
import { escapeRegExp } from './escape-reg-exp.ts';
import { leadingTime } from './log-time.ts';
import type { FoundValue, LineParser, MetricReading } from './metric-reading.ts';
import { stripTerminalCodes, TERMINAL_CODE_START } from './terminal-codes.ts';
import { createStepTracker, EPOCH_WORD } from './training-step.ts';

export interface TextParserOptions {
  metrics: readonly string[];
  /** RE2 expressions; empty means the default filter. One that cannot be used becomes a problem of the report. */
  filters: readonly string[];
  tally: CollectionTally;
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
  const mayMatter = createSearch(metrics);
  const parseLine = (raw: string, into: MetricReading[]): void => {
    const line = stripTerminalCodes(raw);
    steps.observe(line);
    const searched = tally.searchesOtherNames();
    if (!searched && !metrics.some((metric) => line.includes(metric))) return;
    const found = find(line);
    if (searched) countOtherNames(line, found, requested, tally);
    const count = into.length;
    if (found.length > 0) readMetrics(found, requested, tally, steps.current(), leadingTime(line), into);
    tellUnread(line, into, count, metrics, tally);
  };
  return {
    parse(block) {
      const readings: MetricReading[] = [];
      const lines = linesOfBlock(block);
      let hit = -1;
      while (lines.next()) {
        tally.countRead();
        if (hit < lines.start) hit = mayMatter(block, lines.start);
        if (hit < lines.end || tally.searchesOtherNames()) {
          parseLine(block.slice(lines.start, lines.end), readings);
        }
      }
      return readings;
    },
  };
}

/** Most of a log is lines without metrics. Searching whole blocks for what may matter is far cheaper than matching lines. */
function createSearch(metrics: readonly string[]): (block: string, from: number) => number {
  const needles = metrics.filter((metric) => metric !== '').map(escapeRegExp);
  const pattern = new RegExp([...needles, EPOCH_WORD, TERMINAL_CODE_START].join('|'), 'g');
  return (block, from) => {
    pattern.lastIndex = from;
    return pattern.test(block) ? pattern.lastIndex - 1 : block.length;
  };
}

function createFinder({ metrics, filters, tally }: TextParserOptions): (line: string) => FoundValue[] {
  if (filters.every((filter) => filter === KATIB_DEFAULT_FILTER)) return createDefaultFilter(metrics);
  const compiled = filters.flatMap((expression) => {
    const result = compileFilter(expression);
    if ('filter' in result) return [result.filter];
    tally.problem(result.problem);
    return [];
  });
  return (line) => compiled.flatMap((filter) => filter(line)).map(foundByFilter);
}

function foundByFilter({ name, value }: FilterMatch): FoundValue {
  if (value === '') return { name, number: null, text: value };
  return isMetricNumber(value)
    ? { name, number: parseMetricValue(value), text: value }
    : { name, number: NaN, text: value, isText: true };
}

function readMetrics(
  found: readonly FoundValue[],
  requested: ReadonlySet<string>,
  tally: CollectionTally,
  step: number | null,
  timeMs: number | null,
  into: MetricReading[],
): void {
  for (const { name, number, text, isText } of found) {
    if (!requested.has(name)) continue;
    if (number === null || isText) tally.notNumber(name, text);
    if (number === null) continue;
    tally.countFound(name);
    into.push(
      isText
        ? { metric: name, value: number, text, step, timeMs }
        : { metric: name, value: number, step, timeMs },
    );
  }
}

/** Tells of the names in the line that none of the readings from `from` on is of. */
function tellUnread(
  line: string,
  readings: readonly MetricReading[],
  from: number,
  metrics: readonly string[],
  tally: CollectionTally,
): void {
  for (const metric of metrics) {
    if (!tally.isMissing(metric) || !line.includes(metric)) continue;
    if (!readings.slice(from).some((reading) => reading.metric === metric)) tally.unread(metric, line);
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
