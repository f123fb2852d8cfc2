import { endOfString } from './scan.ts';

export interface Selector {
  /** Key of the result in `{…}`; null where it is taken from the path. */
  name: string | null;
  path: string;
}

export interface Multipath {
  kind: 'array' | 'object';
  selectors: Selector[];
  /** Begins with the separator that follows, or is empty. */
  rest: string;
}

/** Reads `[a,b.c]rest` or `{a,"name":b.c}rest`; undefined where the bracket is never closed. */
export function parseMultipath(path: string): Multipath | undefined {
  const kind = path.startsWith('[') ? 'array' : 'object';
  const selectors: Selector[] = [];
  let [depth, start, colon] = [1, 1, -1];
  const push = (end: number): void => {
    const name = colon < 0 ? null : unquote(path.slice(start, colon));
    selectors.push({ name, path: path.slice(colon < 0 ? start : colon + 1, end) });
    [start, colon] = [end + 1, -1];
  };
  for (let at = 1; at < path.length; at++) {
    const char = path.charAt(at);
    if (char === '\\') at++;
    else if (char === '"') at = endOfString(path, at);
    else if (char === ',' && depth === 1) push(at);
    else if (char === ':' && depth === 1 && colon < 0 && !path.slice(start, at).includes('@')) colon = at;
    else if ('[({'.includes(char)) depth++;
    else if ('])}'.includes(char) && --depth === 0) {
      push(at);
      return { kind, selectors, rest: path.slice(at + 1) };
    }
  }
  return undefined;
}

/** The key that a selector's value gets in an object: its name, or the last plain word of its path, or `_`. */
export function selectorKey(selector: Selector): string {
  if (selector.name !== null) return selector.name;
  const last = selector.path.split(/[.|]/).at(-1) ?? '';
  return /^[\w-]+$/.test(last) ? last : '_';
}

function unquote(name: string): string {
  return name.startsWith('"') && name.endsWith('"') ? name.slice(1, -1) : name;
}
