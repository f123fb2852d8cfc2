import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { levelCount } from '../../algorithms/lattice.ts';
import { coordinateOf, coordinatesOf, pointAt, valueAt } from '../../algorithms/unit-coordinates.ts';
import { randomStream } from '../../core/random.ts';
import type { Parameter } from '../../core/search-space.ts';
import { anyParameter, categorical, discrete, double, int, isFeasible } from './spaces.ts';

const coordinate = fc.double({ min: 0, max: 1, noNaN: true });

/** How often each value comes up for evenly spaced coordinates. */
function shares(parameter: Parameter, samples = 12_000): Map<number, number> {
  const counts = new Map<number, number>();
  for (let sample = 0; sample < samples; sample++) {
    const value = valueAt(parameter, (sample + 0.5) / samples);
    counts.set(value, (counts.get(value) ?? 0) + 1 / samples);
  }
  return counts;
}

/** Rounding errors of a continuous scale, as a share of the range and of its ends; numbered values come back exactly. */
function toleranceOf(parameter: Parameter): number {
  const isContinuous = parameter.kind === 'double' && levelCount(parameter) === Infinity;
  if (!isContinuous) return 0;
  return (
    1e-9 * (parameter.max - parameter.min) +
    1e-14 * Math.max(Math.abs(parameter.min), Math.abs(parameter.max))
  );
}

describe('the unit cube', () => {
  it('gives feasible values only, whatever the type, the distribution and the step', () => {
    fc.assert(
      fc.property(anyParameter, coordinate, (parameter, at) => {
        expect(isFeasible(parameter, valueAt(parameter, at))).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it.each(['uniform', 'logUniform', 'normal', 'logNormal'] as const)(
    'gives feasible values of neighbouring doubles, whose logarithms are equal, for %s',
    (distribution) => {
      const parameter = double(0.00017539449798058436, 0.0001753944979805844, { distribution });
      for (const at of [0, 0.5, 1]) expect(isFeasible(parameter, valueAt(parameter, at))).toBe(true);
      expect(coordinateOf(parameter, parameter.max)).toSatisfy((at: number) => at >= 0 && at <= 1);
    },
  );

  it('is monotone: neighbours on the axis are neighbours in value', () => {
    fc.assert(
      fc.property(anyParameter, coordinate, coordinate, (parameter, a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        expect(valueAt(parameter, low)).toBeLessThanOrEqual(valueAt(parameter, high));
      }),
    );
  });

  it('finds the coordinate that gives a value back', () => {
    fc.assert(
      fc.property(anyParameter, coordinate, (parameter, at) => {
        const value = valueAt(parameter, at);
        const again = valueAt(parameter, coordinateOf(parameter, value));
        expect(Math.abs(again - value)).toBeLessThanOrEqual(toleranceOf(parameter));
      }),
      { numRuns: 1000 },
    );
  });

  it.each<[string, Parameter]>([
    ['an int', int(1, 5)],
    ['an int with a step', int(1, 10, { step: 2 })],
    ['a double with a step', double(0.1, 0.5, { step: 0.1, decimals: 1 })],
    ['a list', discrete('1', '10', '100', '1000')],
    ['categories', categorical('a', 'b', 'c')],
  ])('makes every value of %s equally likely, the first and the last too', (_, parameter) => {
    const counts = shares(parameter);
    expect(counts.size).toBe(levelCount(parameter));
    for (const share of counts.values()) expect(share).toBeCloseTo(1 / counts.size, 3);
  });

  it('spreads logUniform evenly over orders of magnitude', () => {
    const parameter = double(1e-4, 1, { distribution: 'logUniform' });
    expect(valueAt(parameter, 0.25)).toBeCloseTo(1e-3, 12);
    expect(valueAt(parameter, 0.5)).toBeCloseTo(1e-2, 12);
    expect(valueAt(parameter, 0.75)).toBeCloseTo(1e-1, 12);
  });

  it('gives logUniform whole numbers the width of their cells on the logarithmic axis', () => {
    const counts = shares(int(1, 4, { distribution: 'logUniform' }));
    for (const n of [1, 2, 3, 4]) {
      expect(counts.get(n)).toBeCloseTo(Math.log((n + 0.5) / (n - 0.5)) / Math.log(9), 3);
    }
  });

  it.each<[string, Parameter, number, number]>([
    ['normal', double(-1, 5, { distribution: 'normal' }), 2, 1],
    ['logNormal', double(Math.exp(-3), Math.exp(3), { distribution: 'logNormal' }), 0, 1],
  ])(
    'centres %s in the middle of the range with a sixth of it as deviation',
    (_, parameter, mean, deviation) => {
      const scale = 'distribution' in parameter && parameter.distribution === 'logNormal' ? Math.log : Number;
      const samples = Array.from({ length: 4000 }, (_value, k) =>
        scale(valueAt(parameter, (k + 0.5) / 4000)),
      );
      const average = samples.reduce((sum, x) => sum + x, 0) / samples.length;
      const variance = samples.reduce((sum, x) => sum + (x - average) ** 2, 0) / samples.length;
      expect(average).toBeCloseTo(mean, 6);
      // Truncation at three deviations takes 1.3 % off.
      expect(Math.sqrt(variance)).toBeCloseTo(0.9866 * deviation, 2);
    },
  );

  it('takes lists by position, not by distance', () =>
    expect(valueAt(discrete('1', '2', '1000'), 0.5)).toBe(2));

  it('maps whole points there and back', () => {
    const parameters = [int(1, 9), categorical('a', 'b'), double(0, 1)];
    const random = randomStream('points');
    const point = pointAt(parameters, [random.next(), random.next(), random.next()]);
    expect(pointAt(parameters, coordinatesOf(parameters, point))).toEqual(point);
  });
});
