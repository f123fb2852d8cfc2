import { describe, expect, it } from 'vitest';
import { initialGaussian, updatedGaussian, type Gaussian } from '../../../algorithms/cma-es/gaussian.ts';
import {
  fullLearningRates,
  withAdaptedRates,
  type LearningRates,
} from '../../../algorithms/cma-es/learning-rates.ts';
import { strategyParameters } from '../../../algorithms/cma-es/strategy-parameters.ts';
import { normalQuantile } from '../../../algorithms/normal.ts';
import { randomStream } from '../../../core/random.ts';

const N = 5;

/** A search of so many generations, with rates that adapt themselves. */
function searched(
  cost: (x: Float64Array, noise: number) => number,
  generations: number,
  isSeparable: boolean,
): { gaussian: Gaussian; rates: LearningRates } {
  const random = randomStream('rates');
  const parameters = strategyParameters(N, 8, isSeparable);
  const weights = {
    mean: parameters.weights.map((weight) => Math.max(0, weight)),
    covariance: parameters.weights,
  };
  let gaussian = initialGaussian(new Float64Array(N).fill(1), 0.3, isSeparable);
  let rates = fullLearningRates(gaussian);
  for (let generation = 0; generation < generations; generation++) {
    const { mean, sigma, covariance } = gaussian;
    const steps = Array.from({ length: 8 }, () => {
      const step = covariance.coloured(Float64Array.from({ length: N }, () => normalQuantile(random.next())));
      return {
        step,
        value: cost(
          mean.map((m, k) => m + sigma * (step[k] ?? 0)),
          random.next(),
        ),
      };
    })
      .sort((left, right) => left.value - right.value)
      .map(({ step }) => step);
    const updated = updatedGaussian(gaussian, parameters, steps, weights);
    ({ gaussian, rates } = withAdaptedRates(gaussian, updated, rates));
  }
  return { gaussian, rates };
}

const sphere = (x: Float64Array): number => x.reduce((sum, value) => sum + value * value, 0);

describe.each([false, true])('learning rates that adapt themselves (separable: %s)', (isSeparable) => {
  it('do not hold a search up where the ranks tell much', () => {
    const { gaussian, rates } = searched((x) => sphere(x), 60, isSeparable);
    expect(rates.mean.rate).toBeGreaterThan(0.1);
    expect(sphere(gaussian.mean)).toBeLessThan(0.01);
  });

  it('go down where ranks are noise, far below what they are elsewhere', () => {
    const { rates } = searched((_, noise) => noise, 200, isSeparable);
    expect(rates.mean.rate).toBeLessThan(0.08);
    expect(rates.covariance.rate).toBeLessThan(0.08);
  });

  it('let a step be as it is where all steps agree', () => {
    const parameters = strategyParameters(N, 8, isSeparable);
    const weights = {
      mean: parameters.weights.map((weight) => Math.max(0, weight)),
      covariance: parameters.weights,
    };
    const random = randomStream('first');
    const from = initialGaussian(new Float64Array(N), 0.3, isSeparable);
    const steps = Array.from({ length: 8 }, () =>
      Float64Array.from({ length: N }, () => random.next() - 0.4),
    );
    const to = updatedGaussian(from, parameters, steps, weights);
    const first = fullLearningRates(from);
    const certain = {
      mean: { ...first.mean, average: to.mean.map((value) => (10 * value) / 0.3), square: 0 },
      covariance: first.covariance,
    };
    const { gaussian, rates } = withAdaptedRates(from, to, certain);
    expect(rates.mean.rate).toBe(1);
    gaussian.mean.forEach((value, k) => expect(value).toBeCloseTo(to.mean[k] ?? NaN, 12));
  });
});
