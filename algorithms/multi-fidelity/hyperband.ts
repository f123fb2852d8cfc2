import type { SearchAlgorithm } from '../search-algorithm.ts';
import { RANDOM_STATE } from '../settings.ts';
import { hyperbandSchedule } from './hyperband-schedule.ts';
import { readResource, RESOURCE_SETTINGS, unsuitableResource } from './resource.ts';
import { randomSampler } from './rung-models.ts';
import { configurationProblem, rungSearcher } from './rung-search.ts';

/**
 * Many configurations with a little of the resource, the best 1/eta of them with eta times as much, and so on; brackets differ in
 * how many they begin with.
 *
 * L. Li et al., "Hyperband: a novel bandit-based approach to hyperparameter optimization", JMLR 18 (2018).
 */
export const hyperbandSearch: SearchAlgorithm = {
  name: 'hyperband',
  summary: 'Hyperband: many trials with a little training, the best of them with more, in brackets.',
  settings: [...RESOURCE_SETTINGS, RANDOM_STATE],
  labelsTrials: true,
  unsupported: unsuitableResource,
  create(problem, settings, random) {
    const resource = readResource(problem, settings);
    const sampler = randomSampler(configurationProblem(problem, resource), random);
    return rungSearcher(problem, resource, hyperbandSchedule(resource), sampler);
  },
};
