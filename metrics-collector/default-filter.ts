import { parseMetricValue } from '../core/metric-value.ts';
import { escapeRegExp } from './escape-reg-exp.ts';
import type { FoundValue } from './metric-reading.ts';
import { continuesToTheLeft } from './name-boundary.ts';

/*
 * How metrics are found in text when no filter is given. Katib's default expression reads `name=value` only, stores an
 * empty string for NaN and infinities, and takes `loss` out of `val/loss=0.5`. Here a name counts where it stands alone,
 * before `=` or `:`, quoted or not, and a value may be wrapped the way frameworks print it.
 *
 * All expressions take time linear in the line: repeated classes never border on a class they overlap with.
 */

/** Katib's own default, which many experiments spell out: it means the default filter. */
export const KATIB_DEFAULT_FILTER = String.raw`([\w|-]+)\s*=\s*([+-]?\d*(\.\d+)?([Ee][+-]?\d+)?)`;

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

/** Finds the values of `metrics` in a line, in order. Of names that overlap (`loss`, `val loss`) the longest counts. */
export function createDefaultFilter(metrics: readonly string[]): (line: string) => FoundValue[] {
  const names = metrics.filter((metric) => metric !== '').toSorted((a, b) => b.length - a.length);
  if (names.length === 0) return () => [];
  // What a match gives is a part of the line that keeps the whole block of lines in memory; the names given do not.
  const own = new Map(names.map((name) => [name, name]));
  const name = new RegExp(`(${names.map(escapeRegExp).join('|')})${SEPARATOR}`, 'g');
  return (line) => {
    const matches: FoundValue[] = [];
    name.lastIndex = 0;
    for (let match = name.exec(line); match; match = name.exec(line)) {
      if (continuesToTheLeft(line, match.index)) name.lastIndex = match.index + 1;
      else matches.push(valueAt(line, name.lastIndex, own.get(match[1] ?? '') ?? ''));
    }
    return matches;
  };
}

/** Names in the line that carry a number, whoever asked for them. */
export function namesWithNumbers(line: string): string[] {
  return Array.from(line.matchAll(OTHER), (match) => match[1] ?? '');
}

function valueAt(line: string, at: number, name: string): FoundValue {
  const end = plainNumberEnd(line, at);
  if (end > at) return numberMatch(name, line.slice(at, end));
  VALUE.lastIndex = at;
  const digits = VALUE.exec(line)?.[1]?.replaceAll(',', '');
  if (digits !== undefined) return { name, number: parseMetricValue(digits), text: digits };
  VALUE_WORD.lastIndex = at;
  return { name, number: null, text: (VALUE_WORD.exec(line)?.[0] ?? '').replace(/,$/, '') };
}

function numberMatch(name: string, text: string): FoundValue {
  return { name, number: Number(text), text };
}

const PLUS = 43;
const COMMA = 44;
const MINUS = 45;
const POINT = 46;
const UPPER_E = 69;
const LOWER_E = 101;

/**
 * Where the number ends that is written plainly from `at` on: sign, digits, fraction, exponent. `at` itself where the
 * expressions must look, which are much slower: wrapped values, `nan`, `.5`, thousands separators.
 */
function plainNumberEnd(line: string, at: number): number {
  const sign = line.charCodeAt(at);
  const start = sign === PLUS || sign === MINUS ? at + 1 : at;
  let end = digitsEnd(line, start);
  if (end === start || (line.charCodeAt(end) === COMMA && isDigit(line.charCodeAt(end + 1)))) return at;
  if (line.charCodeAt(end) === POINT) end = digitsEnd(line, end + 1);
  const exponent = line.charCodeAt(end);
  if (exponent !== LOWER_E && exponent !== UPPER_E) return end;
  const exponentSign = line.charCodeAt(end + 1);
  const digits = exponentSign === PLUS || exponentSign === MINUS ? end + 2 : end + 1;
  const exponentEnd = digitsEnd(line, digits);
  return exponentEnd > digits ? exponentEnd : end;
}

function digitsEnd(line: string, from: number): number {
  let at = from;
  while (isDigit(line.charCodeAt(at))) at++;
  return at;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
