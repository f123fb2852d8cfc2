import { failureNature } from '../../core/failure-codes/failure-entry.ts';
import { parseTime, rfc3339Seconds } from '../../core/time.ts';
import type { StoredTrial, TrialRetry, TrialStatus } from '../../core/trial.ts';
import { retriedStatus } from './conclusion.ts';
import type { Explanation } from './explanation.ts';

/**
 * How long to wait after the first, second and third failure of the infrastructure before the job is started over. A
 * trial that fails so once more has failed.
 */
export const RETRY_DELAYS_MS: readonly number[] = [5_000, 20_000, 60_000];

/** Whether the failure says nothing about the trial, so that the same job may do well when it is started again. */
export function mayRetry({ status }: StoredTrial, { code }: Explanation): boolean {
  return failureNature(code) === 'infrastructure' && retriesOf(status).length < RETRY_DELAYS_MS.length;
}

/** The status of a trial whose job goes and is started over. It stays Running: it has not ended, and keeps its place. */
export function withRetry(
  status: TrialStatus | undefined,
  jobUid: string,
  { code, cause }: Explanation,
  nowMs: number,
): TrialStatus {
  const retry = { jobUid, code, message: cause, time: rfc3339Seconds(nowMs) };
  return { ...retriedStatus(status, retry, nowMs), retries: [...retriesOf(status), retry] };
}

/** `Attempt 2 of 4 starts in 5 s` */
export function describeNextAttempt({ status }: StoredTrial): string {
  const retries = retriesOf(status).length;
  const seconds = (RETRY_DELAYS_MS[retries] ?? 0) / 1_000;
  return `Attempt ${retries + 2} of ${RETRY_DELAYS_MS.length + 1} starts in ${seconds} s`;
}

/**
 * How long the ended job stays until its successor may start, or null where the job is not one that is started over.
 * Never more than the whole delay, however wrong the clock was that wrote the time.
 */
export function retryDelayLeft(
  { status }: StoredTrial,
  jobUid: string,
  nowMs: number,
  momentOf: (timeMs: number) => number = (timeMs) => timeMs,
): number | null {
  const retries = retriesOf(status);
  const index = retries.findIndex((retry) => retry.jobUid === jobUid);
  const delayMs = RETRY_DELAYS_MS[index] ?? 0;
  const sinceMs = momentOf(parseTime(retries[index]?.time ?? ''));
  if (index < 0) return null;
  return Number.isNaN(sinceMs) ? 0 : Math.max(0, Math.min(delayMs, sinceMs + delayMs - nowMs));
}

/** Whether a job of the trial was started over before. */
export function isRetried({ status }: StoredTrial): boolean {
  return retriesOf(status).length > 0;
}

function retriesOf(status: TrialStatus | undefined): readonly TrialRetry[] {
  return status?.retries ?? [];
}
