import type { Clock } from '../../core/clock.ts';
import { EXPERIMENT_LABEL } from '../../core/labels.ts';
import { silentLogger } from '../../core/logger.ts';
import type { Experiment, StoredExperiment } from '../../core/experiment.ts';
import { isTerminal, trialState, type StoredTrial, type Trial } from '../../core/trial.ts';
import type { ObservationStore } from '../../db/observation-store.ts';
import type { KubeClient } from '../../kube/client.ts';
import { ListWatchCache } from '../../kube/list-watch-cache.ts';
import { EXPERIMENTS, TRIALS } from '../../kube/resource.ts';
import type { LiveTrial, Progress } from '../progress/progress.ts';
import { byTrialIndex, isFinished, summarizeExperiment, summarizeTrial } from '../results/summary.ts';

/** Changes come in bursts; this long is waited for more before they are shown. */
const GATHER_MS = 100;
const LIVE_REFRESH_MS = 1000;
/** More running trials than this are counted, not named. */
const SHOWN_LIVE_TRIALS = 4;

export interface FollowOptions {
  client: KubeClient;
  observations: ObservationStore;
  /** `namespace/name` of the experiments to show. */
  keys: readonly string[];
  progress: Progress;
  clock: Clock;
  signal: AbortSignal;
}

/**
 * Shows the experiments until all are finished and none of their trials runs any more, or until the signal. Trials that
 * had ended before are not reported again.
 *
 * @returns true when all are finished, false when the signal came first.
 */
export async function followExperiments(options: FollowOptions): Promise<boolean> {
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const { client, clock } = options;
  const common = { client, clock, logger: silentLogger };
  const experiments = new ListWatchCache({ ...common, resource: EXPERIMENTS });
  const trials = new ListWatchCache({
    ...common,
    resource: TRIALS,
    indexes: { experiment: experimentKeyOf },
  });
  const caches = [experiments.run(signal), trials.run(signal)];
  try {
    await Promise.race([Promise.all([experiments.synced(), trials.synced()]), aborted(options.signal)]);
    return await showUntilFinished({ ...options, experiments, trials });
  } finally {
    stop.abort();
    await Promise.allSettled(caches);
  }
}

interface Followed extends FollowOptions {
  experiments: ListWatchCache<Experiment>;
  trials: ListWatchCache<Trial>;
}

async function showUntilFinished(followed: Followed): Promise<boolean> {
  const { experiments, trials, keys, signal } = followed;
  const reported = new Set(
    trials
      .list()
      .filter(hasEnded)
      .map(({ metadata }) => metadata.uid),
  );
  let wake: () => void = () => undefined;
  let changed = true;
  const noteChange = (): void => {
    changed = true;
    wake();
  };
  experiments.onChange(noteChange);
  trials.onChange(noteChange);
  signal.addEventListener('abort', noteChange, { once: true });

  for (;;) {
    if (signal.aborted) return false;
    changed = false;
    await showAll(followed, reported);
    if (keys.every((key) => isSettled(followed, key))) return true;
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- the listeners above set it meanwhile
    if (!changed) await pause(followed.clock, LIVE_REFRESH_MS, (resume) => (wake = resume));
    await pause(followed.clock, GATHER_MS, () => undefined);
  }
}

async function showAll(followed: Followed, reported: Set<string>): Promise<void> {
  for (const key of followed.keys) {
    const experiment = followed.experiments.get(key);
    if (!experiment) continue;
    const summary = summarizeExperiment(experiment);
    const trials = followed.trials.byIndex('experiment', key);
    for (const trial of newlyEnded(trials, reported))
      followed.progress.trialFinished(summary, summarizeTrial(trial));
    followed.progress.update(summary, await liveTrials(followed, experiment, trials));
  }
}

/** Trials that have ended and were not reported, in order of their end; they count as reported from now on. */
function newlyEnded(trials: readonly StoredTrial[], reported: Set<string>): StoredTrial[] {
  const ended = trials.filter((trial) => hasEnded(trial) && !reported.has(trial.metadata.uid));
  for (const { metadata } of ended) reported.add(metadata.uid);
  return ended.sort((left, right) => byTrialIndex(left.metadata, right.metadata));
}

async function liveTrials(
  { progress, observations }: Followed,
  experiment: StoredExperiment,
  trials: readonly StoredTrial[],
): Promise<LiveTrial[]> {
  if (!progress.showsLiveTrials) return [];
  const running = trials.filter((trial) => trialState(trial) === 'Running').slice(0, SHOWN_LIVE_TRIALS);
  return Promise.all(
    running.map(async ({ metadata }) => {
      const summaries = await observations.summaries(metadata.uid);
      const objective = summaries.find(
        ({ metric }) => metric === experiment.spec.objective.objectiveMetricName,
      );
      return { name: metadata.name, value: objective?.latest ?? null };
    }),
  );
}

function isSettled({ experiments, trials }: Followed, key: string): boolean {
  const experiment = experiments.get(key);
  if (!experiment) return true;
  const summary = summarizeExperiment(experiment);
  const quiet = summary.counts.running === 0 && trials.byIndex('experiment', key).every(hasEnded);
  return isFinished(summary) && quiet;
}

function hasEnded(trial: StoredTrial): boolean {
  return isTerminal(trialState(trial));
}

function experimentKeyOf({ metadata }: StoredTrial): string[] {
  const name = metadata.labels?.[EXPERIMENT_LABEL];
  return name === undefined ? [] : [`${metadata.namespace ?? 'default'}/${name}`];
}

/** Resolves after `ms`, or earlier when what is handed to `earlier` is called. */
function pause(clock: Clock, ms: number, earlier: (resume: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(ms, resolve);
    earlier(() => {
      cancel();
      resolve();
    });
  });
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
