import { isJsonObject } from '../../core/json.ts';
import type { KubeObject } from '../../core/kubernetes-object.ts';
import type { ReplicaPod } from './types.ts';

/*
 * How often each replica's pod was replaced by a new one. The count stands on the job (the status has no place for it)
 * and each pod carries the count it was made with, so that recording one replacement twice changes nothing.
 */

/** On the job: JSON of `Recreations`. */
const JOB_ANNOTATION = 'katydid.dev/recreations';
/** On a replacement: how many pods were in its place before. */
const POD_ANNOTATION = 'katydid.dev/recreation';

/** Replacements by place, for example `{"worker-0": 2}`. */
export type Recreations = Readonly<Record<string, number>>;

/** What the job says; empty where it says nothing that can be read. */
export function readRecreations(job: KubeObject): Recreations {
  const text = job.metadata.annotations?.[JOB_ANNOTATION];
  if (text === undefined) return {};
  try {
    const counts: unknown = JSON.parse(text);
    if (!isJsonObject(counts)) return {};
    const valid = Object.entries(counts).filter(([, count]) => Number.isSafeInteger(count));
    return Object.fromEntries(valid) as Recreations;
  } catch {
    return {};
  }
}

export function jobAnnotations(recreations: Recreations): Record<string, string> {
  return { [JOB_ANNOTATION]: JSON.stringify(recreations) };
}

/** Annotations of the pod that fills a place now. */
export function podAnnotations(
  recreations: Recreations,
  type: string,
  index: number,
): Record<string, string> {
  const count = recreations[place(type, index)] ?? 0;
  return count === 0 ? {} : { [POD_ANNOTATION]: String(count) };
}

/** How many pods were in this one's place before it. */
export function recreationOf({ pod }: ReplicaPod): number {
  return Number(pod.metadata.annotations?.[POD_ANNOTATION] ?? 0);
}

/** The pod's replacement has not been counted yet. */
export function isUncounted(recreations: Recreations, replica: ReplicaPod): boolean {
  return recreationOf(replica) >= (recreations[place(replica.type, replica.index)] ?? 0);
}

/** The counts with the replacement of these pods. Counting a pod again changes nothing. */
export function withRecreated(recreations: Recreations, replicas: readonly ReplicaPod[]): Recreations {
  const uncounted = replicas.filter((replica) => isUncounted(recreations, replica));
  const counted = uncounted.map((replica) => [place(replica.type, replica.index), recreationOf(replica) + 1]);
  return { ...recreations, ...(Object.fromEntries(counted) as Recreations) };
}

export function totalRecreations(recreations: Recreations): number {
  return Object.values(recreations).reduce((sum, count) => sum + count, 0);
}

function place(type: string, index: number): string {
  return `${type.toLowerCase()}-${index}`;
}
