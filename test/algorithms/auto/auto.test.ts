import { describe, expect, it } from 'vitest';
import { autoSearch } from '../../../algorithms/auto/auto.ts';
import { chooseAlgorithm } from '../../../algorithms/auto/choose-algorithm.ts';
import { bayesianSearch } from '../../../algorithms/gaussian-process/bayesian-optimization.ts';
import { TrialHistory } from '../../../algorithms/trial-history.ts';
import { randomStream } from '../../../core/random.ts';
import type { Parameter, SearchProblem } from '../../../core/search-space.ts';
import { categorical, double, int, problemOf } from '../spaces.ts';

const MIXED = problemOf(double(0, 1), int(1, 20), categorical('a', 'b'));
const many = (count: number): Parameter[] => Array.from({ length: count }, () => double(0, 1));
const withBudget = (problem: SearchProblem, maxTrials: number | null, parallelTrials = 1): SearchProblem => ({
  ...problem,
  maxTrials,
  parallelTrials,
});

describe('the automatic choice', () => {
  it.each([
    ['a model while trials are few', MIXED, 40, 40, 'bayesianoptimization'],
    ['a model in fifty dimensions too', problemOf(...many(50)), 10, 10, 'bayesianoptimization'],
    ['mostly the model beyond three hundred trials', MIXED, 301, 301, 'bayesianoptimization'],
    ['now and then densities beyond three hundred trials', MIXED, 304, 304, 'multivariate-tpe'],
    ['densities where there are categories and very many trials', MIXED, 5000, 5000, 'multivariate-tpe'],
    [
      'evolution where there are numbers only and very many trials',
      problemOf(...many(5)),
      5000,
      5000,
      'cmaes',
    ],
    ['evolution in many dimensions from the beginning', problemOf(...many(60)), 0, 0, 'cmaes'],
    [
      'densities where the budget is too small for evolution',
      withBudget(problemOf(...many(60)), 300),
      0,
      0,
      'multivariate-tpe',
    ],
    [
      'densities where too many trials run at a time for generations',
      withBudget(problemOf(...many(60)), null, 100),
      0,
      0,
      'multivariate-tpe',
    ],
    ['nothing clever where nothing can be chosen', problemOf(int(3, 3)), 0, 0, 'random'],
  ])('takes %s', (_, problem, trials, firstIndex, algorithmName) => {
    const choice = chooseAlgorithm({ problem, trials, firstIndex });
    expect(choice.algorithmName).toBe(algorithmName);
    expect(choice.reason).toMatch(/^[A-Z0-9].*\.$/);
  });
});

describe('the automatic search', () => {
  it('suggests what the chosen algorithm suggests', () => {
    const history = new TrialHistory(3);
    const random = randomStream('s');
    const searcher = autoSearch.create(MIXED, {}, random);
    const chosen = bayesianSearch.create(MIXED, {}, random.fork('bayesianoptimization'));
    expect(searcher.choice?.(history, 0)?.algorithmName).toBe('bayesianoptimization');
    expect(searcher.suggest(history, 0, 4)).toEqual(chosen.suggest(history, 0, 4));
  });
});
