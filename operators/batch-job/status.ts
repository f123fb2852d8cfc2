import { describeIssue, type SpecIssue } from '../../core/errors.ts';
import { notBefore, rfc3339Seconds } from '../../core/time.ts';
import type { JobEvent } from '../job-event.ts';
import { asWritten, dueAtMs, earliest, type MomentOf } from '../job-times.ts';
import { isActive, restartCount, startFailure } from '../pod-facts.ts';
import { readUncounted, tally, type Tally } from './attempts.ts';
import { findJobCondition, isFinished, isTrue, withJobCondition } from './conditions.ts';
import { judgeFailure } from './failure-policy.ts';
import { retryAtMs } from './retry-delay.ts';
import type { Attempt, BatchJobSpec, BatchJobStatus, StoredBatchJob } from './types.ts';
import { startWanted, surplusAttempts, type Start } from './scheduling.ts';
import { withActive, withCounts } from './status-counts.ts';

/** All that a decision is made from. */
export interface JobView {
  readonly job: StoredBatchJob;
  readonly spec: BatchJobSpec;
  /** In the order of their numbers. */
  readonly attempts: readonly Attempt[];
  readonly nowMs: number;
  readonly momentOf?: MomentOf;
  /** Wait before the first replacement of a failed pod. */
  readonly retryBaseMs: number;
}

export interface Decision {
  readonly status: BatchJobStatus;
  /** Numbers of attempts that are no failures. */
  readonly uncounted: ReadonlySet<number>;
  /** Pods to create, in this order. */
  readonly start: readonly Start[];
  readonly stop: readonly Attempt[];
  /** When to decide again although nothing happens; undefined where time changes nothing. */
  readonly wakeAtMs: number | undefined;
  /** The job has outlived its end and is to be deleted. */
  readonly isExpired: boolean;
  readonly events: readonly JobEvent[];
}

const NOTHING = { start: [], stop: [], wakeAtMs: undefined, isExpired: false, events: [] } as const;

/** Decides what the job's status is and what is to be done. Pure: the same view gives the same decision. */
export function decide(view: JobView): Decision {
  const status = view.job.status ?? {};
  if (isFinished(status)) return decideFinished(view, status);
  return view.spec.suspend ? decideSuspended(view, status) : decideActive(view, status);
}

/** The status of a job that can never run. A job that had ended stays what it is. */
export function decideInvalid(
  job: StoredBatchJob,
  issues: readonly SpecIssue[],
  nowMs: number,
): BatchJobStatus {
  const status = job.status ?? {};
  if (isFinished(status)) return status;
  const message = `Job ${job.metadata.name} is not valid: ${issues.map(describeIssue).join(' ')}`;
  return withJobCondition(
    status,
    { type: 'Failed', status: 'True', reason: 'JobInvalidSpec', message },
    nowMs,
  );
}

function decideFinished({ job, spec, attempts, nowMs, momentOf }: JobView, status: BatchJobStatus): Decision {
  const endedAt = status.completionTime ?? findJobCondition(status, 'Failed')?.lastTransitionTime;
  const expiresAtMs = dueAtMs(endedAt, spec.ttlSecondsAfterFinished, momentOf);
  return {
    ...NOTHING,
    status,
    uncounted: readUncounted(job),
    stop: attempts.filter(({ pod }) => isActive(pod)),
    wakeAtMs: expiresAtMs,
    isExpired: expiresAtMs !== undefined && expiresAtMs <= nowMs,
  };
}

/** Pods that are stopped here are not failures. */
function decideSuspended(view: JobView, found: BatchJobStatus): Decision {
  const { job, spec, attempts, nowMs } = view;
  const stop = attempts.filter(({ pod }) => isActive(pod));
  const uncounted = new Set([...readUncounted(job), ...stop.map(({ number }) => number)]);
  const message = 'Job suspended';
  const reason = 'JobSuspended';
  const suspended = withJobCondition(found, { type: 'Suspended', status: 'True', reason, message }, nowMs);
  const status = withCounts(suspended, spec, tally(job, spec, attempts, uncounted));
  const event: JobEvent = { type: 'Normal', reason: 'Suspended', message };
  return { ...NOTHING, status, uncounted, stop, events: isTrue(found, 'Suspended') ? [] : [event] };
}

function decideActive(view: JobView, found: BatchJobStatus): Decision {
  const { job, spec, attempts, nowMs, momentOf } = view;
  const begun = begin(view, found);
  const uncounted = new Set([...readUncounted(job), ...ignoredAttempts(spec, attempts)]);
  const counts = tally(job, spec, attempts, uncounted);
  const status = withCounts(begun.status, spec, counts);
  const deadlineMs = dueAtMs(status.startTime, spec.activeDeadlineSeconds, momentOf);
  const failure = findFailure(spec, counts, deadlineMs !== undefined && deadlineMs <= nowMs);
  if (failure) return fail(view, status, uncounted, failure);
  if (isComplete(spec, counts)) return complete(view, status, uncounted);
  const next = schedule(view, status, uncounted, counts);
  const wakeAtMs = earliest(next.wakeAtMs, deadlineMs);
  return { ...next, wakeAtMs, events: [...begun.events, ...next.events] };
}

