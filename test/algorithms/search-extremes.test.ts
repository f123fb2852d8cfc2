import { describe } from 'vitest';
import { SEARCH_ALGORITHMS } from '../../algorithms/registry.ts';
import { searchExtremesContract } from '../contract/search-extremes.ts';

// Those that label their trials have a contract of their own.
const plain = SEARCH_ALGORITHMS.filter(({ labelsTrials }) => !labelsTrials);

describe.each(plain.map((algorithm) => ({ name: algorithm.name, algorithm })))('$name', ({ algorithm }) =>
  searchExtremesContract(algorithm),
);
