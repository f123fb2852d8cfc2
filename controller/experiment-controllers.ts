import type { Clock } from '../core/clock.ts';
import { UNLIMITED_SPACE, type DiskSpace } from '../core/disk-space.ts';
import { errorMessage } from '../core/errors.ts';
import { objectKey, type KubeObject } from '../core/kubernetes-object.ts';
import { TRIAL_LABEL } from '../core/labels.ts';
import type { Logger } from '../core/logger.ts';
import type { AlgorithmCatalog } from '../core/validation/algorithm-catalog.ts';
import type { ObservationFeed } from '../db/observation-feed.ts';
import type { ObservationStore } from '../db/observation-store.ts';
import { isApiError } from '../kube/api-error.ts';
import type { KubeClient } from '../kube/client.ts';
import { Controller, controllerKey } from '../kube/controller.ts';
import { EventRecorder } from '../kube/event-recorder.ts';
import { ListWatchCache, type ListWatchCacheOptions } from '../kube/list-watch-cache.ts';
import {
  EXPERIMENTS,
  JOBS,
  PODS,
  PYTORCHJOBS,
  SUGGESTIONS,
  TFJOBS,
  TFJOBS_V1BETA2,
  TRIALS,
  type ResourceType,
} from '../kube/resource.ts';
import type { SuggestionService } from '../suggestion/suggestion-service.ts';
import { activeTrialIndexes } from './early-stopping/active-trials.ts';
import { createEarlyStoppingController } from './early-stopping/early-stopping-controller.ts';
import { createExperimentReconciler } from './experiment/reconcile.ts';
import { createTrialKeeper } from './kept-trial.ts';
import { trialIndexes } from './owned-trials.ts';
import { createSuggestionReconciler } from './suggestion/reconcile.ts';
import { podIndexes } from './trial/context.ts';
import { createTrialReconciler } from './trial/reconcile.ts';
import {
  answerChanged,
  experimentChanged,
  searchMayChange,
  specChanged,
  tallyMayChange,
  trialEnded,
  trialsCameOrWent,
  waitsForResults,
} from './triggers.ts';

export interface ExperimentControllersOptions {
  client: KubeClient;
  observations: ObservationStore;
  /** What trials report, as it is stored. Absent: no trial is stopped early. */
  feed?: ObservationFeed;
  suggestions: SuggestionService;
  /** What algorithms there are, for the check of experiments that no admission has seen. */
  catalog: AlgorithmCatalog;
  /** Whether there is room for what trials write; always, where absent. */
  space?: DiskSpace;
  clock: Clock;
  logger: Logger;
  /** Only this namespace; absent means all. */
  namespace?: string;
  /** Kinds of jobs that trials may run; those that the API does not serve are left out. */
  jobResources?: readonly ResourceType[];
}

const JOB_RESOURCES: readonly ResourceType[] = [JOBS, TFJOBS, TFJOBS_V1BETA2, PYTORCHJOBS];

const EXPERIMENT_WORKERS = 2;
const SUGGESTION_WORKERS = 4;
const TRIAL_WORKERS = 8;

/** The controllers of Experiments, Suggestions and Trials, with the caches they share. */
export function createExperimentControllers(options: ExperimentControllersOptions): {
  /** Runs until aborted; resolves when everything has stopped. Rejects where the API cannot be reached at first. */
  run(signal: AbortSignal): Promise<void>;
} {
  return {
    async run(signal) {
      const jobResources = await servedResources(options);
      if (signal.aborted) return;
      const parts = assemble(options, jobResources);
      await Promise.all(parts.map((part) => part.run(signal)));
    },
  };
}

interface Part {
  run(signal: AbortSignal): Promise<void>;
}