function begin({ nowMs }: JobView, found: BatchJobStatus): { status: BatchJobStatus; events: JobEvent[] } {
  const startTime = rfc3339Seconds(nowMs);
  if (!isTrue(found, 'Suspended')) return { status: { startTime, ...found }, events: [] };
  const message = 'Job resumed';
  const update = { type: 'Suspended', status: 'False', reason: 'JobResumed', message } as const;
  const status = { ...withJobCondition(found, update, nowMs), startTime };
  return { status, events: [{ type: 'Normal', reason: 'Resumed', message }] };
}

function ignoredAttempts({ podFailureRules }: BatchJobSpec, attempts: readonly Attempt[]): number[] {
  const ignored = attempts.filter(({ pod }) => judgeFailure(podFailureRules, pod).action === 'Ignore');
  return ignored.map(({ number }) => number);
}

interface Failure {
  reason: string;
  message: string;
}

function findFailure(spec: BatchJobSpec, counts: Tally, isOverdue: boolean): Failure | undefined {
  for (const { pod } of counts.failedPods) {
    const verdict = judgeFailure(spec.podFailureRules, pod);
    if (verdict.action === 'FailJob') return { reason: 'PodFailurePolicy', message: verdict.message };
    const refusal = startFailure(pod);
    if (refusal) return refusal;
  }
  if (exceedsBackoffLimit(spec, counts)) {
    return { reason: 'BackoffLimitExceeded', message: 'Job has reached the specified backoff limit' };
  }
  if (!isOverdue) return undefined;
  return { reason: 'DeadlineExceeded', message: 'Job was active longer than specified deadline' };
}

/** Under OnFailure the kubelet starts containers over, and those restarts count as pods that failed do. */
function exceedsBackoffLimit(
  { backoffLimit, restartPolicy }: BatchJobSpec,
  { failed, active }: Tally,
): boolean {
  if (failed > backoffLimit) return true;
  if (restartPolicy !== 'OnFailure') return false;
  const restarts = restartCount(active.map(({ pod }) => pod));
  return restarts > 0 && restarts >= backoffLimit;
}

function isComplete({ completions }: BatchJobSpec, { succeeded, active, terminating }: Tally): boolean {
  if (completions !== null) return succeeded >= completions;
  return succeeded > 0 && active.length === 0 && terminating.length === 0;
}

function fail(
  view: JobView,
  status: BatchJobStatus,
  uncounted: ReadonlySet<number>,
  { reason, message }: Failure,
): Decision {
  const failed = withJobCondition(status, { type: 'Failed', status: 'True', reason, message }, view.nowMs);
  return finish(view, failed, uncounted, { type: 'Warning', reason, message });
}

function complete(view: JobView, status: BatchJobStatus, uncounted: ReadonlySet<number>): Decision {
  const reason = 'CompletionsReached';
  const message = 'Reached expected number of succeeded pods';
  const update = { type: 'Complete', status: 'True', reason, message } as const;
  const completed = withJobCondition(status, update, view.nowMs);
  const ended = { ...completed, completionTime: notBefore(status.startTime, view.nowMs) };
  return finish(view, ended, uncounted, { type: 'Normal', reason: 'Completed', message: 'Job completed' });
}

/** What is decided for a finished job, in the same step in which it finishes. */
function finish(
  view: JobView,
  status: BatchJobStatus,
  uncounted: ReadonlySet<number>,
  event: JobEvent,
): Decision {
  return { ...decideFinished(view, withActive(status, 0)), uncounted, events: [event] };
}

function schedule(
  view: JobView,
  status: BatchJobStatus,
  uncounted: ReadonlySet<number>,
  counts: Tally,
): Decision {
  const { spec, attempts, nowMs, retryBaseMs, momentOf = asWritten } = view;
  const stop = surplusAttempts(spec, counts);
  const start = startWanted(spec, counts);
  const successes = attempts.map(({ pod }) => pod).filter((pod) => pod.status?.phase === 'Succeeded');
  const notBeforeMs = retryAtMs(counts.failedPods, successes, retryBaseMs, momentOf);
  const mustWait = start.length > 0 && notBeforeMs > nowMs;
  return {
    ...NOTHING,
    status: withActive(status, counts.active.length - stop.length),
    uncounted: new Set([...uncounted, ...stop.map(({ number }) => number)]),
    start: mustWait ? [] : start,
    stop,
    wakeAtMs: mustWait ? notBeforeMs : undefined,
  };
}
