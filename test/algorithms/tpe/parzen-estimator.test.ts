import { describe, expect, it } from 'vitest';
import { levelCount, levelValue } from '../../../algorithms/lattice.ts';
import { axesOf, positionOf } from '../../../algorithms/axes.ts';
import { parzenEstimator, type ParzenEstimator } from '../../../algorithms/tpe/parzen-estimator.ts';
import { valueAt } from '../../../algorithms/unit-coordinates.ts';
import { randomStream } from '../../../core/random.ts';
import type { Parameter } from '../../../core/search-space.ts';
import { categorical, discrete, double, int } from '../spaces.ts';

function estimatorOf(parameters: readonly Parameter[], trials: number[][]): ParzenEstimator {
  const axes = axesOf(parameters);
  const columns = axes.map((axis, number) =>
    Float64Array.from(trials, (values) => positionOf(axis, values[number] ?? 0)),
  );
  return parzenEstimator(axes, { columns, weights: Float64Array.from(trials, (_, index) => index + 1) }, 1);
}

const FINITE: { what: string; parameter: Parameter; trials: number[] }[] = [
  { what: 'categories', parameter: categorical('a', 'b', 'c'), trials: [0, 0, 2] },
  { what: 'whole numbers', parameter: int(1, 9), trials: [2, 3, 3, 9] },
  {
    what: 'whole numbers on a logarithmic scale',
    parameter: int(1, 64, { distribution: 'logUniform' }),
    trials: [2, 50],
  },
  { what: 'a list', parameter: discrete('1', '10', '100'), trials: [10] },
  { what: 'a lattice without a trial', parameter: double(0, 1, { step: 0.25, decimals: 2 }), trials: [] },
];

describe('a Parzen estimator', () => {
  it.each(FINITE)('gives $what probabilities that sum to 1', ({ parameter, trials }) => {
    const estimator = estimatorOf(
      [parameter],
      trials.map((value) => [value]),
    );
    const values = Array.from({ length: levelCount(parameter) }, (_, level) => levelValue(parameter, level));
    const total = values.reduce(
      (sum, value) => sum + Math.exp(estimator.logDensity(Float64Array.of(value))),
      0,
    );
    expect(total).toBeCloseTo(1, 9);
  });

  it.each(FINITE)('draws $what as often as it says', ({ parameter, trials }) => {
    const estimator = estimatorOf(
      [parameter],
      trials.map((value) => [value]),
    );
    const random = randomStream('draws');
    const drawn = Array.from({ length: 4_000 }, () => estimator.draw(random)[0] ?? NaN);
    for (let level = 0; level < levelCount(parameter); level++) {
      const value = levelValue(parameter, level);
      const share = drawn.filter((other) => other === value).length / drawn.length;
      expect(Math.abs(share - Math.exp(estimator.logDensity(Float64Array.of(value))))).toBeLessThan(0.03);
    }
  });

  it('gives a continuous parameter a density whose integral is 1', () => {
    const parameter = double(1e-4, 1, { distribution: 'logUniform' });
    const estimator = estimatorOf([parameter], [[1e-3], [2e-3], [0.9]]);
    const steps = 2_000;
    let integral = 0;
    for (let step = 0; step < steps; step++) {
      const value = valueAt(parameter, (step + 0.5) / steps);
      integral += Math.exp(estimator.logDensity(Float64Array.of(value))) / steps / Math.sqrt(2 * Math.PI);
    }
    expect(integral).toBeCloseTo(1, 3);
  });

  it('sees what goes together', () => {
    const estimator = estimatorOf(
      [double(0, 1), double(0, 1)],
      Array.from({ length: 10 }, (_, index) => (index % 2 ? [0.1, 0.1] : [0.9, 0.9])),
    );
    expect(estimator.logDensity(Float64Array.of(0.1, 0.1))).toBeGreaterThan(
      estimator.logDensity(Float64Array.of(0.1, 0.9)) + 2,
    );
  });
});
