import { findCondition, withCondition, withStatusInPlace } from '../../core/conditions.ts';
import { DISK_FULL } from '../../core/disk-space.ts';
import { EXPERIMENT_CONDITION, EXPERIMENT_REASON } from '../../core/experiment.ts';
import type { Condition } from '../../core/kubernetes-object.ts';

type Conditions = readonly Condition[] | undefined;

/** How an experiment ends: Katib's reasons and messages, and some of ours. Clients compare the reasons. */
export const EXPERIMENT_ENDINGS = {
  goalReached: {
    type: EXPERIMENT_CONDITION.succeeded,
    reason: 'ExperimentGoalReached',
    message: 'Experiment has succeeded because Objective goal has reached',
  },
  maxTrialsReached: {
    type: EXPERIMENT_CONDITION.succeeded,
    reason: EXPERIMENT_REASON.maxTrialsReached,
    message: 'Experiment has succeeded because max trial count has reached',
  },
  suggestionEndReached: {
    type: EXPERIMENT_CONDITION.succeeded,
    reason: 'ExperimentSuggestionEndReached',
    message: 'Experiment has succeeded because suggestion service has reached the end',
  },
  maxFailedReached: {
    type: EXPERIMENT_CONDITION.failed,
    reason: 'ExperimentFailed',
    message: 'Experiment has failed because max failed count has reached',
  },
  trialsFailAlike: {
    type: EXPERIMENT_CONDITION.failed,
    reason: EXPERIMENT_REASON.trialsFailAlike,
    message: 'Experiment has failed because its trials all fail in the same way',
  },
  noResult: {
    type: EXPERIMENT_CONDITION.failed,
    reason: 'ExperimentNoResult',
    message: 'Experiment has failed because none of its trials brought a result',
  },
  stopped: {
    type: EXPERIMENT_CONDITION.succeeded,
    reason: EXPERIMENT_REASON.stopped,
    message: 'Experiment was stopped, and its last trials have ended',
  },
  cancelled: {
    type: EXPERIMENT_CONDITION.failed,
    reason: EXPERIMENT_REASON.cancelled,
    message: 'Experiment was cancelled',
  },
  suggestionFailed: {
    type: EXPERIMENT_CONDITION.failed,
    reason: 'ExperimentFailed',
    message: 'Suggestion has failed',
  },
  invalid: {
    type: EXPERIMENT_CONDITION.failed,
    reason: 'ExperimentInvalid',
    message: 'Experiment is invalid',
  },
} as const;

export interface Ending {
  kind: keyof typeof EXPERIMENT_ENDINGS;
  /** What led to it, said after Katib's message; null where that says it all. */
  detail: string | null;
}

/** The condition that says how the experiment ended; undefined while it goes on. */
export function endingCondition(conditions: Conditions): Condition | undefined {
  const { succeeded, failed } = EXPERIMENT_CONDITION;
  return conditions?.find(({ type, status }) => status === 'True' && (type === succeeded || type === failed));
}

export function isCompleted(conditions: Conditions): boolean {
  return endingCondition(conditions) !== undefined;
}

export function reachedMaxTrials(conditions: Conditions): boolean {
  const succeeded = findCondition(conditions, EXPERIMENT_CONDITION.succeeded);
  return succeeded?.status === 'True' && succeeded.reason === EXPERIMENT_ENDINGS.maxTrialsReached.reason;
}

export function withCreated(conditions: Conditions, nowMs: number): Condition[] {
  return withTrue(conditions, nowMs, 'created', 'ExperimentCreated', 'Experiment is created');
}

export function withRunning(conditions: Conditions, nowMs: number): Condition[] {
  return withTrue(conditions, nowMs, 'running', 'ExperimentRunning', 'Experiment is running');
}

/** Says that no trial starts, or takes that away; an experiment that goes on has its `Running` last again. */
export function withPause(conditions: Conditions, isPaused: boolean, nowMs: number): Condition[] {
  if (isPaused)
    return withTrue(conditions, nowMs, 'paused', 'ExperimentPaused', 'Experiment is paused: no trial starts');
  return (conditions ?? []).filter(({ type }) => type !== EXPERIMENT_CONDITION.paused);
}

/**
 * Says that no trial starts for want of room on a disk, or takes that away where `shortage` is null; an experiment that
 * goes on has its `Running` last.
 */
export function withDiskPressure(
  conditions: Conditions,
  shortage: string | null,
  nowMs: number,
): Condition[] {
  if (shortage !== null) return withTrue(conditions, nowMs, 'diskPressure', DISK_FULL, shortage);
  return (conditions ?? []).filter(({ type }) => type !== EXPERIMENT_CONDITION.diskPressure);
}

/** Takes the old ending away. `Restarting` stays True from then on, as in Katib. */
export function withRestarting(conditions: Conditions, nowMs: number): Condition[] {
  const endings: string[] = [EXPERIMENT_CONDITION.succeeded, EXPERIMENT_CONDITION.failed];
  const open = (conditions ?? []).filter((condition) => !endings.includes(condition.type));
  return withTrue(open, nowMs, 'restarting', 'ExperimentRestarting', 'Experiment is restarted');
}

function withTrue(
  conditions: Conditions,
  nowMs: number,
  which: keyof typeof EXPERIMENT_CONDITION,
  reason: string,
  message: string,
): Condition[] {
  const type = EXPERIMENT_CONDITION[which];
  return withCondition(conditions, { type, status: 'True', reason, message }, nowMs);
}

export function withEnding(conditions: Conditions, ending: Ending, nowMs: number): Condition[] {
  const { type, reason, message } = EXPERIMENT_ENDINGS[ending.kind];
  const stopped = withStatusInPlace(conditions, EXPERIMENT_CONDITION.running, 'False', nowMs);
  const said = ending.detail === null ? message : `${message}. ${ending.detail}`;
  return withCondition(stopped, { type, status: 'True', reason, message: said }, nowMs);
}
