import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SortedValues } from '../../../algorithms/early-stopping/sorted-values.ts';

const NUMBERS = fc.array(fc.oneof(fc.integer({ min: -5, max: 5 }), fc.constant(Infinity)), { minLength: 1 });

it('keeps values in order, whatever is added and removed', () => {
  fc.assert(
    fc.property(NUMBERS, fc.nat(), (numbers, count) => {
      const values = new SortedValues();
      for (const number of numbers) values.add(number);
      const removed = numbers.slice(0, count % numbers.length);
      for (const number of removed) values.remove(number);
      const left = numbers.slice(removed.length).toSorted((a, b) => a - b);
      expect(Array.from({ length: values.size }, (_, rank) => values.at(rank))).toEqual(left);
    }),
  );
});

it('refuses to remove what was never added', () => {
  expect(() => new SortedValues().remove(1)).toThrow(RangeError);
});

it.each([
  [[3, 1, 2], 0.5, 2],
  [[4, 1, 2, 3], 0.5, 2.5],
  [[5], 0.25, 5],
  [[1, 2, 3, 4, 5], 0.25, 2],
  [[1, 2, 3], 1, 3],
  [[1, Infinity], 0.5, Infinity],
  [[Infinity, Infinity], 0.5, Infinity],
])('of %j the quantile at %d is %d', (numbers, share, expected) => {
  const values = new SortedValues();
  for (const number of numbers) values.add(number);
  expect(values.quantile(share)).toBe(expected);
});
