import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { downSample } from '../../db/down-sample.ts';

interface Point {
  at: number;
  value: number;
}

function series(values: readonly number[]): Point[] {
  return values.map((value, at) => ({ at, value }));
}

describe('downSample', () => {
  it('leaves a series alone that is short enough', () => {
    expect(downSample(series([3, 1, 2, 5]), 4, 4)).toEqual(series([3, 1, 2, 5]));
  });

  it('keeps first, last, smallest and largest of each stretch', () => {
    const kept = downSample(series([5, 9, 1, 5, 5, 5, 0, 5, 8, 5]), 10, 8);
    expect(kept.map(({ at }) => at)).toEqual([0, 1, 2, 4, 5, 6, 8, 9]);
  });

  it('never takes NaN for an extreme where there are numbers', () => {
    const kept = downSample(series([NaN, NaN, 1, NaN, 2, NaN, NaN]), 7, 4);
    expect(kept.map(({ at }) => at)).toEqual([0, 2, 4, 6]);
  });

  it('keeps order, bound and the extremes of any series', () => {
    const values = fc.array(fc.double(), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(values, fc.integer({ min: 4, max: 60 }), (list, maxPoints) => {
        const kept = downSample(series(list), list.length, maxPoints);
        expect(kept.length).toBeLessThanOrEqual(Math.max(maxPoints, 4));
        expect(kept).toEqual(kept.toSorted((a, b) => a.at - b.at));
        expect([kept[0]?.at, kept.at(-1)?.at]).toEqual([0, list.length - 1]);
        const numbers = (points: readonly Point[]): number[] =>
          points.map(({ value }) => value).filter((value) => !Number.isNaN(value));
        expect(Math.min(...numbers(kept))).toBe(Math.min(...list.filter((value) => !Number.isNaN(value))));
        expect(Math.max(...numbers(kept))).toBe(Math.max(...list.filter((value) => !Number.isNaN(value))));
      }),
    );
  });
});
