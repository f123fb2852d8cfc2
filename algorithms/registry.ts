import { cmaEsSearch } from './cma-es/cma-es.ts';
import { autoSearch } from './auto/auto.ts';
import { bayesianSearch } from './gaussian-process/bayesian-optimization.ts';
import { gridSearch } from './grid.ts';
import { ashaSearch } from './multi-fidelity/asha.ts';
import { bohbSearch } from './multi-fidelity/bohb.ts';
import { hyperbandSearch } from './multi-fidelity/hyperband.ts';
import { pbtSearch } from './population/pbt.ts';
import { randomSearch } from './random.ts';
import type { SearchAlgorithm } from './search-algorithm.ts';
import { sobolSearch } from './sobol.ts';
import { multivariateTpeSearch, tpeSearch } from './tpe/tpe.ts';

/** Every search algorithm, in the order in which documentation lists them. */
export const SEARCH_ALGORITHMS: readonly SearchAlgorithm[] = [
  autoSearch,
  randomSearch,
  gridSearch,
  sobolSearch,
  tpeSearch,
  multivariateTpeSearch,
  bayesianSearch,
  cmaEsSearch,
  hyperbandSearch,
  ashaSearch,
  bohbSearch,
  pbtSearch,
];

/** The algorithm of that `algorithmName`; undefined where there is none. */
export function searchAlgorithm(name: string): SearchAlgorithm | undefined {
  return SEARCH_ALGORITHMS.find((algorithm) => algorithm.name === name);
}
