import type { Field, FieldTable, FieldValue } from './field-table.ts';
import { takeField } from './find-field.ts';
import { Scanner } from './scanner.ts';
import { compareText } from './text-order.ts';

/** An order in which no two objects are equal. */
export interface Sort<T> {
  /** What the order looks at; enough to find the object's place again. */
  keysOf(object: T): FieldValue[];
  /** Negative where the first stands before the second. Objects without a value, and NaN, stand last, whatever the direction. */
  compareKeys(left: readonly FieldValue[], right: readonly FieldValue[]): number;
}

interface SortKey<T> {
  readonly field: Field<T>;
  readonly sign: 1 | -1;
}

const MAX_KEYS = 8;

/**
 * `objective desc, name`: fields, each with `asc` (where absent) or `desc`. Blank text gives the table's own order, which
 * also decides between equals. @throws QueryError with the place of the first mistake.
 */
export function parseSort<T>(text: string, fields: FieldTable<T>): Sort<T> {
  const scanner = new Scanner(text, 'sort');
  const asked = scanner.isAtEnd() ? [] : takeKeys(scanner, fields);
  const keys: SortKey<T>[] = [...asked, ...fields.order.map((field) => ({ field, sign: 1 as const }))];
  return {
    keysOf: (object) => keys.map(({ field }) => field.read(object)),
    compareKeys(left, right) {
      for (const [at, { sign }] of keys.entries()) {
        const order = compareValues(left[at] ?? null, right[at] ?? null, sign);
        if (order !== 0) return order;
      }
      return 0;
    },
  };
}

/** The objects in order; the array given stays as it is. */
export function sortObjects<T>(objects: readonly T[], sort: Sort<T>): T[] {
  return objects
    .map((object) => ({ object, keys: sort.keysOf(object) }))
    .sort((left, right) => sort.compareKeys(left.keys, right.keys))
    .map(({ object }) => object);
}

function takeKeys<T>(scanner: Scanner, fields: FieldTable<T>): SortKey<T>[] {
  const keys: SortKey<T>[] = [];
  do {
    if (keys.length === MAX_KEYS) {
      throw scanner.error('QUERY_TOO_LARGE', `there are more than ${MAX_KEYS} fields.`, 'Leave some out.');
    }
    const field = takeField(scanner, fields);
    const isDescending = scanner.takeKeyword('ASC', 'DESC') === 'DESC';
    keys.push({ field, sign: isDescending ? -1 : 1 });
  } while (scanner.takeCharacter(','));
  if (scanner.isAtEnd()) return keys;
  const message = `${scanner.describeNext()} where asc, desc, a comma or the end is expected.`;
  throw scanner.error('QUERY_SYNTAX', message, 'Write for example: objective desc, name');
}

function compareValues(left: FieldValue, right: FieldValue, sign: 1 | -1): number {
  const isLeftLast = isLast(left);
  const isRightLast = isLast(right);
  if (isLeftLast || isRightLast) return Number(isLeftLast) - Number(isRightLast);
  if (typeof left === 'number' && typeof right === 'number')
    return left === right ? 0 : left < right ? -sign : sign;
  if (typeof left === 'string' && typeof right === 'string') return sign * compareText(left, right);
  // Numbers before texts.
  return typeof left === 'number' ? -sign : sign;
}

function isLast(value: FieldValue): boolean {
  return value === null || Number.isNaN(value);
}
