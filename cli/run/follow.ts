import { sleep, type Clock } from '../../core/clock.ts';
import { EXPERIMENT_LABEL } from '../../core/labels.ts';
import { silentLogger } from '../../core/logger.ts';
import type { Experiment } from '../../core/experiment.ts';
import { isTerminal, trialState, type StoredTrial, type Trial } from '../../core/trial.ts';
import type { ObservationStore } from '../../db/observation-store.ts';
import type { KubeClient } from '../../kube/client.ts';
import { ListWatchCache } from '../../kube/list-watch-cache.ts';
import { EXPERIMENTS, TRIALS } from '../../kube/resource.ts';
import type { Progress } from '../progress/progress.ts';
import { byTrialIndex, isFinished, summarizeExperiment, summarizeTrial } from '../../experiments/summary.ts';
import { liveTrials } from './live-trials.ts';
import { createOutsideChanges, type OutsideChanges } from './outside-changes.ts';
import { wakeUp } from './wake-up.ts';
import { tellWarnings } from './warnings.ts';

/** Changes come in bursts; this long is waited for more before they are shown. */
const GATHER_MS = 100;
const LIVE_REFRESH_MS = 1000;

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
 * Shows the experiments until all are finished or deleted and none of their trials runs any more, or until the signal. Trials that
 * had ended before are not reported again.
 *
 * @returns true when all are finished, false when the signal came first.
 */
export async function followExperiments(options: FollowOptions): Promise<boolean> {
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const { client, clock, progress } = options;
  const common = { client, clock, logger: silentLogger };
  const experiments = new ListWatchCache({ ...common, resource: EXPERIMENTS });
  const trials = new ListWatchCache({
    ...common,
    resource: TRIALS,
    indexes: { experiment: experimentKeyOf },
  });
  const running = [
    experiments.run(signal),
    trials.run(signal),
    tellWarnings({ client, clock, signal, tell: (line) => progress.note(line) }),
  ];
  try {
    await Promise.race([Promise.all([experiments.synced(), trials.synced()]), aborted(options.signal)]);
    return await showUntilFinished({ ...options, experiments, trials });
  } finally {
    stop.abort();
    await Promise.allSettled(running);
  }
}

interface Followed extends FollowOptions {
  experiments: ListWatchCache<Experiment>;
  trials: ListWatchCache<Trial>;
}

async function showUntilFinished(followed: Followed): Promise<boolean> {
  const { experiments, trials, keys, signal, clock } = followed;
  const reported = new Set(
    trials
      .list()
      .filter(hasEnded)
      .map(({ metadata }) => metadata.uid),
  );
  const change = wakeUp(clock);
  experiments.onChange(change.call);
  trials.onChange(change.call);
  signal.addEventListener('abort', change.call, { once: true });

  const outside = createOutsideChanges((line) => followed.progress.note(line));
  while (!signal.aborted) {
    tellOutsideChanges(followed, outside);
    await showAll(followed, reported);
    if (keys.every((key) => isSettled(followed, key))) return true;
    await change.sleep(LIVE_REFRESH_MS);
    await sleep(clock, GATHER_MS);
  }
  return false;
}

function tellOutsideChanges({ keys, experiments }: Followed, outside: OutsideChanges): void {
  for (const key of keys) outside.look(key, experiments.get(key));
}

async function showAll(
  { progress, observations, ...followed }: Followed,
  reported: Set<string>,
): Promise<void> {
  for (const key of followed.keys) {
    const experiment = followed.experiments.get(key);
    if (!experiment) continue;
    const summary = summarizeExperiment(experiment);
    const trials = followed.trials.byIndex('experiment', key);
    const ended = trials.filter(hasEnded);
    const fresh = ended.filter(({ metadata }) => !reported.has(metadata.uid));
    const placeOfFirst = ended.length - fresh.length + 1;
    for (const [index, trial] of fresh.sort(byIndex).entries()) {
      reported.add(trial.metadata.uid);
      progress.trialFinished(summary, summarizeTrial(trial), placeOfFirst + index);
    }
    const live = progress.showsLiveTrials ? await liveTrials(observations, experiment, trials) : [];
    progress.update(summary, live);
  }
}

function isSettled({ experiments, trials }: Followed, key: string): boolean {
  const experiment = experiments.get(key);
  if (!experiment) return true;
  const summary = summarizeExperiment(experiment);
  const quiet = summary.counts.running === 0 && trials.byIndex('experiment', key).every(hasEnded);
  return isFinished(summary) && quiet;
}

function byIndex(left: StoredTrial, right: StoredTrial): number {
  return byTrialIndex(left.metadata, right.metadata);
}

function hasEnded(trial: StoredTrial): boolean {
  return isTerminal(trialState(trial));
}

function experimentKeyOf({ metadata }: StoredTrial): string[] {
  const name = metadata.labels?.[EXPERIMENT_LABEL];
  return name === undefined ? [] : [`${metadata.namespace ?? 'default'}/${name}`];
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
