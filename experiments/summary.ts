import { algorithmOf } from '../core/defaults.ts';
import type { Objective, OptimalTrial, ParameterAssignment, StoredExperiment } from '../core/experiment.ts';
import { findCondition, isConditionTrue } from '../core/conditions.ts';
import { reachedMaxTrials } from '../controller/experiment/conditions.ts';
import { objectiveValue } from '../core/objective.ts';
import { parseTime } from '../core/time.ts';
import { trialState, type StoredTrial, type TrialState } from '../core/trial.ts';

/** `Restarting`: it had used up its trials, its limit was raised since, and its controller has not taken that up yet. */
export type ExperimentState = 'Succeeded' | 'Failed' | 'Paused' | 'Running' | 'Created' | 'Restarting';

/** An experiment as the commands show it. */
export interface ExperimentSummary {
  name: string;
  namespace: string;
  state: ExperimentState;
  /** Reason and message of the condition behind `state`. */
  reason: string;
  message: string;
  algorithm: string;
  objective: Objective;
  /** Null where there is no limit. */
  maxTrials: number | null;
  counts: TrialCounts;
  best: BestTrial | null;
  startedMs: number | null;
  completedMs: number | null;
}

/** Exact counts of trials by state; `total` is their sum. */
export interface TrialCounts {
  total: number;
  running: number;
  pending: number;
  succeeded: number;
  failed: number;
  killed: number;
  earlyStopped: number;
  metricsUnavailable: number;
}

export interface BestTrial {
  name: string;
  /** The objective; null where the metric is not a number. */
  value: number | null;
  parameters: readonly ParameterAssignment[];
  observation: NonNullable<OptimalTrial['observation']>;
}

export interface TrialSummary {
  name: string;
  state: TrialState;
  parameters: readonly ParameterAssignment[];
  /** The objective by its metric strategy; null where there is none (yet). */
  value: number | null;
  metrics: readonly { name: string; min: string; max: string; latest: string }[];
  reason: string;
  message: string;
  startedMs: number | null;
  completedMs: number | null;
}

export function summarizeExperiment(experiment: StoredExperiment): ExperimentSummary {
  const { metadata, spec, status } = experiment;
  const state = experimentState(experiment);
  const condition = findCondition(status?.conditions, state);
  return {
    name: metadata.name,
    namespace: metadata.namespace ?? 'default',
    state,
    reason: condition?.reason ?? '',
    message: condition?.message ?? '',
    algorithm: algorithmOf(spec).algorithmName,
    objective: spec.objective,
    maxTrials: spec.maxTrialCount ?? null,
    counts: trialCounts(experiment),
    best: bestTrial(experiment),
    startedMs: timeOrNull(status?.startTime),
    completedMs: timeOrNull(status?.completionTime),
  };
}

export function isFinished(experiment: ExperimentSummary): boolean {
  return experiment.state === 'Succeeded' || experiment.state === 'Failed';
}

export function finishedTrials(counts: TrialCounts): number {
  return counts.total - counts.running - counts.pending;
}

export function summarizeTrial(trial: StoredTrial): TrialSummary {
  const { metadata, spec, status } = trial;
  const state = trialState(trial);
  const condition =
    state === 'Pending' ? status?.conditions?.at(-1) : findCondition(status?.conditions, state);
  return {
    name: metadata.name,
    state,
    parameters: spec.parameterAssignments,
    value: objectiveValue(spec.objective, status?.observation),
    metrics: status?.observation?.metrics ?? [],
    reason: condition?.reason ?? '',
    message: condition?.message ?? '',
    startedMs: timeOrNull(status?.startTime),
    completedMs: timeOrNull(status?.completionTime),
  };
}

/** Trials in the order of their creation: `name-2` before `name-10`. */
export function byTrialIndex(left: { name: string }, right: { name: string }): number {
  return left.name.localeCompare(right.name, 'en', { numeric: true });
}

function experimentState(experiment: StoredExperiment): ExperimentState {
  const conditions = experiment.status?.conditions;
  const states: readonly ExperimentState[] = ['Failed', 'Succeeded', 'Paused', 'Running'];
  const state = states.find((candidate) => isConditionTrue(conditions, candidate)) ?? 'Created';
  return state === 'Succeeded' && isExtended(experiment) ? 'Restarting' : state;
}

function isExtended(experiment: StoredExperiment): boolean {
  const { resumePolicy, maxTrialCount } = experiment.spec;
  const mayGoOn = resumePolicy === 'LongRunning' || resumePolicy === 'FromVolume';
  if (!mayGoOn || !reachedMaxTrials(experiment.status?.conditions)) return false;
  return maxTrialCount === undefined || maxTrialCount > finishedTrials(trialCounts(experiment));
}

function trialCounts({ status }: StoredExperiment): TrialCounts {
  return {
    total: status?.trials ?? 0,
    running: status?.trialsRunning ?? 0,
    pending: status?.trialsPending ?? 0,
    succeeded: status?.trialsSucceeded ?? 0,
    failed: status?.trialsFailed ?? 0,
    killed: status?.trialsKilled ?? 0,
    earlyStopped: status?.trialsEarlyStopped ?? 0,
    metricsUnavailable: status?.trialMetricsUnavailable ?? 0,
  };
}

function bestTrial({ spec, status }: StoredExperiment): BestTrial | null {
  const optimal = status?.currentOptimalTrial;
  if (!optimal?.bestTrialName) return null;
  return {
    name: optimal.bestTrialName,
    value: objectiveValue(spec.objective, optimal.observation),
    parameters: optimal.parameterAssignments ?? [],
    observation: optimal.observation ?? {},
  };
}

function timeOrNull(text: string | null | undefined): number | null {
  return text ? parseTime(text) : null;
}
