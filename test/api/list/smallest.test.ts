import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { smallest } from '../../../api/list/smallest.ts';

interface Value {
  key: number;
  place: number;
}

const values = fc
  .array(fc.integer({ min: 0, max: 20 }), { maxLength: 200 })
  .map((keys) => keys.map((key, place): Value => ({ key, place })));
const byKey = (left: Value, right: Value): number => left.key - right.key;

describe('the smallest values of a list', () => {
  it('are those that sorting all of it gives, equal ones in the order of the list', () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 0, max: 30 }), (list, count) => {
        expect(smallest(list, byKey, count)).toEqual(list.toSorted(byKey).slice(0, count));
      }),
    );
  });

  it('are found in a fraction of the comparisons that sorting takes', () => {
    const random = Array.from({ length: 10_000 }, (_, place) => ({ key: (place * 7919) % 10_007, place }));
    let comparisons = 0;
    const counted = (left: Value, right: Value): number => (comparisons++, byKey(left, right));
    expect(smallest(random, counted, 100)).toHaveLength(100);
    expect(comparisons).toBeLessThan(30_000);
  });
});
