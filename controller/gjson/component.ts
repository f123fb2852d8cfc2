import { isModifierName } from './modifiers.ts';
import { parseQuery, type Query } from './query.ts';

/** How a path goes on after a component: `.` asks the value itself (or each element), `|` the result as a whole. */
export type Next = { kind: 'end' } | { kind: 'dot' | 'pipe'; path: string };

export interface ObjectComponent {
  /** Key without escapes, or the pattern with them. */
  key: string;
  isPattern: boolean;
  next: Next;
}

export type ArrayComponent =
  | { kind: 'index'; index: number; next: Next }
  | { kind: 'count'; next: Next }
  | { kind: 'each'; path: string }
  | { kind: 'query'; query: Query; all: boolean; next: Next }
  | { kind: 'nothing'; next: Next };

/** Reads the first component of a path that is asked of an object. */
export function parseObjectComponent(path: string): ObjectComponent {
  const end = endOfPart(path);
  const text = path.slice(0, end);
  const isPattern = /[*?]/.test(text.replace(/\\./g, ''));
  return {
    key: isPattern ? text : text.replace(/\\(.?)/g, '$1'),
    isPattern,
    next: parseNext(path.slice(end)),
  };
}

/** Reads the first component of a path that is asked of an array. */
export function parseArrayComponent(path: string): ArrayComponent {
  if (path.startsWith('#.')) return { kind: 'each', path: path.slice(2) };
  if (path.startsWith('#(') || path.startsWith('#[')) return parseQueryComponent(path);
  const end = endOfPart(path);
  const [part, next] = [path.slice(0, end), parseNext(path.slice(end))];
  if (part === '#') return { kind: 'count', next };
  return /^\d+$/.test(part) ? { kind: 'index', index: Number(part), next } : { kind: 'nothing', next };
}

function parseQueryComponent(path: string): ArrayComponent {
  const parsed = parseQuery(path);
  if (!parsed) return { kind: 'nothing', next: { kind: 'end' } };
  const all = parsed.rest.startsWith('#');
  const rest = all ? parsed.rest.slice(1) : parsed.rest;
  // After a query a dot always means "of each element", whatever follows it.
  const next: Next = rest.startsWith('.') ? { kind: 'dot', path: rest.slice(1) } : parseNext(rest);
  return { kind: 'query', query: parsed.query, all, next };
}

function endOfPart(path: string): number {
  for (let at = 0; at < path.length; at++) {
    if (path[at] === '\\') at++;
    else if (path[at] === '.' || path[at] === '|') return at;
  }
  return path.length;
}

function parseNext(rest: string): Next {
  if (rest === '') return { kind: 'end' };
  const path = rest.slice(1);
  return { kind: rest.startsWith('|') || startsWholeValue(path) ? 'pipe' : 'dot', path };
}

/** Modifiers and multipaths work on the whole value, so a dot before them is as good as a pipe. */
function startsWholeValue(path: string): boolean {
  if (path.startsWith('[') || path.startsWith('{') || path.startsWith('!')) return true;
  return path.startsWith('@') && isModifierName(/^@(\w*)/.exec(path)?.[1] ?? '');
}
