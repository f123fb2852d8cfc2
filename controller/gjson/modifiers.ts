import { endOfString, findOutside } from './scan.ts';

type Modifier = (value: unknown, argument: unknown) => unknown;

const MODIFIERS: Readonly<Record<string, Modifier>> = {
  this: identity,
  valid: identity,
  pretty: identity,
  ugly: identity,
  reverse,
  flatten,
  join,
  keys,
  values,
  tostr: (value) => (value === undefined ? undefined : JSON.stringify(value)),
  fromstr: fromText,
  group,
};

export function isModifierName(name: string): boolean {
  return Object.hasOwn(MODIFIERS, name);
}

/**
 * Applies the modifier that `path` begins with: `@name` or `@name:argument`. `rest` begins with the separator that
 * follows. Undefined where the path begins with no known modifier.
 */
export function applyModifier(value: unknown, path: string): { value: unknown; rest: string } | undefined {
  const name = /^@(\w+)/.exec(path)?.[1] ?? '';
  const modifier = Object.hasOwn(MODIFIERS, name) ? MODIFIERS[name] : undefined;
  if (!modifier) return undefined;
  const after = path.slice(name.length + 1);
  if (!after.startsWith(':')) return { value: modifier(value, undefined), rest: after };
  const end = endOfArgument(after);
  return { value: modifier(value, parseArgument(after.slice(1, end))), rest: after.slice(end) };
}

function endOfArgument(text: string): number {
  if (text[1] === '"') return endOfString(text, 1) + 1;
  const end = findOutside(text, '{['.includes(text.charAt(1)) ? '.|' : '|', 1);
  return end < 0 ? text.length : end;
}

function parseArgument(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function identity(value: unknown): unknown {
  return value;
}

function reverse(value: unknown): unknown {
  if (Array.isArray(value)) return value.toReversed();
  return isObject(value) ? Object.fromEntries(Object.entries(value).toReversed()) : value;
}

function flatten(value: unknown, argument: unknown): unknown {
  if (!Array.isArray(value)) return value;
  const deep = isObject(argument) && argument.deep === true;
  return value.flat(deep ? Number.POSITIVE_INFINITY : 1);
}

function keys(value: unknown): unknown[] {
  if (Array.isArray(value)) return value.map(() => null);
  return isObject(value) ? Object.keys(value) : [];
}

function values(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  return isObject(value) ? Object.values(value) : [];
}

/** The objects of an array as one; the last value of a key wins. */
function join(value: unknown): unknown {
  return Array.isArray(value) ? Object.assign({}, ...value.filter(isObject)) : value;
}

function fromText(value: unknown): unknown {
  if (typeof value !== 'string') return undefined;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return undefined;
  }
}

/** `{a:[1,2],b:[3,4]}` → `[{a:1,b:3},{a:2,b:4}]`. */
function group(value: unknown): unknown {
  if (!isObject(value)) return undefined;
  const rows: Record<string, unknown>[] = [];
  for (const [key, column] of Object.entries(value)) {
    if (!Array.isArray(column)) continue;
    column.forEach((cell: unknown, row) => ((rows[row] ??= {})[key] = cell));
  }
  return rows;
}
