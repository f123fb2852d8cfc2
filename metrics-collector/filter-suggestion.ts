import { isMetricNumber, parseMetricValue } from '../core/metric-value.ts';
import { compileFilter } from './custom-filter.ts';
import { escapeRegExp } from './escape-reg-exp.ts';
import { continuesToTheLeft } from './name-boundary.ts';

/** A name that stands in a line from which no value of it was read. */
export interface Mention {
  /** The part of the line around the name. */
  line: string;
  /** An expression for `metricsFormat` that reads the value in this line; null where none can be told. */
  filter: string | null;
}

const MAX_LINE_LENGTH = 120;
const SHOWN_BEFORE_NAME = 40;
/** Longer ones would be cut where they are shown. */
const MAX_FILTER_LENGTH = 170;

const WORD_GOES_ON = /[\p{L}\p{N}_]/uy;

/** What may stand between name and value: no word that could make the number that of something else. */
type Piece = [piece: RegExp, expression: (found: string) => string];
const BRACKETED: Piece[] = [
  [/\[[^\]]{0,30}\]/y, () => String.raw`\[[^\]]*\]`],
  [/\([^)]{0,30}\)/y, () => String.raw`\([^)]*\)`],
];
const PIECES: Piece[] = [
  [/\s+/y, () => String.raw`\s+`],
  [/(?:epoch|step|iteration|iter|batch|round|fold)\W{0,2}\d+/iy, withAnyNumber],
  [/(?:is|was|of|at|to|now|(?:metric)?value|equals|reached|score|mean|avg|average)(?!\w)/iy, literal],
  // A bracket opens a list of values after `=` and `:` only.
  [/(?<=[=:]\s?)[[(]|[^\w\s.+[(]/y, literal],
];
const MAX_PIECES = 20;

/** A number that does not go on as a time, a date, a version, or with a decimal comma. */
const NUMBER = /[-+]?(?:(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?|nan|inf(?:inity)?)(?![\p{L}\p{N}_]|[.,:/-]\d)/iuy;
const VALUE_GROUP = String.raw`([-+]?(?:\d*\.?\d+(?:[eE][-+]?\d+)?|[nN]a[nN]|[iI]nf))`;
/** Nothing that would make it another name: `val_loss` is not `loss`. RE2 cannot look back, it takes the character. */
const BEFORE_NAME = String.raw`(?:^|[^\w/.-])`;

/** Where `metric` stands in the line as a name of its own, if it does, and how its value there could be read. */
export function findMention(line: string, metric: string): Mention | null {
  let first: Mention | null = null;
  for (let at = line.indexOf(metric); at >= 0; at = line.indexOf(metric, at + 1)) {
    const nameEnd = at + metric.length;
    if (continuesToTheLeft(line, at) || continuesToTheRight(line, nameEnd)) continue;
    const filter =
      filterAt(line, metric, nameEnd, [...BRACKETED, ...PIECES]) ?? filterAt(line, metric, nameEnd, PIECES);
    const mention = { line: around(line, at), filter };
    if (filter !== null) return mention;
    first ??= mention;
  }
  return first;
}

function continuesToTheRight(line: string, at: number): boolean {
  WORD_GOES_ON.lastIndex = at;
  return WORD_GOES_ON.test(line);
}

function around(line: string, at: number): string {
  const from = Math.max(0, at - SHOWN_BEFORE_NAME);
  return line
    .slice(from, from + MAX_LINE_LENGTH)
    .toWellFormed()
    .trim();
}

/** An expression that reads the value after the name, which ends at `nameEnd`. */
function filterAt(line: string, metric: string, nameEnd: number, pieces: readonly Piece[]): string | null {
  let expression = `${BEFORE_NAME}(${literal(metric)})`;
  for (let at = nameEnd, count = 0; count <= MAX_PIECES; count++) {
    NUMBER.lastIndex = at;
    const number = at === nameEnd ? undefined : NUMBER.exec(line)?.[0];
    if (number !== undefined) return proven(expression + VALUE_GROUP, line, metric, number);
    const piece = pieceAt(line, at, pieces);
    if (!piece) return null;
    expression += piece.expression;
    at += piece.length;
  }
  return null;
}

function pieceAt(
  line: string,
  at: number,
  pieces: readonly Piece[],
): { expression: string; length: number } | null {
  for (const [piece, expression] of pieces) {
    piece.lastIndex = at;
    const found = piece.exec(line)?.[0];
    if (found !== undefined) return { expression: expression(found), length: found.length };
  }
  return null;
}

/** The expression, if the collector reads with it what stands there. */
function proven(expression: string, line: string, metric: string, number: string): string | null {
  if (expression.length > MAX_FILTER_LENGTH) return null;
  const compiled = compileFilter(expression);
  if (!('filter' in compiled)) return null;
  const found = compiled.filter(line).find(({ name }) => name === metric);
  const isRight =
    found !== undefined &&
    isMetricNumber(found.value) &&
    Object.is(parseMetricValue(found.value), parseMetricValue(number));
  return isRight ? expression : null;
}

function withAnyNumber(found: string): string {
  return literal(found).replace(/\d+$/, String.raw`\d+`);
}

function literal(text: string): string {
  return escapeRegExp(text).replaceAll(/\s+/g, String.raw`\s+`);
}
