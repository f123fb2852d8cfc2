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

/** Reads `#(…)rest` or `#[…]rest`; undefined where nothing is asked, or the bracket is never closed. */
export function parseQuery(text: string): { query: Query; rest: string } | undefined {
  const { end, operatorAt } = scanQuery(text);
  if (end < 0 || text.slice(2, end).trim() === '') return undefined;
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
  const { operator, value } = query;
  if (operator === null) return found !== undefined;
  if (value === '~null' || value === '~*') return existenceHolds(found, operator, value);
  if (value.startsWith('~')) return compareFlag(isTruthy(found), operator, value.slice(1));
  switch (typeof found) {
    case 'string':
      return compareText(found, operator, value);
    case 'number':
      // A text that is no number counts as 0.
      return compare(found, operator, Number(value) || 0);
    case 'boolean':
      return compareFlag(found, operator, value);
    default:
      return false;
  }
}

function compareText(found: string, operator: QueryOperator, value: string): boolean {
  if (operator === '%') return matchesPattern(found, value);
  if (operator === '!%') return !matchesPattern(found, value);
  return compare(found, operator, value);
}

/** `false` is below `true`; whatever else stands on the right is no truth value, and equal to neither. */
function compareFlag(found: boolean, operator: QueryOperator, value: string): boolean {
  switch (operator) {
    case '=':
      return value === String(found);
    case '!=':
      return value !== String(found);
    case '<':
      return !found && value === 'true';
    case '<=':
      return !found;
    case '>':
      return found && value === 'false';
    case '>=':
      return found;
    case '%':
    case '!%':
      return false;
  }
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

/** What the `~` of `==~true` and `==~false` makes of a value, one that does not exist included. */
function isTruthy(found: unknown): boolean {
  if (typeof found === 'string') return ['1', 't', 'true'].includes(found.toLowerCase());
  return found === true || (typeof found === 'number' && found !== 0);
}

/** `~null` and `~*` are of later versions than the rest: nothing or null, and anything that exists. */
function existenceHolds(found: unknown, operator: QueryOperator, value: '~null' | '~*'): boolean {
  const holds = value === '~null' ? found === undefined || found === null : found !== undefined;
  return operator === '!=' ? !holds : operator === '=' && holds;
}
