import { describe } from 'vitest';
import { cmaEsSearch } from '../../../algorithms/cma-es/cma-es.ts';
import type { Settings } from '../../../algorithms/search-algorithm.ts';
import { searchAlgorithmContract } from '../../contract/search-algorithm.ts';

/** With the settings as they are where they are absent the contract is run for all algorithms together. */
const SETTINGS: Settings[] = [
  { restart_strategy: 'bipop', popsize: '4' },
  { use_separable_cma: 'true', lr_adapt: 'true' },
];

describe.each(SETTINGS)('CMA-ES with %o', (settings) => searchAlgorithmContract(cmaEsSearch, settings));
