import { REPLICA_INDEX_LABEL, REPLICA_TYPE_LABEL } from '../../core/labels.ts';
import { isBeingDeleted } from '../../core/kubernetes-object.ts';
import type { StoredPod } from '../../core/pod.ts';
import { startFailure, terminatedState } from '../pod-facts.ts';
import {
  canonicalTypeOf,
  type ReplicaGroup,
  type ReplicaPod,
  type ReplicaStatus,
  type TrainingJobSpec,
} from './types.ts';

/** The place that a pod's labels name. Pods whose labels name none of the types are not the operator's. */
export function replicaPods<T extends string>(
  pods: readonly StoredPod[],
  types: readonly T[],
): ReplicaPod<T>[] {
  return pods.flatMap((pod) => {
    const type = canonicalTypeOf(types, pod.metadata.labels?.[REPLICA_TYPE_LABEL] ?? '');
    const index = Number(pod.metadata.labels?.[REPLICA_INDEX_LABEL] ?? Number.NaN);
    return type && Number.isSafeInteger(index) && index >= 0 ? [{ pod, type, index }] : [];
  });
}

/** The group that wants the pod, or undefined where the job has become smaller. */
export function groupOf(spec: TrainingJobSpec, { type, index }: ReplicaPod): ReplicaGroup | undefined {
  return spec.groups.find((group) => group.type === type && index < group.replicas);
}

export type ReplicaCounts = Required<ReplicaStatus>;

/** What the pods of a job come to. */
export interface Observation {
  /** By replica type. */
  readonly counts: ReadonlyMap<string, ReplicaCounts>;
  /** Failed, and by the restart policy to be replaced by a new pod. */
  readonly replaceable: readonly ReplicaPod[];
  /** Failed for good. */
  readonly lost: readonly ReplicaPod[];
  /** The first replica of the deciding type has succeeded and its training container ended with 0. */
  readonly firstDone: boolean;
}

export function observe(spec: TrainingJobSpec, pods: readonly ReplicaPod[]): Observation {
  const wanted = pods.filter((replica) => groupOf(spec, replica) !== undefined);
  const failed = wanted.filter(({ pod }) => hasFailed(pod));
  const counts = spec.groups.map(({ type }) => {
    const ofType = wanted.filter((replica) => replica.type === type);
    return [type, countPods(ofType.map(({ pod }) => pod))] as const;
  });
  return {
    counts: new Map(counts),
    replaceable: failed.filter((replica) => isReplaceable(spec, replica)),
    lost: failed.filter((replica) => !isReplaceable(spec, replica)),
    firstDone: wanted.some((replica) => isFirstDone(spec, replica)),
  };
}

function countPods(pods: readonly StoredPod[]): ReplicaCounts {
  return {
    active: pods.filter((pod) => pod.status?.phase === 'Running' && !isBeingDeleted(pod)).length,
    succeeded: pods.filter((pod) => pod.status?.phase === 'Succeeded').length,
    failed: pods.filter(hasFailed).length,
  };
}

/** Somebody else who deletes a running pod makes the replica fail; the operator does not judge pods that it stops. */
function hasFailed(pod: StoredPod): boolean {
  const phase = pod.status?.phase;
  return phase === 'Failed' || (phase === 'Running' && isBeingDeleted(pod));
}

function isReplaceable(spec: TrainingJobSpec, replica: ReplicaPod): boolean {
  const { pod } = replica;
  const policy = groupOf(spec, replica)?.restartPolicy;
  if (pod.status?.phase !== 'Failed') return spec.rules.replacesDeletedPods && policy !== 'Never';
  if (startFailure(pod)) return false;
  switch (policy) {
    case 'ExitCode':
      return spec.rules.isRetryable(exitCode(spec, pod));
    case 'OnFailure':
    case 'Always':
      return spec.rules.replacesFailedPods;
    case 'Never':
    case undefined:
      return false;
  }
}

/** Exit code of the training container, or null where it is not known. */
export function exitCode({ rules }: TrainingJobSpec, pod: StoredPod): number | null {
  return terminatedState(pod, rules.container)?.exitCode ?? null;
}

function isFirstDone(spec: TrainingJobSpec, { type, index, pod }: ReplicaPod): boolean {
  const isFirst = type === spec.success?.type && index === 0;
  return isFirst && pod.status?.phase === 'Succeeded' && exitCode(spec, pod) === 0;
}
