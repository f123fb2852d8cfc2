import { describeIssue, type SpecIssue } from '../../core/errors.ts';
import {
  desiredState,
  type ExperimentSpec,
  type ExperimentStatus,
  type StoredExperiment,
} from '../../core/experiment.ts';
import type { StoredSuggestion, TrialAssignment } from '../../core/suggestion.ts';
import { notBefore, rfc3339Seconds } from '../../core/time.ts';
import { isTerminal, type StoredTrial } from '../../core/trial.ts';
import { trialFacts } from '../trial-facts.ts';
import { alikeFailures } from './breaker.ts';
import {
  isCompleted,
  withCreated,
  withDiskPressure,
  withEnding,
  withPause,
  withRestarting,
  withRunning,
  type Ending,
} from './conditions.ts';
import { decideEnding } from './ending.ts';
import { mayRestart } from './resumption.ts';
import type { TallyFunction } from './running-tally.ts';
import { outstandingAssignments, scheduleTrials, type Schedule } from './schedule.ts';
import { optimalTrial, tallyStatus, tallyTrials, type TrialTally } from './tally.ts';

/** Everything that the decision about an experiment depends on. */
export interface ExperimentSituation {
  /** With defaults filled in. */
  experiment: StoredExperiment;
  /** All trials that the experiment owns, in any order. */
  trials: readonly StoredTrial[];
  suggestion: StoredSuggestion | undefined;
  /** Why no trial can start now (core/disk-space.ts); null, or absent: nothing is in the way. */
  shortage?: string | null;
  nowMs: number;
}

export type ExperimentAction =
  | { type: 'createSuggestion'; requests: number }
  | { type: 'raiseRequests'; suggestion: StoredSuggestion; requests: number }
  | { type: 'createTrial'; assignment: TrialAssignment }
  | { type: 'deleteTrial'; trial: StoredTrial }
  | { type: 'killTrial'; trial: StoredTrial };

export interface ExperimentPlan {
  status: ExperimentStatus;
  actions: ExperimentAction[];
  /** Assignments whose trials were deleted: see `Schedule`. */
  lost: number;
}

/**
 * What an experiment needs next. Pure: the same situation gives the same plan. `tallyOf` may be a faster way to the
 * same tally.
 */
export function planExperiment(
  situation: ExperimentSituation,
  tallyOf: TallyFunction = tallyTrials,
): ExperimentPlan {
  const { experiment, trials, suggestion, shortage = null, nowMs } = situation;
  const { spec } = experiment;
  const tally = tallyOf(trials, spec.objective);
  const outstanding = outstandingAssignments(suggestion, trials);
  const alike = alikeFailures(experiment, trials, tally);
  const begun = beginStatus(experiment, tally, nowMs);
  const ending = isCompleted(begun.conditions)
    ? undefined
    : decideEnding({ spec, trials, tally, suggestion, alike, outstanding: outstanding.length });
  const status = withShortage(concludeStatus(begun, spec, tally, ending, nowMs), shortage, nowMs);
  const mayStart = desiredState(spec) === 'Running' && !alike && shortage === null;
  const schedule = scheduleTrials({ spec, trials, tally, suggestion, outstanding, mayStart });
  const actions = isCompleted(status.conditions)
    ? []
    : [...cancellations(spec, trials), ...actionsOf(schedule, suggestion)];
  return { status, actions, lost: schedule.lost };
}

/** The status of an experiment that cannot be run at all. */
export function invalidStatus(
  experiment: StoredExperiment,
  issues: readonly SpecIssue[],
  nowMs: number,
): ExperimentStatus {
  const ending: Ending = { kind: 'invalid', detail: issues.map(describeIssue).join(' ') };
  return endStatus(createdStatus(experiment, nowMs), ending, nowMs);
}

function createdStatus({ status }: StoredExperiment, nowMs: number): ExperimentStatus {
  return {
    ...status,
    startTime: status?.startTime ?? rfc3339Seconds(nowMs),
    conditions: withCreated(status?.conditions, nowMs),
  };
}

/** The status before this pass has decided anything, open again where the experiment may restart. */
function beginStatus(experiment: StoredExperiment, tally: TrialTally, nowMs: number): ExperimentStatus {
  const status = createdStatus(experiment, nowMs);
  if (!mayRestart(experiment, tally)) return status;
  return { ...status, completionTime: null, conditions: withRestarting(status.conditions, nowMs) };
}

function concludeStatus(
  begun: ExperimentStatus,
  spec: ExperimentSpec,
  tally: TrialTally,
  ending: Ending | undefined,
  nowMs: number,
): ExperimentStatus {
  const { startTime, completionTime, conditions, currentOptimalTrial } = begun;
  const optimum = tally.best ? optimalTrial(tally.best.trial) : currentOptimalTrial;
  const isRunning = tally.total > 0 && !isCompleted(conditions);
  const status: ExperimentStatus = {
    ...(startTime != null && { startTime }),
    ...(completionTime != null && { completionTime }),
    conditions: withPause(
      isRunning ? withRunning(conditions, nowMs) : conditions,
      desiredState(spec) === 'Paused' && !ending && !isCompleted(conditions),
      nowMs,
    ),
    ...(optimum && { currentOptimalTrial: optimum }),
    ...tallyStatus(tally),
  };
  return ending ? endStatus(status, ending, nowMs) : status;
}

/** An experiment that has ended waits for nothing. */
function withShortage(status: ExperimentStatus, shortage: string | null, nowMs: number): ExperimentStatus {
  const { conditions } = status;
  return {
    ...status,
    conditions: withDiskPressure(conditions, isCompleted(conditions) ? null : shortage, nowMs),
  };
}

function endStatus(status: ExperimentStatus, ending: Ending, nowMs: number): ExperimentStatus {
  const completionTime = notBefore(status.startTime, nowMs);
  return { ...status, completionTime, conditions: withEnding(status.conditions, ending, nowMs) };
}

/** Every active trial of an experiment that was cancelled. */
function cancellations(spec: ExperimentSpec, trials: readonly StoredTrial[]): ExperimentAction[] {
  if (desiredState(spec) !== 'Cancelled') return [];
  const active = trials.filter((trial) => !isTerminal(trialFacts(trial).state) && !trialFacts(trial).leaving);
  return active.map((trial): ExperimentAction => ({ type: 'killTrial', trial }));
}

function actionsOf(schedule: Schedule, suggestion: StoredSuggestion | undefined): ExperimentAction[] {
  const { surplus, due, requests } = schedule;
  const deletions = surplus.map((trial): ExperimentAction => ({ type: 'deleteTrial', trial }));
  const creations = due.map((assignment): ExperimentAction => ({ type: 'createTrial', assignment }));
  return [...deletions, ...creations, ...requestActions(requests, suggestion)];
}

function requestActions(requests: number, suggestion: StoredSuggestion | undefined): ExperimentAction[] {
  if (requests <= (suggestion?.spec.requests ?? 0)) return [];
  return [
    suggestion ? { type: 'raiseRequests', suggestion, requests } : { type: 'createSuggestion', requests },
  ];
}
