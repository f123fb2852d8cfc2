import type { Objective, OptimalTrial, ExperimentStatus } from '../../core/experiment.ts';
import { isBetter } from '../../core/objective.ts';
import { TRIAL_STATES, type StoredTrial, type TrialState } from '../../core/trial.ts';
import { compareAge, trialFacts, type TrialFacts } from '../trial-facts.ts';

/** Names kept in each list of an Experiment's status: its size must not grow with the number of trials. */
export const MAX_LISTED_NAMES = 100;

/** An experiment's trials, counted. */
export interface TrialTally {
  total: number;
  /** Exact, however many trials there are. */
  counts: Readonly<Record<TrialState, number>>;
  /** The newest `MAX_LISTED_NAMES` names of each state, oldest first. */
  names: Readonly<Record<TrialState, readonly string[]>>;
  /** Pending and running trials, those that are being deleted included: each holds a place. */
  active: number;
  /** Trials that will not run again, whatever became of them. */
  completed: number;
  /** Those of them that are being stopped early and still have a job. */
  closing: number;
  /** Trials that brought no result through a fault: failed, or without metrics. */
  failures: number;
  best: { trial: StoredTrial; objective: number } | undefined;
}

/** A tally that can be added to. */
export interface OpenTally {
  readonly counts: Record<TrialState, number>;
  readonly newest: Record<TrialState, TrialFacts[]>;
  closing: number;
  best: TrialTally['best'];
}

/**
 * One pass over the trials, in any order. The best is the one with the best objective, whatever its state; NaN and
 * missing values never are best, and of equals the older one is.
 */
export function tallyTrials(trials: readonly StoredTrial[], objective: Objective): TrialTally {
  const open = emptyTally();
  for (const trial of trials) addTrial(open, trial, objective);
  return closeTally(open);
}

export function emptyTally(): OpenTally {
  return { counts: byState(() => 0), newest: byState((): TrialFacts[] => []), closing: 0, best: undefined };
}

export function copyTally({ counts, newest, closing, best }: OpenTally): OpenTally {
  return { counts: { ...counts }, newest: byState((state) => [...newest[state]]), closing, best };
}

export function addTrial(open: OpenTally, trial: StoredTrial, objective: Objective): void {
  const facts = trialFacts(trial);
  open.counts[facts.state]++;
  open.closing += Number(facts.closing);
  insertNewest(open.newest[facts.state], facts);
  if (facts.objective !== null && isNewBest(objective, facts, facts.objective, open.best))
    open.best = { trial, objective: facts.objective };
}

export function closeTally({ counts, newest, closing, best }: OpenTally): TrialTally {
  const total = TRIAL_STATES.reduce((sum, state) => sum + counts[state], 0);
  const active = counts.Running + counts.Pending;
  return {
    total,
    counts,
    names: byState((state) => newest[state].map(({ name }) => name)),
    active,
    completed: total - active,
    closing,
    failures: counts.Failed + counts.MetricsUnavailable,
    best,
  };
}

function byState<T>(value: (state: TrialState) => T): Record<TrialState, T> {
  return Object.fromEntries(TRIAL_STATES.map((state) => [state, value(state)])) as Record<TrialState, T>;
}

function insertNewest(list: TrialFacts[], facts: TrialFacts): void {
  let at = list.length;
  for (let older = list[at - 1]; older && compareAge(older, facts) > 0; older = list[at - 1]) at--;
  if (at === 0 && list.length === MAX_LISTED_NAMES) return;
  list.splice(at, 0, facts);
  if (list.length > MAX_LISTED_NAMES) list.shift();
}

function isNewBest(
  objective: Objective,
  facts: TrialFacts,
  value: number,
  best: TrialTally['best'],
): boolean {
  if (!best || isBetter(objective, value, best.objective)) return true;
  return value === best.objective && compareAge(facts, trialFacts(best.trial)) < 0;
}

type StatusCounts = Omit<
  ExperimentStatus,
  'startTime' | 'completionTime' | 'lastReconcileTime' | 'conditions' | 'currentOptimalTrial'
>;

/** The counts and lists as the status carries them: Katib leaves out zeros and empty lists. */
export function tallyStatus({ total, counts, names }: TrialTally): StatusCounts {
  const fields: StatusCounts = {
    trials: total,
    trialsSucceeded: counts.Succeeded,
    trialsFailed: counts.Failed,
    trialsKilled: counts.Killed,
    trialsPending: counts.Pending,
    trialsRunning: counts.Running,
    trialsEarlyStopped: counts.EarlyStopped,
    trialMetricsUnavailable: counts.MetricsUnavailable,
    runningTrialList: [...names.Running],
    pendingTrialList: [...names.Pending],
    failedTrialList: [...names.Failed],
    succeededTrialList: [...names.Succeeded],
    killedTrialList: [...names.Killed],
    earlyStoppedTrialList: [...names.EarlyStopped],
    metricsUnavailableTrialList: [...names.MetricsUnavailable],
  };
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => (Array.isArray(value) ? value.length > 0 : value !== 0)),
  );
}

/** The best trial as the status carries it. */
export function optimalTrial({ metadata, spec, status }: StoredTrial): OptimalTrial {
  return {
    bestTrialName: metadata.name,
    parameterAssignments: spec.parameterAssignments,
    observation: { metrics: status?.observation?.metrics ?? [] },
  };
}
