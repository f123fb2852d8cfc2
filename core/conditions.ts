import type { Condition } from './kubernetes-object.ts';
import { rfc3339Seconds } from './time.ts';

export function findCondition(
  conditions: readonly Condition[] | undefined,
  type: string,
): Condition | undefined {
  return conditions?.find((condition) => condition.type === type);
}

export function isConditionTrue(conditions: readonly Condition[] | undefined, type: string): boolean {
  return findCondition(conditions, type)?.status === 'True';
}

/** What a condition says, before the list decides its times and place. */
export interface ConditionUpdate {
  type: string;
  status: Condition['status'];
  reason: string;
  message: string;
}

/**
 * The list with one condition set, by Katib's and the Training Operator's common rule: a repeat of status and reason
 * changes nothing; otherwise the old entry is dropped and the new one appended, so that the last entry is the latest
 * change. `lastTransitionTime` survives while the status stays the same. Never changes its argument.
 */
export function withCondition(
  conditions: readonly Condition[] | undefined,
  update: ConditionUpdate,
  nowMs: number,
): Condition[] {
  const list = [...(conditions ?? [])];
  const old = findCondition(list, update.type);
  if (old?.status === update.status && old.reason === update.reason) return list;
  const now = rfc3339Seconds(nowMs);
  const keptTransition = old?.status === update.status ? old.lastTransitionTime : undefined;
  const kept = list.filter((condition) => condition.type !== update.type);
  return [...kept, { ...update, lastUpdateTime: now, lastTransitionTime: keptTransition ?? now }];
}

/** The list with the status of one condition changed in place: its position, reason and message stay. */
export function withStatusInPlace(
  conditions: readonly Condition[] | undefined,
  type: string,
  status: Condition['status'],
  nowMs: number,
): Condition[] {
  const now = rfc3339Seconds(nowMs);
  return (conditions ?? []).map((condition) =>
    condition.type === type && condition.status !== status
      ? { ...condition, status, lastUpdateTime: now, lastTransitionTime: now }
      : condition,
  );
}
