import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  fieldTable,
  type Field,
  type FieldKind,
  type FieldValue,
} from '../../../experiments/query/field-table.ts';
import { QueryError } from '../../../experiments/query/query-error.ts';
import { parseSort, sortObjects } from '../../../experiments/query/sort.ts';
import '../../support/property-seed.ts';

type Row = Readonly<Record<string, FieldValue>>;

function field(name: string, kind: FieldKind): Field<Row> {
  return { name, kind, read: (row) => row[name] ?? null };
}

const fields = fieldTable<Row>({
  fixed: [
    field('name', { type: 'text' }),
    field('objective', { type: 'number' }),
    field('lr', { type: 'mixed' }),
  ],
  families: {},
  familyNames: [],
  order: ['name'],
});

const ROWS: readonly Row[] = [
  { name: 't-10', objective: 0.5, lr: 'auto' },
  { name: 't-2', objective: 0.5, lr: 3 },
  { name: 't-3', objective: NaN, lr: null },
  { name: 't-1', objective: null, lr: 20 },
  { name: 't-4', objective: -Infinity, lr: 'big' },
];

function ordered(text: string): string {
  return sortObjects(ROWS, parseSort(text, fields))
    .map(({ name }) => name)
    .join(' ');
}

describe('an order', () => {
  it.each([
    ['', 't-1 t-2 t-3 t-4 t-10'],
    ['name desc', 't-10 t-4 t-3 t-2 t-1'],
    ['objective', 't-4 t-2 t-10 t-1 t-3'],
    ['objective asc', 't-4 t-2 t-10 t-1 t-3'],
    ['objective DESC, name desc', 't-10 t-2 t-4 t-3 t-1'],
    ['lr', 't-2 t-1 t-10 t-4 t-3'],
    ['lr desc', 't-4 t-10 t-1 t-2 t-3'],
  ])('"%s" gives %s: without a value, and NaN, come last', (text, names) =>
    expect(ordered(text)).toBe(names),
  );

  it.each([
    ['objectiv', 1, 'QUERY_FIELD_UNKNOWN'],
    ['name down', 6, 'QUERY_SYNTAX'],
    ['name,', 6, 'QUERY_SYNTAX'],
    [',', 1, 'QUERY_SYNTAX'],
    [Array(9).fill('name').join(','), 41, 'QUERY_TOO_LARGE'],
  ])('"%s" is refused at column %i', (text, column, code) => {
    expect(() => parseSort(text, fields)).toThrow(
      expect.objectContaining({ parameter: 'sort', column, code }),
    );
  });

  it('is understood or refused, whatever it is', () => {
    const piece = fc.oneof(fc.constantFrom('name', 'lr', 'asc', 'desc', ',', ' ', '"', '.'), fc.string());
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        try {
          sortObjects(ROWS, parseSort(pieces.join(' '), fields));
        } catch (error) {
          expect(error).toBeInstanceOf(QueryError);
        }
      }),
    );
  });

  it('is total: no two objects of different names are equal, and any three agree', () => {
    const value = fc.oneof(fc.constant(null), fc.double(), fc.string({ maxLength: 3 }));
    const row = fc.record({ name: fc.string({ unit: 'binary', maxLength: 4 }), lr: value });
    const sort = parseSort('lr desc', fields);
    const order = (left: Row, right: Row): number =>
      Math.sign(sort.compareKeys(sort.keysOf(left), sort.keysOf(right)));
    fc.assert(
      fc.property(row, row, row, (a, b, c) => {
        expect(order(a, b)).toBe(0 - order(b, a));
        if (a.name !== b.name) expect(order(a, b)).not.toBe(0);
        if (order(a, b) < 0 && order(b, c) < 0) expect(order(a, c)).toBe(-1);
      }),
      { numRuns: 1_000 },
    );
  });
});
