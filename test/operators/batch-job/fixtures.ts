import type { PodStatus } from '../../../core/pod.ts';
import { readBatchJobSpec } from '../../../operators/batch-job/read-spec.ts';
import { decide, type Decision } from '../../../operators/batch-job/status.ts';
import type {
  Attempt,
  BatchJobSpec,
  BatchJobStatus,
  StoredBatchJob,
} from '../../../operators/batch-job/types.ts';

export const NOW_MS = Date.UTC(2026, 0, 1);
export const RETRY_BASE_MS = 10_000;

export const TEMPLATE = {
  spec: { restartPolicy: 'Never', containers: [{ name: 'train', image: 'train:1' }] },
};

/** A Job named `job` with one container; `spec` is laid over it. */
export function storedJob(spec: Record<string, unknown> = {}, status?: BatchJobStatus): StoredBatchJob {
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: 'job',
      namespace: 'ns',
      uid: 'job-uid',
      resourceVersion: '1',
      creationTimestamp: '2026-01-01T00:00:00Z',
    },
    spec: { template: TEMPLATE, ...spec },
    ...(status && { status }),
  };
}

/** The specification of a job that must be valid. */
export function specOf(job: StoredBatchJob): BatchJobSpec {
  const reading = readBatchJobSpec(job);
  if (!reading.valid) throw new Error(reading.issues.map(({ message }) => message).join(' '));
  return reading.spec;
}

export interface AttemptState {
  phase: 'Pending' | 'Running' | 'Succeeded' | 'Failed';
  exitCode?: number;
  /** Seconds before `NOW_MS`. */
  endedAgo?: number;
  isBeingDeleted?: boolean;
  restarts?: number;
  completionIndex?: number;
  reason?: string;
  conditions?: PodStatus['conditions'] & object;
}

export function attempt(number: number, state: AttemptState): Attempt {
  const finishedAt = new Date(NOW_MS - (state.endedAgo ?? 3_600) * 1_000).toISOString();
  const terminated = { exitCode: state.exitCode ?? (state.phase === 'Failed' ? 1 : 0), finishedAt };
  const hasEnded = state.phase === 'Succeeded' || state.phase === 'Failed';
  return {
    number,
    completionIndex: state.completionIndex ?? null,
    pod: {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: `job-${number}`,
        namespace: 'ns',
        uid: `pod-${number}`,
        resourceVersion: '1',
        creationTimestamp: '2025-12-31T00:00:00Z',
        ...(state.isBeingDeleted && {
          deletionTimestamp: '2026-01-01T00:00:00Z',
          deletionGracePeriodSeconds: 30,
        }),
      },
      spec: { containers: [{ name: 'train' }] },
      status: {
        phase: state.phase,
        ...(state.reason !== undefined && { reason: state.reason, message: 'refused' }),
        ...(state.conditions && { conditions: state.conditions }),
        containerStatuses: [
          { name: 'train', restartCount: state.restarts ?? 0, ...(hasEnded && { state: { terminated } }) },
        ],
      },
    },
  };
}

export function decideFor(job: StoredBatchJob, attempts: readonly Attempt[], nowMs = NOW_MS): Decision {
  return decide({ job, spec: specOf(job), attempts, nowMs, retryBaseMs: RETRY_BASE_MS });
}

/** `Failed BackoffLimitExceeded`, in order. */
export function describeConditions({ status }: Decision): string[] {
  return (status.conditions ?? []).map(({ type, status: value, reason }) =>
    value === 'True' ? `${type} ${reason}` : `${type}=${value} ${reason}`,
  );
}
