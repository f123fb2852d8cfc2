import { parseMetricValue } from '../core/metric-value.ts';

/*
 * How metrics are found in text when no filter is given. Katib's default expression reads `name=value` only, stores an
 * empty string for NaN and infinities, and takes `loss` out of `val/loss=0.5`. Here a name counts where it stands alone,
 * before `=` or `:`, quoted or not, and a value may be wrapped the way frameworks print it.
 *
 * All expressions take time linear in the line: repeated classes never border on a class they overlap with.
 */

/** Katib's own default, which many experiments spell out: it means the default filter. */
export const KATIB_DEFAULT_FILTER = String.raw`([\w|-]+)\s*=\s*([+-]?\d*(\.\d+)?([Ee][+-]?\d+)?)`;

/** The name does not go on to the left: `val/loss`, `val.loss`, `val-loss` and `val_loss` are not `loss`. */
const NAME_START = String.raw`(?<![\p{L}\p{N}_\-/]|[\p{L}\p{N}_]\.)`;
/** What may stand between a name and its value: the closing quote or bracket of a key, then `=` or `:`. */
const SEPARATOR = String.raw`["'\u0060]?\]?\s*[=:]\s*`;
/** `tensor(0.5`, `np.float64(0.5`, `Decimal('0.5`, `"0.5`. */
const WRAPPER = String.raw`(?:(?:[A-Za-z]\w{0,20}\.){0,3}(?:[Tt]ensor|[Aa]rray|DeviceArray|float\d*|double|int\d*|Decimal|scalar)\(\s*)?["']?`;
/** With thousands separators where the whole part is grouped by them all through. */
const NUMBER = String.raw`[+-]?(?:(?:nan|inf(?:inity)?)(?!\w)|(?:[1-9]\d{0,2}(?:,\d{3})+(?!,?\d)|\d+(?!\d|,\d))(?:\.\d*)?(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?)`;

const VALUE = new RegExp(`${WRAPPER}(${NUMBER})`, 'iuy');
const VALUE_WORD = /[^\s;)}\]]{0,60}/y;
const OTHER_NAME = String.raw`([\p{L}_][\p{L}\p{N}_\-/.@]{0,99})`;
const OTHER = new RegExp(
  String.raw`(?<![\p{L}\p{N}_\-/.@])${OTHER_NAME}${SEPARATOR}${WRAPPER}${NUMBER}(?![\w:])`,
  'giu',
);

/** One `name = value` of a line. `number` is null where none follows; `text` is what does. */
export interface DefaultMatch {
  name: string;
  number: number | null;
  text: string;
}

/** Finds the values of `metrics` in a line, in order. Of names that overlap (`loss`, `val loss`) the longest counts. */
export function createDefaultFilter(metrics: readonly string[]): (line: string) => DefaultMatch[] {
  const names = metrics.filter((metric) => metric !== '').toSorted((a, b) => b.length - a.length);
  if (names.length === 0) return () => [];
  const name = new RegExp(`${NAME_START}(${names.map(escapeRegExp).join('|')})${SEPARATOR}`, 'gu');
  return (line) =>
    Array.from(line.matchAll(name), (match) => ({
      name: match[1] ?? '',
      ...valueAt(line, match.index + match[0].length),
    }));
}

/** Names in the line that carry a number, whoever asked for them. */
export function namesWithNumbers(line: string): string[] {
  return Array.from(line.matchAll(OTHER), (match) => match[1] ?? '');
}

function valueAt(line: string, at: number): { number: number | null; text: string } {
  VALUE.lastIndex = at;
  const digits = VALUE.exec(line)?.[1]?.replaceAll(',', '');
  if (digits !== undefined) return { number: parseMetricValue(digits), text: digits };
  VALUE_WORD.lastIndex = at;
  return { number: null, text: (VALUE_WORD.exec(line)?.[0] ?? '').replace(/,$/, '') };
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}
