import { isConditionTrue, withCondition, type ConditionUpdate } from '../../core/conditions.ts';
import type { Condition } from '../../core/kubernetes-object.ts';
import type { TrainingJobStatus } from './types.ts';

export type JobConditionType = 'Created' | 'Running' | 'Restarting' | 'Succeeded' | 'Failed' | 'Suspended';

interface JobConditionUpdate extends ConditionUpdate {
  type: JobConditionType;
}

export function isTrue(status: TrainingJobStatus, type: JobConditionType): boolean {
  return isConditionTrue(status.conditions, type);
}

/** The job has ended: nothing will run again. */
export function isFinished(status: TrainingJobStatus): boolean {
  return isTrue(status, 'Failed') || isTrue(status, 'Succeeded');
}

/**
 * The status with one condition set, by the Training Operator's rules: after Failed nothing changes any more, Running
 * and Restarting replace each other, and an end turns Running to False where it stands.
 */
export function withJobCondition(
  status: TrainingJobStatus,
  update: JobConditionUpdate,
  nowMs: number,
): TrainingJobStatus {
  if (isTrue(status, 'Failed')) return status;
  const before = (status.conditions ?? []).flatMap((condition) => makeRoom(condition, update.type));
  return { ...status, conditions: withCondition(before, update, nowMs) };
}

function makeRoom(condition: Condition, next: JobConditionType): Condition[] {
  if (next === 'Running' && condition.type === 'Restarting') return [];
  if (next === 'Restarting' && condition.type === 'Running') return [];
  const isEnd = next === 'Failed' || next === 'Succeeded';
  return [isEnd && condition.type === 'Running' ? { ...condition, status: 'False' } : condition];
}
