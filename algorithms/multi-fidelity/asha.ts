import type { SearchProblem } from '../../core/search-space.ts';
import { bayesianProposal } from '../gaussian-process/bayesian-optimization.ts';
import type { SearchAlgorithm, Settings, SettingSpec } from '../search-algorithm.ts';
import { RANDOM_STATE } from '../settings.ts';
import { readTpeSettings } from '../tpe/tpe-settings.ts';
import { tpeProposal } from '../tpe/tpe.ts';
import { ashaSchedule } from './asha-schedule.ts';
import { foretold, highestRungWith } from './lessons.ts';
import { readResource, RESOURCE_SETTINGS, unsuitableResource, type Resource } from './resource.ts';
import { modelSampler, randomSampler, type LossModel } from './rung-models.ts';
import { configurationProblem, rungSearcher } from './rung-search.ts';

const SAMPLERS = ['gp', 'tpe', 'random'];
/** A process of its own explores; estimators do not look where no trial was good. */
const RANDOM_SHARES: Readonly<Record<string, number>> = { gp: 0, tpe: 1 / 3 };

const SAMPLER: SettingSpec = {
  name: 'sampler',
  description:
    'Where new configurations come from: a Gaussian process (gp), Parzen estimators (tpe), or random draws (random).',
  defaultValue: 'gp',
  check: (text) => (SAMPLERS.includes(text) ? undefined : `It must be one of ${SAMPLERS.join(', ')}.`),
};

/**
 * Asynchronous successive halving with promotion: each worker that is free lets the best trial go on that has earned it, or begins
 * a new one. With a model, new configurations come from what it learns of all trials, and begin one rung below the
 * highest of which it has enough results: what the lower rungs would sort out, the model does not propose.
 *
 * L. Li et al., "A system for massively parallel hyperparameter tuning", MLSys 2020; for models, A. Klein et al., "Model-based
 * asynchronous hyperparameter and neural architecture search" (2020).
 */
export const ashaSearch: SearchAlgorithm = {
  name: 'asha',
  summary:
    'Asynchronous successive halving: the best trials of each rung go on as soon as they have earned it.',
  settings: [...RESOURCE_SETTINGS, SAMPLER, RANDOM_STATE],
  labelsTrials: true,
  unsupported: unsuitableResource,
  create(problem, settings, random) {
    const resource = readResource(problem, settings);
    const sampler = settings[SAMPLER.name] ?? SAMPLER.defaultValue ?? '';
    return sampler === 'random'
      ? rungSearcher(
          problem,
          resource,
          ashaSchedule(resource),
          randomSampler(configurationProblem(problem, resource), random),
        )
      : informedSearcher(problem, resource, sampler, random);
  },
};

function informedSearcher(
  problem: SearchProblem,
  resource: Resource,
  sampler: string,
  random: Parameters<SearchAlgorithm['create']>[2],
): ReturnType<SearchAlgorithm['create']> {
  const configurations = configurationProblem(problem, resource);
  const enough = configurations.parameters.length + 3;
  const model = modelSampler(
    configurations,
    sampler === 'gp' ? processModel(enough) : estimatorModel({}),
    foretold,
    RANDOM_SHARES[sampler] ?? 0,
    random,
  );
  const schedule = ashaSchedule(resource, ({ trials }, index) => {
    if (model.isRandom(index)) return 0;
    const withResult = trials.filter(({ loss }) => loss < Infinity);
    return Math.max(0, highestRungWith(withResult, enough) - 1);
  });
  return rungSearcher(problem, resource, schedule, model);
}

function processModel(enough: number): LossModel {
  return (losses, random) => bayesianProposal(losses, enough, random);
}

function estimatorModel(settings: Settings): LossModel {
  return (losses, random) => tpeProposal(losses, readTpeSettings(settings), random, (axes) => [axes]);
}
