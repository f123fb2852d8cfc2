import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { powerTransformed, standardized } from '../../../algorithms/gaussian-process/output-transform.ts';

const outputs = fc
  .array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 3, maxLength: 30 })
  .map((values) => Float64Array.from(values));

const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe.each([
  ['standardized', standardized],
  ['power transformed', powerTransformed],
])('values that are %s', (_, transform) => {
  it('have mean 0 and variance 1, or are 0 where all are equal', () => {
    fc.assert(
      fc.property(outputs, (y) => {
        const { values } = transform(y);
        expect(mean(values)).toBeCloseTo(0, 3);
        expect(mean(values.map((value) => value * value))).toBeLessThan(1.001);
      }),
    );
  });

  it('are in the same order', () => {
    fc.assert(
      fc.property(outputs, (y) => {
        const { values } = transform(y);
        const order = Array.from(y, (_value, index) => index).sort((a, b) => (y[a] ?? 0) - (y[b] ?? 0));
        const sorted = order.map((index) => values[index] ?? NaN);
        sorted.forEach((value, index) =>
          expect(value).toBeGreaterThanOrEqual((sorted[index - 1] ?? -Infinity) - 1e-9),
        );
      }),
    );
  });

  it('do not depend on the unit of the objective', () => {
    const y = Float64Array.of(3, 1, 4, 1.5, 9, 2.6);
    const scaled = transform(y.map((value) => value * 1e9)).values;
    transform(y).values.forEach((value, index) => expect(scaled[index]).toBeCloseTo(value, 5));
  });
});

it('a power brings in what is far out', () => {
  const y = Float64Array.of(1, 2, 3, 4, 1e5);
  expect(Math.max(...powerTransformed(y).values)).toBeLessThan(Math.max(...standardized(y).values));
});
