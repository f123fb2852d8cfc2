import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unitCovariance, type Covariance } from '../../../algorithms/cma-es/covariance.ts';

const vector = (n: number): fc.Arbitrary<Float64Array> =>
  fc
    .array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: n, maxLength: n })
    .map((values) => Float64Array.from(values));

const covariances = fc.integer({ min: 1, max: 6 }).chain((n) =>
  fc
    .tuple(fc.array(vector(n), { minLength: 1, maxLength: 8 }), vector(n), fc.boolean())
    .map(([steps, y, isSeparable]) => {
      const terms = steps.map((step) => ({ weight: 0.2, step }));
      return { n, y, covariance: unitCovariance(n, isSeparable).updated(0.5, terms) };
    }),
);

const dot = (left: Float64Array, right: Float64Array): number =>
  left.reduce((sum, value, k) => sum + value * (right[k] ?? 0), 0);

/** C y, of the elements alone. */
function times({ elements, variances }: Covariance, y: Float64Array): Float64Array {
  const n = y.length;
  if (elements.length === n && n > 1) return y.map((value, k) => value * (variances[k] ?? 0));
  return y.map((_, row) => dot(elements.subarray(row * n, (row + 1) * n), y));
}

describe('a covariance', () => {
  it('is undone by whitening on both sides', () => {
    fc.assert(
      fc.property(covariances, ({ y, covariance }) => {
        const twice = covariance.whitened(covariance.whitened(times(covariance, y)));
        twice.forEach((value, k) => expect(value).toBeCloseTo(y[k] ?? NaN, 8));
      }),
    );
  });

  it('measures lengths as whitened vectors have them, and colours lengths accordingly', () => {
    fc.assert(
      fc.property(covariances, ({ y, covariance }) => {
        const whitened = covariance.whitened(y);
        expect(covariance.squaredLength(y)).toBeCloseTo(dot(whitened, whitened), 8);
        expect(covariance.squaredLength(covariance.coloured(y))).toBeCloseTo(dot(y, y), 8);
      }),
    );
  });

  it('becomes the unit matrix when whitened itself, which has determinant 1 and condition 1', () => {
    fc.assert(
      fc.property(covariances, ({ n, covariance }) => {
        const white = covariance.whitenedBothSides(covariance.elements);
        const isDiagonal = white.length === n;
        white.forEach((value, at) => expect(value).toBeCloseTo(Number(isDiagonal || at % (n + 1) === 0), 8));
        const unit = covariance.withElements((_, at) => white[at] ?? NaN);
        expect(unit.logDeterminant).toBeCloseTo(0, 7);
        expect(unit.condition).toBeCloseTo(1, 7);
      }),
    );
  });

  it.each([true, false])('knows its determinant and its condition (separable: %s)', (isSeparable) => {
    const step = Float64Array.of(2, 0);
    const covariance = unitCovariance(2, isSeparable).updated(1, [{ weight: 2, step }]);
    expect(covariance.logDeterminant).toBeCloseTo(Math.log(9), 12);
    expect(covariance.condition).toBeCloseTo(9, 12);
    expect([...covariance.variances]).toEqual([9, 1]);
  });

  it.each([true, false])('stays usable when an axis has vanished (separable: %s)', (isSeparable) => {
    const covariance = unitCovariance(2, isSeparable).updated(1, [
      { weight: -1, step: Float64Array.of(0, 1) },
    ]);
    expect([...covariance.coloured(Float64Array.of(1, 1))].every(Number.isFinite)).toBe(true);
    expect([...covariance.whitened(Float64Array.of(1, 1))].every(Number.isFinite)).toBe(true);
  });
});
