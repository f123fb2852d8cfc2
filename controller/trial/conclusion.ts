import { withCondition, withStatusInPlace } from '../../core/conditions.ts';
import type { ObservationSummary } from '../../core/experiment.ts';
import type { Condition } from '../../core/kubernetes-object.ts';
import { notBefore, rfc3339Seconds } from '../../core/time.ts';
import {
  TRIAL_CONDITION,
  type EarlyStoppingRecord,
  type TrialRetry,
  type TrialStatus,
} from '../../core/trial.ts';
import { describeExplanation, type Explanation } from './explanation.ts';

/** What became of a trial. */
export type Conclusion =
  /**
   * `doubt` says why the observation may lack something; null where it is known to be whole. `explanation` says why the
   * objective is not a number; null where it is one.
   */
  | {
      state: 'succeeded';
      observation: ObservationSummary;
      doubt: string | null;
      explanation: Explanation | null;
    }
  | { state: 'metricsUnavailable'; observation: ObservationSummary; explanation: Explanation }
  | { state: 'failed'; explanation: Explanation };

/** Katib's condition for each. */
const CONDITIONS = {
  succeeded: { type: TRIAL_CONDITION.succeeded, reason: 'TrialSucceeded', message: 'Trial has succeeded' },
  metricsUnavailable: {
    type: TRIAL_CONDITION.metricsUnavailable,
    reason: 'MetricsUnavailable',
    message: 'Metrics are not available',
  },
  failed: { type: TRIAL_CONDITION.failed, reason: 'TrialFailed', message: 'Trial has failed' },
} as const;

const MAX_JOB_TEXT_LENGTH = 500;

/** The job's own words for its end; empty where it has none. */
export interface JobWords {
  reason: string;
  message: string;
}

function createdStatus(status: TrialStatus | undefined, nowMs: number): TrialStatus {
  const { created } = TRIAL_CONDITION;
  const condition = {
    type: created,
    status: 'True',
    reason: 'TrialCreated',
    message: 'Trial is created',
  } as const;
  return {
    ...status,
    startTime: status?.startTime ?? rfc3339Seconds(nowMs),
    conditions: withCondition(status?.conditions, condition, nowMs),
  };
}

export function runningStatus(status: TrialStatus | undefined, nowMs: number): TrialStatus {
  const { running } = TRIAL_CONDITION;
  const begun = createdStatus(status, nowMs);
  const condition = {
    type: running,
    status: 'True',
    reason: 'TrialRunning',
    message: 'Trial is running',
  } as const;
  return { ...begun, conditions: withCondition(begun.conditions, condition, nowMs) };
}

/** The status of a trial whose job ended for a reason of the infrastructure and is started over. */
export function retriedStatus(
  status: TrialStatus | undefined,
  { code, message }: Pick<TrialRetry, 'code' | 'message'>,
  nowMs: number,
): TrialStatus {
  const { running } = TRIAL_CONDITION;
  const begun = createdStatus(status, nowMs);
  const condition = {
    type: running,
    status: 'True',
    reason: 'TrialRetried',
    message: `The job is started over: [${code}] ${message}`,
  } as const;
  return { ...begun, conditions: withCondition(begun.conditions, condition, nowMs) };
}

export function concludedStatus(
  status: TrialStatus | undefined,
  conclusion: Conclusion,
  job: JobWords,
  nowMs: number,
): TrialStatus {
  const begun = createdStatus(status, nowMs);
  const { type, reason, message } = CONDITIONS[conclusion.state];
  const told = conclusion.explanation === null ? '' : ` ${describeExplanation(conclusion.explanation)}`;
  const condition = {
    type,
    status: 'True',
    reason: withJobText(reason, 'Job reason', job.reason),
    message: withJobText(message, 'Job message', job.message) + told,
  } as const;
  return {
    ...begun,
    completionTime: notBefore(begun.startTime, nowMs),
    conditions: withCondition(stopped(begun.conditions, nowMs), condition, nowMs),
    ...(conclusion.state !== 'failed' && { observation: conclusion.observation }),
  };
}

/** The status of a trial that its owner wants ended. It is closed when its job is gone. */
export function killedStatus(status: TrialStatus | undefined, message: string, nowMs: number): TrialStatus {
  const { killed: type } = TRIAL_CONDITION;
  const begun = createdStatus(status, nowMs);
  const condition = { type, status: 'True', reason: 'TrialKilled', message } as const;
  return { ...begun, conditions: withCondition(stopped(begun.conditions, nowMs), condition, nowMs) };
}

/**
 * The status of a trial that an early stopper ends, with what it had reported by then. Record and condition are one
 * write: whoever sees either sees both. It is closed when its job is gone.
 */
export function earlyStoppedStatus(
  status: TrialStatus | undefined,
  record: EarlyStoppingRecord,
  observation: ObservationSummary,
  nowMs: number,
): TrialStatus {
  const begun = createdStatus(status, nowMs);
  const condition = {
    type: TRIAL_CONDITION.earlyStopped,
    status: 'True',
    reason: 'TrialEarlyStopped',
    message: `Trial is early stopped at step ${record.step} by ${record.rule}: ${record.reason}`,
  } as const;
  return {
    ...begun,
    conditions: withCondition(stopped(begun.conditions, nowMs), condition, nowMs),
    observation,
    earlyStopping: record,
  };
}

/** The status of a trial that somebody else ended: its metrics until then, and no longer running. */
export function closedStatus(
  status: TrialStatus | undefined,
  observation: ObservationSummary,
  nowMs: number,
): TrialStatus {
  return {
    ...status,
    completionTime: notBefore(status?.startTime, nowMs),
    conditions: stopped(status?.conditions, nowMs),
    observation,
  };
}

function stopped(conditions: readonly Condition[] | undefined, nowMs: number): Condition[] {
  return withStatusInPlace(conditions, TRIAL_CONDITION.running, 'False', nowMs);
}

function withJobText(text: string, label: string, job: string): string {
  return job === '' ? text : `${text}. ${label}: ${job.slice(0, MAX_JOB_TEXT_LENGTH).toWellFormed()}`;
}
