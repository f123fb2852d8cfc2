import { rfc3339Seconds } from '../../core/time.ts';
import type { BatchJobStatus, JobCondition } from './types.ts';

export function findJobCondition(
  status: BatchJobStatus,
  type: JobCondition['type'],
): JobCondition | undefined {
  return status.conditions?.find((condition) => condition.type === type);
}

export function isTrue(status: BatchJobStatus, type: JobCondition['type']): boolean {
  return findJobCondition(status, type)?.status === 'True';
}

/** The job has ended: nothing will run again. */
export function isFinished(status: BatchJobStatus): boolean {
  return isTrue(status, 'Complete') || isTrue(status, 'Failed');
}

/** The status with one condition set where it stands, or appended. Setting what is set changes nothing. */
export function withJobCondition(
  status: BatchJobStatus,
  update: Pick<JobCondition, 'type' | 'status' | 'reason' | 'message'>,
  nowMs: number,
): BatchJobStatus {
  const old = findJobCondition(status, update.type);
  if (old?.status === update.status) return status;
  const now = rfc3339Seconds(nowMs);
  const condition: JobCondition = { ...update, lastProbeTime: now, lastTransitionTime: now };
  const list = status.conditions ?? [];
  const conditions = old ? list.map((entry) => (entry === old ? condition : entry)) : [...list, condition];
  return { ...status, conditions };
}
