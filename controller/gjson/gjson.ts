import { parseArrayComponent, parseObjectComponent, type Next } from './component.ts';
import { applyModifier } from './modifiers.ts';
import { parseMultipath, selectorKey, type Multipath } from './multipath.ts';
import { queryHolds, type Query } from './query.ts';
import { splitAtPipe } from './scan.ts';
import { matchesPattern } from './wildcard.ts';

/**
 * The value that a GJSON path yields: the path language of https://github.com/tidwall/gjson (1.14), in which Katib's
 * success and failure conditions are written. Works on parsed JSON. Undefined means that nothing is there, also where
 * the path itself makes no sense; it never throws.
 */
export function gjson(value: unknown, path: string): unknown {
  if (path.startsWith('@')) {
    const applied = applyModifier(value, path);
    if (applied) return follow(applied.value, applied.rest);
  }
  if (path.startsWith('[') || path.startsWith('{')) {
    const multipath = parseMultipath(path);
    if (multipath) return follow(select(value, multipath), multipath.rest);
  }
  if (path.startsWith('!')) return literal(path.slice(1));
  if (path.startsWith('..')) return inArray([value], path.slice(2));
  if (Array.isArray(value)) return inArray(value, path);
  return isObject(value) ? inObject(value, path) : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function follow(value: unknown, rest: string): unknown {
  return rest === '' ? value : gjson(value, rest.slice(1));
}

function literal(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function select(value: unknown, { kind, selectors }: Multipath): unknown {
  const found = selectors
    .map((selector) => [selectorKey(selector), gjson(value, selector.path)] as const)
    .filter(([, result]) => result !== undefined);
  return kind === 'array' ? found.map(([, result]) => result) : Object.fromEntries(found);
}

function inObject(value: Record<string, unknown>, path: string): unknown {
  const { key, isPattern, next } = parseObjectComponent(path);
  const found = isPattern ? Object.keys(value).find((candidate) => matchesPattern(candidate, key)) : key;
  return goOn(found !== undefined && Object.hasOwn(value, found) ? value[found] : undefined, next);
}

function inArray(items: readonly unknown[], path: string): unknown {
  const component = parseArrayComponent(path);
  switch (component.kind) {
    case 'index':
      return goOn(items[component.index], component.next);
    case 'count':
      return goOn(items.length, component.next);
    case 'each':
      return ofEach(items, component.path);
    case 'query':
      return inQuery(items, component);
    case 'nothing':
      return goOn(undefined, component.next);
  }
}

function inQuery(items: readonly unknown[], component: { query: Query; all: boolean; next: Next }): unknown {
  const { query, all, next } = component;
  const holds = (item: unknown): boolean => {
    if (query.path === '') return queryHolds(query, item);
    return isObject(item) && queryHolds(query, gjson(item, query.path));
  };
  if (!all) return goOn(items.find(holds), next);
  const matching = items.filter(holds);
  return next.kind === 'dot' ? ofEach(matching, next.path) : goOn(matching, next);
}

/** A dot after `#` or after a query for all asks every element; the first pipe ends that. */
function ofEach(items: readonly unknown[], path: string): unknown {
  const [own, pipe] = splitAtPipe(path);
  const found = items.map((item) => gjson(item, own)).filter((result) => result !== undefined);
  return pipe === undefined ? found : gjson(found, pipe);
}

function goOn(value: unknown, next: Next): unknown {
  return next.kind === 'end' ? value : gjson(value, next.path);
}
