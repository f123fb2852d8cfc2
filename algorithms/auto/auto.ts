import { cmaEsSearch } from '../cma-es/cma-es.ts';
import { bayesianSearch } from '../gaussian-process/bayesian-optimization.ts';
import { randomSearch } from '../random.ts';
import type { SearchAlgorithm, Searcher } from '../search-algorithm.ts';
import { RANDOM_STATE } from '../settings.ts';
import { multivariateTpeSearch } from '../tpe/tpe.ts';
import { chooseAlgorithm, type AutoChoice } from './choose-algorithm.ts';

const CHOSEN: Readonly<Record<AutoChoice['algorithmName'], SearchAlgorithm>> = {
  random: randomSearch,
  bayesianoptimization: bayesianSearch,
  'multivariate-tpe': multivariateTpeSearch,
  cmaes: cmaEsSearch,
};

/**
 * Leaves each request to the algorithm that the rule of `chooseAlgorithm` names. All of them learn from all trials, whoever
 * suggested them, so that nothing is lost by changing over.
 */
export const autoSearch: SearchAlgorithm = {
  name: 'auto',
  summary: 'Chooses the algorithm for each request by the number of trials, the parameters and their types.',
  settings: [RANDOM_STATE],
  unsupported: () => [],
  create(problem, _settings, random) {
    const searchers = new Map<string, Searcher>();
    const searcherOf = (name: AutoChoice['algorithmName']): Searcher => {
      const known = searchers.get(name) ?? CHOSEN[name].create(problem, {}, random.fork(name));
      searchers.set(name, known);
      return known;
    };
    return {
      choice: (history, firstIndex) => chooseAlgorithm({ problem, trials: history.size, firstIndex }),
      suggest(history, firstIndex, count) {
        const { algorithmName } = chooseAlgorithm({ problem, trials: history.size, firstIndex });
        return searcherOf(algorithmName).suggest(history, firstIndex, count);
      },
    };
  },
};
