import { describe, expect, it } from 'vitest';
import { bayesianSearch } from '../../../algorithms/gaussian-process/bayesian-optimization.ts';
import { BAYESIAN_SETTINGS, initialPoints } from '../../../algorithms/gaussian-process/bayesian-settings.ts';
import type { Searcher } from '../../../algorithms/search-algorithm.ts';
import { HISTORY_STATE, TrialHistory } from '../../../algorithms/trial-history.ts';
import { randomStream } from '../../../core/random.ts';
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

  it('fits anew to another history, though it has the same results', () => {
    const problem = problemOf(double(0, 1), double(0, 1));
    const historyOf = (seed: string): TrialHistory => {
      const random = randomStream(seed);
      const history = new TrialHistory(2);
      for (let row = 0; row < 12; row++) {
        history.add(Float64Array.of(random.next(), random.next()));
        history.set(row, HISTORY_STATE.succeeded, Math.sin(row));
      }
      return history;
    };
    const create = (): Searcher => bayesianSearch.create(problem, {}, randomStream('s'));
    const used = create();
    used.suggest(historyOf('one'), 12, 1);
    expect(used.suggest(historyOf('other'), 12, 1)).toEqual(create().suggest(historyOf('other'), 12, 1));
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
