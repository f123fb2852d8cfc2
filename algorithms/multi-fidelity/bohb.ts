import type { SearchAlgorithm } from '../search-algorithm.ts';
import { RANDOM_STATE } from '../settings.ts';
import type { TpeSettings } from '../tpe/tpe-settings.ts';
import { tpeProposal } from '../tpe/tpe.ts';
import { hyperbandSchedule } from './hyperband-schedule.ts';
import { highestRung } from './lessons.ts';
import { readResource, RESOURCE_SETTINGS, unsuitableResource } from './resource.ts';
import { modelSampler } from './rung-models.ts';
import { configurationProblem, rungSearcher } from './rung-search.ts';

/** The paper's constants. */
const CANDIDATES = 64;
const GOOD_SHARE = 0.15;
const RANDOM_SHARE = 1 / 3;
const BANDWIDTH_FACTOR = 3;

/**
 * Hyperband whose new configurations come from Parzen estimators, learnt at the highest rung that has enough results; a third of
 * them stays random. The bandwidths are those of `multivariate-tpe`, which follow the trials' distances, not the normal reference rule.
 *
 * S. Falkner, A. Klein, F. Hutter, "BOHB: robust and efficient hyperparameter optimization at scale", ICML 2018.
 */
export const bohbSearch: SearchAlgorithm = {
  name: 'bohb',
  summary:
    'Hyperband with a model: new trials come from Parzen estimators of the highest rung with enough results.',
  settings: [...RESOURCE_SETTINGS, RANDOM_STATE],
  labelsTrials: true,
  unsupported: unsuitableResource,
  create(problem, settings, random) {
    const resource = readResource(problem, settings);
    const configurations = configurationProblem(problem, resource);
    const least = configurations.parameters.length + 1;
    const estimators: TpeSettings = {
      startupTrials: least + 2,
      candidateCount: CANDIDATES,
      priorWeight: 1,
      spread: BANDWIDTH_FACTOR,
      goodCount: (finished) => Math.max(least, Math.ceil(GOOD_SHARE * finished)),
    };
    const sampler = modelSampler(
      configurations,
      (losses, stream) => tpeProposal(losses, estimators, stream, (axes) => [axes]),
      highestRung(least + 2),
      RANDOM_SHARE,
      random,
    );
    return rungSearcher(problem, resource, hyperbandSchedule(resource), sampler);
  },
};
