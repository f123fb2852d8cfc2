import { describe, expect, it } from 'vitest';
import { bayesianSearch } from '../../../algorithms/gaussian-process/bayesian-optimization.ts';
import { BAYESIAN_SETTINGS, initialPoints } from '../../../algorithms/gaussian-process/bayesian-settings.ts';
import { problemOf, double } from '../spaces.ts';
import { informedSearchContract, search } from '../../contract/informed-search.ts';

describe('Bayesian optimization', () => {
  informedSearchContract(bayesianSearch, { trials: 30, seeds: 3 });

  it('comes within a millionth of the depth of a bowl in 30 trials', () => {
    const problem = problemOf(double(-3, 5), double(-3, 5));
    const bowl = ([x = 0, y = 0]: ArrayLike<number> & Iterable<number>): number =>
      (x - 1.2) ** 2 + 3 * (y + 0.7) ** 2;
    const points = search({ algorithm: bayesianSearch, problem, objective: bowl, trials: 30 });
    expect(Math.min(...points.map(bowl))).toBeLessThan(1e-6 * 300);
  });

  it.each([
    [2, 8],
    [10, 12],
    [40, 16],
  ])('of %i parameters begins with %i trials', (parameters, trials) =>
    expect(initialPoints({}, parameters)).toBe(trials),
  );

  it.each([
    ['acq_func', 'gp_hedge', true],
    ['acq_func', 'UCB', false],
    ['base_estimator', 'RF', false],
    ['n_initial_points', '-1', false],
  ])('takes the setting %s = %s: %s', (name, text, isTaken) => {
    const setting = BAYESIAN_SETTINGS.find((one) => one.name === name);
    expect(setting?.check(text) === undefined).toBe(isTaken);
  });
});
