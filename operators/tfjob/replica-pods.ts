import { REPLICA_INDEX_LABEL, REPLICA_TYPE_LABEL } from '../../core/labels.ts';
import { isBeingDeleted } from '../../core/kubernetes-object.ts';
import type { StoredPod } from '../../core/pod.ts';
import { startFailure, terminatedState } from '../pod-facts.ts';
import {
  canonicalType,
  TF_CONTAINER,
  type ReplicaGroup,
  type ReplicaPod,
  type ReplicaStatus,
  type ReplicaType,
  type TfJobSpec,
} from './types.ts';

/** The place that a pod's labels name. Pods whose labels name none are not the operator's. */
export function replicaPods(pods: readonly StoredPod[]): ReplicaPod[] {
  return pods.flatMap((pod) => {
    const type = canonicalType(pod.metadata.labels?.[REPLICA_TYPE_LABEL] ?? '');
    const index = Number(pod.metadata.labels?.[REPLICA_INDEX_LABEL] ?? Number.NaN);
    return type && Number.isSafeInteger(index) && index >= 0 ? [{ pod, type, index }] : [];
  });
}

/** The group that wants the pod, or undefined where the job has become smaller. */
export function groupOf(spec: TfJobSpec, { type, index }: ReplicaPod): ReplicaGroup | undefined {
  return spec.groups.find((group) => group.type === type && index < group.replicas);
}

export type ReplicaCounts = Required<ReplicaStatus>;

/** What the pods of a job come to. */
export interface Observation {
  readonly counts: ReadonlyMap<ReplicaType, ReplicaCounts>;
  /** Failed, and by the restart policy to be replaced by a new pod. */
  readonly replaceable: readonly ReplicaPod[];
  /** Failed for good. */
  readonly lost: readonly ReplicaPod[];
  /** Worker 0 has succeeded and its training container ended with 0. */
  readonly firstWorkerDone: boolean;
}

export function observe(spec: TfJobSpec, pods: readonly ReplicaPod[]): Observation {
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
    firstWorkerDone: wanted.some(isFirstWorkerDone),
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

function isReplaceable(spec: TfJobSpec, replica: ReplicaPod): boolean {
  const { pod } = replica;
  if (pod.status?.phase !== 'Failed' || startFailure(pod)) return false;
  switch (groupOf(spec, replica)?.restartPolicy) {
    case 'ExitCode':
      return spec.rules.isRetryable(exitCode(pod));
    case 'OnFailure':
    case 'Always':
      return spec.rules.replacesFailedPods;
    case 'Never':
    case undefined:
      return false;
  }
}

/** Exit code of the training container, or null where it is not known. */
export function exitCode(pod: StoredPod): number | null {
  return terminatedState(pod, TF_CONTAINER)?.exitCode ?? null;
}

function isFirstWorkerDone({ type, index, pod }: ReplicaPod): boolean {
  return type === 'Worker' && index === 0 && pod.status?.phase === 'Succeeded' && exitCode(pod) === 0;
}
