import type { StoredPod } from '../../core/pod.ts';
import { parseTime } from '../../core/time.ts';
import { asWritten, type MomentOf } from '../job-times.ts';
import { finishedAtMs } from '../pod-facts.ts';
import type { Attempt } from './types.ts';

const CAP_MS = 360_000;

/**
 * The moment from which a failed pod may be replaced: the wait after the last failure begins with `baseMs` and doubles
 * with each failure since the last success, up to six minutes. 0 where there was none.
 */
export function retryAtMs(
  failedPods: readonly Attempt[],
  succeededPods: readonly StoredPod[],
  baseMs: number,
  momentOf: MomentOf = asWritten,
): number {
  const lastSuccessMs = Math.max(0, ...succeededPods.map((pod) => momentOf(endMs(pod))));
  const failuresMs = failedPods
    .map(({ pod }) => momentOf(endMs(pod)))
    .filter((time) => time >= lastSuccessMs);
  if (failuresMs.length === 0) return 0;
  return Math.max(...failuresMs) + Math.min(CAP_MS, baseMs * 2 ** (failuresMs.length - 1));
}

/** When the pod ended; of one that nobody saw end, when its deletion or at least the pod itself began. */
function endMs(pod: StoredPod): number {
  const { deletionTimestamp, deletionGracePeriodSeconds, creationTimestamp } = pod.metadata;
  const deletedMs =
    deletionTimestamp == null
      ? undefined
      : parseTime(deletionTimestamp) - (deletionGracePeriodSeconds ?? 0) * 1_000;
  return finishedAtMs(pod) ?? deletedMs ?? parseTime(creationTimestamp);
}
