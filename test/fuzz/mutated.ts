import fc from 'fast-check';

/*
 * Documents that are almost right get further into a program than noise does: these take one that is valid and change
 * it in a few places.
 */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const LONG_TEXT = 'x'.repeat(70_000);

/** What has broken programs before: ends of ranges, other types, texts that mean something to someone. */
const HOSTILE: Json[] = [
  null,
  true,
  '',
  ' ',
  0,
  -1,
  0.5,
  1e308,
  Number.MAX_SAFE_INTEGER,
  2 ** 31,
  '0',
  '-1',
  '1e999',
  'NaN',
  '-Infinity',
  '9'.repeat(400),
  [],
  [[]],
  [null],
  {},
  { '': '' },
  'constructor',
  '../../etc',
  '${trialParameters.none}',
  '${trialSpec.Name}',
  '$(NONE)',
  '\u0000',
  '\ud800',
  '{"a":',
  '(a+)+$',
  '((((((((((x*)*)*)*)*)*)*)*)*)*',
  '*'.repeat(64),
  '2026-13-99T99:99:99Z',
  'Ünïcödé 😀',
  LONG_TEXT,
  deep(500),
];

const KEYS = [
  '__proto__',
  'constructor',
  'toString',
  '',
  'name',
  'kind',
  'spec',
  'status',
  'metadata',
  '$patch',
];

export const hostileValue: fc.Arbitrary<Json> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...HOSTILE) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json> },
);

type Change = 'replace' | 'remove' | 'repeat' | 'add';

/** The document with one to four changes anywhere below the given fields (everywhere where none is given). */
export function mutated(document: Json, below: readonly string[] = []): fc.Arbitrary<Json> {
  const change = fc.record({
    kind: fc.constantFrom<Change>('replace', 'replace', 'replace', 'remove', 'repeat', 'add'),
    // Where among the places of the document, as a part of one: how many there are changes with each change.
    place: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    key: fc.constantFrom(...KEYS),
    value: hostileValue,
  });
  return fc.array(change, { minLength: 1, maxLength: 4 }).map((changes) => {
    const copy = structuredClone(document);
    for (const { kind, place, key, value } of changes) {
      const places = placesIn(copy).filter(({ path }) => below.every((step, index) => path[index] === step));
      const at = places[Math.floor(place * places.length)];
      if (at !== undefined) apply(at, kind, key, value);
    }
    return copy;
  });
}

interface Place {
  path: string[];
  parent: Json[] | { [key: string]: Json };
  key: string;
}

function placesIn(value: Json, path: string[] = []): Place[] {
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, child]) => {
    const here = [...path, key];
    return [{ path: here, parent: value, key }, ...placesIn(child, here)];
  });
}

function apply({ parent, key }: Place, kind: Change, newKey: string, value: Json): void {
  if (Array.isArray(parent)) {
    const index = Number(key);
    if (kind === 'remove') parent.splice(index, 1);
    else if (kind === 'replace') parent[index] = value;
    else parent.push(kind === 'add' ? value : (parent[index] ?? null));
  } else if (kind === 'remove') Reflect.deleteProperty(parent, key);
  else {
    const name = kind === 'replace' ? key : newKey;
    const put = kind === 'repeat' ? (parent[key] ?? null) : value;
    Object.defineProperty(parent, name, { value: put, enumerable: true, configurable: true, writable: true });
  }
}

function deep(levels: number): Json {
  return levels === 0 ? 'end' : { a: deep(levels - 1) };
}
