import { setImmediate } from 'node:timers/promises';
import { errorMessage, SpecError } from '../../core/errors.ts';
import type { Experiment, StoredExperiment } from '../../core/experiment.ts';
import { objectKey } from '../../core/kubernetes-object.ts';
import type { Logger } from '../../core/logger.ts';
import type { ObservationSource } from '../../core/observation.ts';
import type { StoredTrial } from '../../core/trial.ts';
import type { ReportedBatch } from '../../db/observation-feed.ts';
import { controllerKey, type Reconcile } from '../../kube/controller.ts';
import type { ObjectCache } from '../../kube/object-cache.ts';
import type { StoppingDecision } from '../../suggestion/early-stopping.ts';
import { isCompleted } from '../experiment/conditions.ts';
import { ownedTrials } from '../owned-trials.ts';
import type { TrialContext } from '../trial/context.ts';
import { activeTrial } from './active-trials.ts';
import { ExperimentCurves } from './experiment-curves.ts';
import { stopTrial } from './stop-trial.ts';

/** Trials that are read before others get their turn. */
const READ_AT_ONCE = 20;

export interface EarlyStoppingContext extends TrialContext {
  experiments: ObjectCache<Experiment>;
  logger: Logger;
}

/** Something that is new about a trial's curve: a batch, or that a source starts over. */
type News = { batch: ReportedBatch } | { discarded: ObservationSource };

/** What is known of one experiment. */
interface Watched {
  readonly experimentUid: string;
  /** Null where the early stopper cannot be used. */
  readonly curves: ExperimentCurves | null;
  /** Trials to be stopped, by uid, until that is done. */
  readonly stops: Map<string, StoppingDecision>;
  /** Trials that were stopped: what they report until they have ended does not count. */
  readonly stopped: Set<string>;
}

export interface EarlyStopping {
  /** Ends trials by what was noted since; the key is an experiment's. */
  readonly reconcile: Reconcile;
  /** Notes a batch. The key of the experiment to reconcile; undefined where nothing depends on it. */
  readonly reported: (batch: ReportedBatch) => string | undefined;
  /** Notes that the reports of a source have been forgotten. */
  readonly discarded: (source: ObservationSource) => string | undefined;
}

/**
 * Puts what trials report to the early stopper of their experiment and stops those that it says to. What it knows follows
 * from the store, so that a service that has just started goes on as one that has run for days; a decision that was not
 * written is made again, by the trial's last report.
 */
export function createEarlyStopping(context: EarlyStoppingContext): EarlyStopping {
  const { experiments, trials } = context;
  const news = new Map<string, News[]>();
  const watched = new Map<string, Watched>();

  const note = (trialUid: string, what: News): string | undefined => {
    const trial = activeTrial(trials, trialUid);
    const [key] = trial ? controllerKey('Experiment', trial) : [];
    if (key === undefined || experiments.get(key)?.spec.earlyStopping === undefined) return undefined;
    const waiting = news.get(key);
    if (waiting) waiting.push(what);
    else news.set(key, [what]);
    return key;
  };
  const take = (key: string): News[] => {
    const waiting = news.get(key) ?? [];
    news.delete(key);
    return waiting;
  };

  return {
    reported: (batch) => note(batch.trialUid, { batch }),
    discarded: (source) => note(source.trialUid, { discarded: source }),
    async reconcile(key) {
      const experiment = experiments.get(key);
      const before = watched.get(key);
      // Whatever goes wrong on the way: everything is read again then.
      watched.delete(key);
      const waiting = take(key);
      if (!experiment?.spec.earlyStopping || isCompleted(experiment.status?.conditions)) return undefined;
      const isKnown = before?.experimentUid === experiment.metadata.uid;
      const current = isKnown ? before : await begin(context, experiment);
      // What was waiting when the reading began was in the store already.
      if (isKnown) for (const one of waiting) await takeIn(context, current, one);
      watched.set(key, current);
      await carryOut(context, current);
      return undefined;
    },
  };
}

/** Reads the curves of all trials, once. */
async function begin(context: EarlyStoppingContext, experiment: StoredExperiment): Promise<Watched> {
  const curves = createCurves(context, experiment);
  const stops = new Map<string, StoppingDecision>();
  const begun = { experimentUid: experiment.metadata.uid, curves, stops, stopped: new Set<string>() };
  if (!curves) return begun;
  const isActive = ({ metadata }: StoredTrial): boolean =>
    activeTrial(context.trials, metadata.uid) !== undefined;
  // Those that may be stopped come last and are compared with all the others.
  const trials = ownedTrials(context.trials, experiment).sort(
    (a, b) => Number(isActive(a)) - Number(isActive(b)),
  );
  for (const [index, trial] of trials.entries()) {
    if (index % READ_AT_ONCE === READ_AT_ONCE - 1) await setImmediate();
    const decision = await curves.read(trial);
    if (decision?.stop === true && isActive(trial)) stops.set(trial.metadata.uid, decision);
  }
  return begun;
}

/** Null, and a line in the log, where the early stopper cannot be used: admission refuses such experiments. */
function createCurves(
  { observations, logger }: EarlyStoppingContext,
  experiment: StoredExperiment,
): ExperimentCurves | null {
  try {
    return new ExperimentCurves(experiment, observations);
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    logger.warn('trials of the experiment are not stopped early', {
      experiment: objectKey(experiment),
      error: errorMessage(error),
    });
    return null;
  }
}

async function takeIn(
  { trials }: EarlyStoppingContext,
  { curves, stops, stopped }: Watched,
  news: News,
): Promise<void> {
  const uid = 'batch' in news ? news.batch.trialUid : news.discarded.trialUid;
  const trial = activeTrial(trials, uid);
  if (!trial || !curves) return;
  if ('discarded' in news) {
    stops.delete(uid);
    await curves.read(trial);
    return;
  }
  if (stops.has(uid) || stopped.has(uid)) return;
  const decision = curves.take(trial, news.batch);
  if (decision?.stop === true) stops.set(uid, decision);
}

/** A stop that meets a conflict is tried again. */
async function carryOut(context: EarlyStoppingContext, { stops, stopped }: Watched): Promise<void> {
  for (const [uid, decision] of stops) {
    const trial = activeTrial(context.trials, uid);
    if (trial && (await stopTrial(context, trial, decision))) stopped.add(uid);
    stops.delete(uid);
  }
}
