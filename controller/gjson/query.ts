import { endOfString } from './scan.ts';
import { matchesPattern } from './wildcard.ts';

export type QueryOperator = '=' | '!=' | '<' | '<=' | '>' | '>=' | '%' | '!%';

/** What stands inside `#(…)`. */
export interface Query {
  /** Path inside each element; empty means the element itself. */
  path: string;
  /** null asks only whether the path exists. */
  operator: QueryOperator | null;
  /** Right-hand side without quotes. */
  value: string;
}

const OPERATORS: readonly QueryOperator[] = ['!=', '!%', '<=', '>=', '<', '>', '=', '%'];

/** Reads `#(…)rest` or `#[…]rest`; undefined where the bracket is never closed. */
export function parseQuery(text: string): { query: Query; rest: string } | undefined {
  const { end, operatorAt } = scanQuery(text);
  if (end < 0) return undefined;
  const rest = text.slice(end + 1);
  if (operatorAt < 0) return { query: { path: text.slice(2, end).trim(), operator: null, value: '' }, rest };
  const path = text.slice(2, operatorAt).trim();
  return { query: { path, ...parseComparison(text.slice(operatorAt, end).trim()) }, rest };
}

function scanQuery(text: string): { end: number; operatorAt: number } {
  let [depth, operatorAt] = [1, -1];
  for (let at = 2; at < text.length; at++) {
    const char = text.charAt(at);
    if (depth === 1 && operatorAt < 0 && '!=<>%'.includes(char)) operatorAt = at;
    else if (char === '\\') at++;
    else if (char === '"') at = endOfString(text, at);
    else if (char === '(' || char === '[') depth++;
    else if (char === ')' || char === ']') depth--;
    if (depth === 0) return { end: at, operatorAt };
  }
  return { end: -1, operatorAt };
}

function parseComparison(text: string): { operator: QueryOperator | null; value: string } {
  const body = text.startsWith('==') ? text.slice(1) : text;
  const operator = OPERATORS.find((candidate) => body.startsWith(candidate)) ?? null;
  return { operator, value: unquote(body.slice(operator?.length ?? 0).trim()) };
}

function unquote(value: string): string {
  if (value.length < 2 || !value.startsWith('"') || !value.endsWith('"')) return value;
  try {
    return String(JSON.parse(value));
  } catch {
    return value.slice(1, -1);
  }
}

/** Whether a value found at the query's path fits; undefined is a path that does not exist. */
export function queryHolds(query: Query, found: unknown): boolean {
  if (query.value.startsWith('~')) return compareTruth(query, found);
  if (found === undefined) return false;
  if (query.operator === null) return true;
  switch (typeof found) {
    case 'string':
      return compareText(found, query.operator, query.value);
    case 'number':
      return compare(found, query.operator, Number(query.value));
    case 'boolean':
      return compareFlag(found, query.operator, query.value);
    default:
      return false;
  }
}

function compareText(found: string, operator: QueryOperator, value: string): boolean {
  if (operator === '%') return matchesPattern(found, value);
  if (operator === '!%') return !matchesPattern(found, value);
  return compare(found, operator, value);
}

function compareFlag(found: boolean, operator: QueryOperator, value: string): boolean {
  if (operator === '=') return String(found) === value;
  if (operator === '!=') return String(found) !== value;
  return (
    (value === 'true' || value === 'false') && compare(Number(found), operator, Number(value === 'true'))
  );
}

function compare<T extends string | number>(left: T, operator: QueryOperator, right: T): boolean {
  switch (operator) {
    case '=':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
    case '%':
    case '!%':
      return false;
  }
}

/** `~true`, `~false`, `~null` and `~*`: the value is first turned into a truth. */
function compareTruth(query: Query, found: unknown): boolean {
  const truth = truthOf(query.value, found);
  return query.operator === '!=' ? !truth : query.operator === '=' && truth;
}

function truthOf(wanted: string, found: unknown): boolean {
  const truthy = found === true || (typeof found === 'number' && found !== 0) || isTrueText(found);
  switch (wanted) {
    case '~true':
      return truthy;
    case '~false':
      return !truthy;
    case '~null':
      return found === undefined || found === null;
    case '~*':
      return found !== undefined;
    default:
      return false;
  }
}

function isTrueText(found: unknown): boolean {
  return typeof found === 'string' && ['1', 't', 'true'].includes(found.toLowerCase());
}
