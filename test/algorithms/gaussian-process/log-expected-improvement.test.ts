import { describe, expect, it } from 'vitest';
import { logExpectedImprovement } from '../../../algorithms/gaussian-process/log-expected-improvement.ts';
import { normalCdf } from '../../../algorithms/normal.ts';

const density = (z: number): number => Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);

describe('the logarithm of the expected improvement', () => {
  it.each([-4, -2, -1.01, -0.99, 0, 1, 6])('is that of the textbook at z = %d', (z) => {
    const [mean, variance] = [0.3, 0.04];
    const best = mean + z * 0.2;
    const expected = 0.2 * (density(z) + z * normalCdf(z));
    expect(logExpectedImprovement(best, mean, variance).value).toBeCloseTo(Math.log(expected), 6);
  });

  it('grows steadily where the expectation itself is far too small for a number', () => {
    const values = [-1e7, -1e6, -99_999, -1e4, -1e3, -100, -40, -10, -1].map(
      (z) => logExpectedImprovement(z, 0, 1).value,
    );
    expect(values.every(Number.isFinite)).toBe(true);
    expect(values).toEqual([...values].sort((left, right) => left - right));
  });

  it.each([-2e5, -300, -5, -1.2, -0.5, 0, 2])('has the slopes of its differences at z = %d', (z) => {
    const { byMean, byVariance } = logExpectedImprovement(z, 0, 1);
    const h = 1e-5;
    const at = (mean: number, variance: number): number => logExpectedImprovement(z, mean, variance).value;
    expect(byMean / ((at(h, 1) - at(-h, 1)) / (2 * h))).toBeCloseTo(1, 3);
    expect(byVariance / ((at(0, 1 + h) - at(0, 1 - h)) / (2 * h))).toBeCloseTo(1, 3);
  });
});
