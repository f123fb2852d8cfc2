import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agedKernels } from '../../../algorithms/tpe/aged-kernels.ts';

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);

describe('kernels of trials', () => {
  it.each([0, 1, 25])('all weigh the same where there are %i', (count) => {
    const { places, weights } = agedKernels(count, 100);
    expect([...places]).toEqual(Array.from({ length: count }, (_, place) => place));
    expect([...weights]).toEqual(Array<number>(count).fill(1));
  });

  it('weigh less the older they are, the newest 25 in full', () => {
    const { weights } = agedKernels(30, 100);
    expect([...weights].slice(0, 6).map((weight) => weight.toFixed(3))).toEqual([
      '0.033',
      '0.275',
      '0.517',
      '0.758',
      '1.000',
      '1.000',
    ]);
  });

  it('are no more than wanted, oldest first, the newest among them, and weigh as much together', () => {
    fc.assert(
      fc.property(fc.integer({ min: 26, max: 100_000 }), fc.integer({ min: 50, max: 600 }), (count, most) => {
        const { places, weights } = agedKernels(count, most);
        expect(places.length).toBe(Math.min(count, most));
        expect(new Set(places).size).toBe(places.length);
        expect([...places]).toEqual([...places].sort((left, right) => left - right));
        expect(places.at(-1)).toBe(count - 1);
        expect(sum(weights) / sum(agedKernels(count, Infinity).weights)).toBeCloseTo(1, 1);
      }),
    );
  });
});