function assemble(options: ExperimentControllersOptions, jobResources: readonly ResourceType[]): Part[] {
  const { client, clock, logger, catalog, observations, suggestions: service } = options;
  const { space = UNLIMITED_SPACE } = options;
  const experiments = cacheOf(options, { resource: EXPERIMENTS });
  const suggestions = cacheOf(options, { resource: SUGGESTIONS });
  const trialsIndexes = { ...trialIndexes, ...activeTrialIndexes };
  const trials = cacheOf(options, { resource: TRIALS, indexes: trialsIndexes, keep: createTrialKeeper() });
  const pods = cacheOf(options, { resource: PODS, labelSelector: TRIAL_LABEL, indexes: podIndexes });
  const jobs = jobResources.map((resource) => cacheOf(options, { resource }));
  const recorder = (component: string): EventRecorder =>
    new EventRecorder({ client, component, clock, logger });

  const shared = { client, experiments, suggestions, trials, clock };
  const experimentController = new Controller({
    name: 'experiment',
    reconcile: createExperimentReconciler({
      ...shared,
      catalog,
      space,
      events: recorder('experiment-controller'),
    }),
    workers: EXPERIMENT_WORKERS,
    clock,
    logger,
  })
    .triggerBy(experiments, ownKey, experimentChanged)
    .triggerBy(suggestions, (suggestion) => controllerKey('Experiment', suggestion), answerChanged)
    .triggerBy(trials, (trial) => controllerKey('Experiment', trial), tallyMayChange);
  space.onChange(() => {
    for (const experiment of experiments.list()) experimentController.enqueue(objectKey(experiment));
  });
  const suggestionController = new Controller({
    name: 'suggestion',
    reconcile: createSuggestionReconciler({ ...shared, service, events: recorder('suggestion-controller') }),
    workers: SUGGESTION_WORKERS,
    clock,
    logger,
  })
    .triggerBy(suggestions, ownKey, specChanged)
    // A suggestion has the name of its experiment, and its assignments are taken up by the experiment's trials.
    .triggerBy(experiments, ownKey, searchMayChange)
    .triggerBy(
      trials,
      (trial) => controllerKey('Experiment', trial),
      (change) => {
        const [key = ''] = controllerKey('Experiment', change.object);
        return trialsCameOrWent(change) || (trialEnded(change) && waitsForResults(suggestions.get(key)));
      },
    );
  const trialContext = {
    client,
    trials,
    jobs,
    pods,
    observations,
    events: recorder('trial-controller'),
    clock,
  };
  const trialController = new Controller({
    name: 'trial',
    reconcile: createTrialReconciler(trialContext),
    workers: TRIAL_WORKERS,
    clock,
    logger,
  }).triggerBy(trials, ownKey);
  for (const cache of jobs) trialController.triggerBy(cache, (job) => controllerKey('Trial', job));
  const stoppingContext = { ...trialContext, experiments, logger, events: recorder('early-stopping') };
  return [
    experiments,
    suggestions,
    trials,
    pods,
    ...jobs,
    experimentController,
    suggestionController,
    trialController,
    ...(options.feed ? [createEarlyStoppingController(stoppingContext, options.feed)] : []),
  ];
}

function ownKey(object: KubeObject): string[] {
  return [objectKey(object)];
}

function cacheOf<T extends KubeObject>(
  { client, clock, logger, namespace }: ExperimentControllersOptions,
  what: Pick<ListWatchCacheOptions<T>, 'resource' | 'labelSelector' | 'indexes' | 'keep'>,
): ListWatchCache<T> {
  return new ListWatchCache<T>({ client, clock, logger, namespace, ...what });
}

/** A kind whose definition is not installed would keep its cache, and with it the controllers, from ever starting. */
async function servedResources(options: ExperimentControllersOptions): Promise<ResourceType[]> {
  const { client, logger, namespace, jobResources = JOB_RESOURCES } = options;
  const served: ResourceType[] = [];
  for (const resource of jobResources) {
    try {
      await client.list(resource, { namespace, limit: 1 });
      served.push(resource);
    } catch (error) {
      if (!isApiError(error, 'NotFound', 'MethodNotAllowed')) throw error;
      const { apiVersion, kind } = resource;
      logger.info('job kind is not served here, trials cannot use it', {
        apiVersion,
        kind,
        error: errorMessage(error),
      });
    }
  }
  return served;
}
