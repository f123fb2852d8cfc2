import { describe, expect, it } from 'vitest';
import { SEARCH_ALGORITHMS, searchAlgorithm } from '../../algorithms/registry.ts';
import { searchAlgorithmContract } from '../contract/search-algorithm.ts';

/** A Gaussian process is fitted anew for each point. */
const COSTLY = ['auto', 'bayesianoptimization'];

// Those that label their trials have a contract of their own.
for (const algorithm of SEARCH_ALGORITHMS.filter(({ labelsTrials }) => !labelsTrials))
  searchAlgorithmContract(algorithm, {}, { finiteSpaces: COSTLY.includes(algorithm.name) ? 5 : 25 });

describe('the registry of search algorithms', () => {
  it('finds algorithms by name', () => {
    for (const algorithm of SEARCH_ALGORITHMS) expect(searchAlgorithm(algorithm.name)).toBe(algorithm);
    expect(searchAlgorithm('annealing')).toBeUndefined();
  });

  it('has a sentence about each', () => {
    for (const { summary } of SEARCH_ALGORITHMS) expect(summary).toMatch(/^[A-Z].*\.$/);
  });
});
