export type JsonObject = Readonly<Record<string, unknown>>;

/** Leaves looked at per line, and how deep: a line is hostile input. */
const MAX_LEAVES = 200;
const MAX_DEPTH = 8;

/**
 * A string (skipped over), or one of the numbers that Python writes though JSON does not have them. An unfinished
 * string runs to the end of the line, even after a lone backslash, so that matching takes linear time.
 */
const STRING_OR_NON_FINITE = /"(?:[^"\\]|\\[^]?)*(?:"|$)|-?\b(?:NaN|Infinity)\b/g;

/** The object that the line is, with NaN and ±Infinity as strings; null where it is none. */
export function parseJsonObject(line: string): JsonObject | null {
  if (!line.startsWith('{')) return null;
  return parseObject(line) ?? (mayBeNonFinite(line) ? parseObject(quoteNonFinite(line)) : null);
}

function mayBeNonFinite(line: string): boolean {
  return line.includes('NaN') || line.includes('Infinity');
}

function quoteNonFinite(line: string): string {
  return line.replace(STRING_OR_NON_FINITE, (token) => (token.startsWith('"') ? token : `"${token}"`));
}

function parseObject(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

/**
 * The value under `name`: the key of that very name, else the nested value whose path it is, its keys joined with `.`
 * or `/`. Undefined where there is none.
 */
export function lookUp(object: JsonObject, name: string, depth = 0): unknown {
  if (Object.hasOwn(object, name)) return object[name];
  if (depth >= MAX_DEPTH) return undefined;
  for (let at = 1; at < name.length; at++) {
    if (name[at] !== '.' && name[at] !== '/') continue;
    const key = name.slice(0, at);
    const inner = Object.hasOwn(object, key) ? object[key] : undefined;
    const value = isObject(inner) ? lookUp(inner, name.slice(at + 1), depth + 1) : undefined;
    if (value !== undefined) return value;
  }
  return undefined;
}

/** Values that are not objects, by their dotted path. At most `MAX_LEAVES`. */
export function namedLeaves(object: JsonObject): [path: string, value: unknown][] {
  const leaves: [string, unknown][] = [];
  const visit = (inner: JsonObject, prefix: string, depth: number): void => {
    for (const [key, value] of Object.entries(inner)) {
      if (leaves.length >= MAX_LEAVES) return;
      if (!isObject(value)) leaves.push([prefix + key, value]);
      else if (depth < MAX_DEPTH) visit(value, `${prefix}${key}.`, depth + 1);
    }
  };
  visit(object, '', 0);
  return leaves;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
