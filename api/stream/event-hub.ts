import type { Experiment } from '../../core/experiment.ts';
import { objectKey } from '../../core/kubernetes-object.ts';
import { EXPERIMENT_LABEL } from '../../core/labels.ts';
import type { Observation } from '../../core/observation.ts';
import type { Trial } from '../../core/trial.ts';
import { ListWatchCache } from '../../kube/list-watch-cache.ts';
import type { CacheChange } from '../../kube/object-cache.ts';
import { EXPERIMENTS } from '../../kube/resource.ts';
import { experimentView } from '../experiments/experiment-view.ts';
import { jsonNumber } from '../json-number.ts';
import type { RestOptions } from '../rest-options.ts';
import type { TrialIndex } from '../trials/trial-index.ts';
import { trialView } from '../trials/trial-view.ts';
import { createCoalescer } from './coalescer.ts';
import { createEventLog, type EventLog, type StreamEvent } from './event-log.ts';
import type { ReportedBatch } from '../../db/observation-feed.ts';

/** Each object is told at most four times a second. */
const INTERVAL_MS = 250;

/** One watch of everything, however many readers there are. */
export interface EventHub {
  readonly log: EventLog;
  /** Begins to watch when it is first called; resolves when every change from then on is told. */
  start(): Promise<void>;
}

export function createEventHub(options: RestOptions, trials: TrialIndex, closing: AbortSignal): EventHub {
  const log = createEventLog();
  const { client, clock, logger, feed } = options;
  const coalescer = createCoalescer<Draft>(clock, INTERVAL_MS, (draft) => log.append(written(draft)));
  const start = async (): Promise<void> => {
    const experiments = new ListWatchCache<Experiment>({ client, clock, logger, resource: EXPERIMENTS });
    void experiments.run(closing);
    await Promise.all([
      experiments.synced(),
      trials.follow((change) => coalescer.put(`trial ${objectKey(change.object)}`, { trial: change })),
    ]);
    experiments.onChange((change) => {
      coalescer.put(`experiment ${objectKey(change.object)}`, { experiment: change });
    });
    const unsubscribe = feed.subscribe((batch) => {
      const draft = observationDraft(batch, trials);
      if (draft) coalescer.put(`observations ${batch.trialUid}`, draft, mergeObservations);
    });
    closing.addEventListener('abort', () => {
      unsubscribe();
      coalescer.close();
    });
  };
  let started: Promise<void> | undefined;
  return { log, start: () => (started ??= start()) };
}

/** What waits to be told; written out only then. */
type Draft = { experiment: CacheChange<Experiment> } | { trial: CacheChange<Trial> } | ObservationDraft;

interface ObservationDraft {
  namespace: string;
  experimentName: string;
  trialName: string;
  /** The newest of each metric. */
  latest: ReadonlyMap<string, Observation>;
}

function observationDraft(
  { trialUid, observations }: ReportedBatch,
  trials: TrialIndex,
): ObservationDraft | undefined {
  const trial = trials.byUid(trialUid);
  if (!trial) return undefined;
  const { name, namespace = 'default', labels } = trial.metadata;
  const latest = new Map(observations.map((observation) => [observation.metric, observation]));
  return { namespace, experimentName: labels?.[EXPERIMENT_LABEL] ?? '', trialName: name, latest };
}

function mergeObservations(waiting: Draft, draft: Draft): Draft {
  if (!('latest' in waiting) || !('latest' in draft)) return draft;
  return { ...draft, latest: new Map([...waiting.latest, ...draft.latest]) };
}

const KINDS = { added: 'changed', changed: 'changed', removed: 'deleted' } as const;

function written(draft: Draft): StreamEvent {
  if ('experiment' in draft) {
    const { type, object } = draft.experiment;
    const view = experimentView(object);
    const data = JSON.stringify({ change: KINDS[type], experiment: view });
    return { type: 'experiment', namespace: view.namespace, experiment: view.name, data };
  }
  if ('trial' in draft) {
    const { type, object } = draft.trial;
    const view = trialView(object);
    const data = JSON.stringify({ change: KINDS[type], trial: view });
    return { type: 'trial', namespace: view.namespace, experiment: view.experiment, data };
  }
  const { namespace, experimentName, trialName, latest } = draft;
  const metrics = [...latest.values()].map(({ metric, value, step, timeMs }) => ({
    metric,
    value: jsonNumber(value),
    step,
    time: new Date(timeMs).toISOString(),
  }));
  const data = JSON.stringify({ namespace, experiment: experimentName, trial: trialName, metrics });
  return { type: 'observations', namespace, experiment: experimentName, data };
}
