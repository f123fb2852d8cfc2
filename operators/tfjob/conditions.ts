import { isConditionTrue, withCondition, type ConditionUpdate } from '../../core/conditions.ts';
import type { Condition } from '../../core/kubernetes-object.ts';
import type { TfJobStatus } from './types.ts';

export type TfJobConditionType = 'Created' | 'Running' | 'Restarting' | 'Succeeded' | 'Failed' | 'Suspended';

interface TfJobConditionUpdate extends ConditionUpdate {
  type: TfJobConditionType;
}

export function isTrue(status: TfJobStatus, type: TfJobConditionType): boolean {
  return isConditionTrue(status.conditions, type);
}

/** The job has ended: nothing will run again. */
export function isFinished(status: TfJobStatus): boolean {
  return isTrue(status, 'Failed') || isTrue(status, 'Succeeded');
}

/**
 * The status with one condition set, by the Training Operator's rules: after Failed nothing changes any more, Running
 * and Restarting replace each other, and an end turns Running to False where it stands.
 */
export function withTfJobCondition(
  status: TfJobStatus,
  update: TfJobConditionUpdate,
  nowMs: number,
): TfJobStatus {
  if (isTrue(status, 'Failed')) return status;
  const before = (status.conditions ?? []).flatMap((condition) => makeRoom(condition, update.type));
  return { ...status, conditions: withCondition(before, update, nowMs) };
}

function makeRoom(condition: Condition, next: TfJobConditionType): Condition[] {
  if (next === 'Running' && condition.type === 'Restarting') return [];
  if (next === 'Restarting' && condition.type === 'Running') return [];
  const isEnd = next === 'Failed' || next === 'Succeeded';
  return [isEnd && condition.type === 'Running' ? { ...condition, status: 'False' } : condition];
}
