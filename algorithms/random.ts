import { distinctPointSearcher, randomFreePoint } from './distinct-points.ts';
import type { SearchAlgorithm } from './search-algorithm.ts';
import { RANDOM_STATE } from './settings.ts';

/**
 * Independent draws from the parameters' distributions. The draw of a trial depends on the seed and the trial's index
 * alone, as long as it does not repeat an earlier point of a finite space.
 *
 * J. Bergstra and Y. Bengio, "Random search for hyper-parameter optimization", JMLR 13 (2012).
 */
export const randomSearch: SearchAlgorithm = {
  name: 'random',
  summary: 'Random search: independent draws from the distributions of the parameters.',
  settings: [RANDOM_STATE],
  unsupported: () => [],
  create: ({ parameters }, _settings, random) =>
    distinctPointSearcher(parameters, (index, isTaken) =>
      randomFreePoint(parameters, random.fork(index), isTaken),
    ),
};
