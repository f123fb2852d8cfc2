import { describe, expect, it } from 'vitest';
import { defaultPopulationSize, strategyParameters } from '../../../algorithms/cma-es/strategy-parameters.ts';

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);

describe('the size of a generation', () => {
  it.each([
    [1, 4],
    [2, 6],
    [5, 8],
    [10, 10],
    [20, 12],
    [40, 15],
    [100, 17],
  ])('for %i parameters is %i', (dimensions, size) => expect(defaultPopulationSize(dimensions)).toBe(size));
});

describe('the constants', () => {
  it('are those of the tutorial for ten parameters', () => {
    const constants = strategyParameters(10, 10, false);
    expect(constants.weights[0]).toBeCloseTo(0.45627, 5);
    expect(constants.muEff).toBeCloseTo(3.1673, 5);
    expect(constants.c1).toBeCloseTo(2 / (11.3 ** 2 + constants.muEff), 12);
    expect(constants.cMu).toBeCloseTo((2 * (3.1673 - 2 + 1 / 3.1673)) / (144 + 3.1673), 6);
    expect(constants.cSigma).toBeCloseTo(5.1673 / 18.1673, 5);
    expect(constants.dSigma).toBeCloseTo(1 + 5.1673 / 18.1673, 5);
    expect(constants.cC).toBeCloseTo((4 + 0.31673) / (14 + 0.63346), 5);
    expect(constants.expectedNorm).toBeCloseTo(3.08473, 4);
  });

  it('learn a diagonal (n + 2)/3 times as fast', () => {
    const [whole, diagonal] = [strategyParameters(10, 10, false), strategyParameters(10, 10, true)];
    expect(diagonal.c1 / whole.c1).toBeCloseTo(4, 12);
    expect(diagonal.cMu / whole.cMu).toBeCloseTo(4, 12);
    expect(diagonal.cC).toBeCloseTo(4 / 14, 12);
  });

  const sizes = [1, 2, 3, 10, 50, 300].flatMap((dimensions) =>
    [2, 3, 4, 7, 20, 1_000].flatMap((population) =>
      [false, true].map((isSeparable) => [dimensions, population, isSeparable] as const),
    ),
  );

  it.each(sizes)(
    'for %i parameters, generations of %i and separable = %s keep the covariance positive',
    (dimensions, population, isSeparable) => {
      const { weights, c1, cMu, muEff, dSigma } = strategyParameters(dimensions, population, isSeparable);
      const better = weights.filter((weight) => weight > 0);
      expect(sum(better)).toBeCloseTo(1, 12);
      expect(better).toHaveLength(Math.floor(population / 2));
      expect([...weights]).toEqual([...weights].sort((left, right) => right - left));
      expect(muEff).toBeGreaterThanOrEqual(1 - 1e-12);
      expect(dSigma).toBeGreaterThan(1);
      expect(Math.min(c1, cMu)).toBeGreaterThanOrEqual(0);
      expect(c1 + cMu).toBeLessThan(1);
      // What the worse half may take away at most, with its steps all along one axis, is less than what is kept.
      const taken = cMu * dimensions * -sum(weights.filter((weight) => weight < 0));
      expect(taken).toBeLessThanOrEqual(1 - c1 - cMu + 1e-12);
    },
  );
});
