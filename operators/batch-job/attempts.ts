import { isBeingDeleted, type KubeObject } from '../../core/kubernetes-object.ts';
import type { StoredPod } from '../../core/pod.ts';
import { isUnfinished } from '../pod-facts.ts';
import { parseIndexes } from './index-ranges.ts';
import type { Attempt, BatchJobSpec, StoredBatchJob } from './types.ts';

/*
 * Kubernetes holds finished pods back with a finalizer until it has counted them. Here the pods are numbered instead:
 * whatever number was given out and is neither active nor a success nor marked as uncounted was a failure, even where
 * its pod is gone.
 */

/** On a pod: its number. */
export const ATTEMPT_ANNOTATION = 'katydid.dev/attempt';
export const COMPLETION_INDEX_KEY = 'batch.kubernetes.io/job-completion-index';
/** On the job: JSON list of the numbers that are no failures: stopped by the operator itself, or to be ignored. */
const UNCOUNTED_ANNOTATION = 'katydid.dev/uncounted-attempts';

/** The job's pods in the order of their numbers. Pods without a number are not the operator's. */
export function attempts(pods: readonly StoredPod[]): Attempt[] {
  const numbered = pods.flatMap((pod): Attempt[] => {
    const number = wholeNumber(pod.metadata.annotations?.[ATTEMPT_ANNOTATION]);
    const completionIndex = wholeNumber(pod.metadata.annotations?.[COMPLETION_INDEX_KEY]);
    return number === null ? [] : [{ pod, number, completionIndex }];
  });
  return numbered.sort((a, b) => a.number - b.number);
}

function wholeNumber(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : null;
}

/** The numbers that the job says are no failures; none where it says nothing that can be read. */
export function readUncounted(job: KubeObject): ReadonlySet<number> {
  try {
    const list: unknown = JSON.parse(job.metadata.annotations?.[UNCOUNTED_ANNOTATION] ?? '[]');
    return new Set(
      Array.isArray(list) ? list.filter((entry): entry is number => Number.isSafeInteger(entry)) : [],
    );
  } catch {
    return new Set();
  }
}

export function uncountedAnnotations(uncounted: ReadonlySet<number>): Record<string, string> {
  if (uncounted.size === 0) return {};
  return { [UNCOUNTED_ANNOTATION]: JSON.stringify([...uncounted].sort((a, b) => a - b)) };
}

/** What the attempts of a job come to. */
export interface Tally {
  readonly active: readonly Attempt[];
  /** On their way out, with a fate that is still open. */
  readonly terminating: readonly Attempt[];
  /** Pods that failed and count; those that are gone are in `failed` only. */
  readonly failedPods: readonly Attempt[];
  readonly failed: number;
  readonly succeeded: number;
  /** Indexes of an Indexed job that are done. */
  readonly completedIndexes: ReadonlySet<number>;
  /** The number of the next attempt. */
  readonly next: number;
}

/** `uncounted` are the numbers that are no failures by now: those that the job says and any that were added since. */
export function tally(
  job: StoredBatchJob,
  spec: BatchJobSpec,
  all: readonly Attempt[],
  uncounted: ReadonlySet<number>,
): Tally {
  const status = job.status ?? {};
  const counted = all.filter(({ number }) => !uncounted.has(number));
  const active = counted.filter(({ pod }) => isUnfinished(pod) && !isBeingDeleted(pod));
  const terminating = spec.replacesOnlyFailed
    ? counted.filter(({ pod }) => isUnfinished(pod) && isBeingDeleted(pod))
    : [];
  const successes = counted.filter(({ pod }) => pod.status?.phase === 'Succeeded');
  const settled = [...active, ...terminating, ...successes];
  const succeeded = Math.max(status.succeeded ?? 0, successes.length);
  const next = Math.max((all.at(-1)?.number ?? -1) + 1, recordedAttempts(job));
  const completedIndexes = new Set([
    ...parseIndexes(status.completedIndexes ?? ''),
    ...successes.flatMap(({ completionIndex }) => completionIndex ?? []),
  ]);
  return {
    active,
    terminating,
    failedPods: counted.filter((attempt) => !settled.includes(attempt)),
    failed: Math.max(0, next - active.length - terminating.length - succeeded - uncounted.size),
    succeeded: spec.completionMode === 'Indexed' ? completedIndexes.size : succeeded,
    completedIndexes,
    next,
  };
}

/** Status and annotation together: they are written one after the other while the pods they speak of still exist. */
function recordedAttempts(job: StoredBatchJob): number {
  const { active = 0, terminating = 0, succeeded = 0, failed = 0 } = job.status ?? {};
  return active + terminating + succeeded + failed + readUncounted(job).size;
}
