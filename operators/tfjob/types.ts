import type { Stored } from '../../core/kubernetes-object.ts';
import {
  canonicalTypeOf,
  type JobRules,
  type ReplicaGroup as AnyReplicaGroup,
  type ReplicaPod as AnyReplicaPod,
  type TrainingJob,
  type TrainingJobSpec,
  type TrainingJobStatus,
} from '../training-job/types.ts';

/** Every type of replica, in the order in which they are judged. */
export const REPLICA_TYPES = ['Chief', 'Evaluator', 'Master', 'PS', 'Worker'] as const;
export type ReplicaType = (typeof REPLICA_TYPES)[number];

/** Name of the container that trains. */
export const TF_CONTAINER = 'tensorflow';
export const TF_PORT_NAME = 'tfjob-port';
export const TF_PORT = 2222;

/** Where `kubeflow.org/v1` and the older `kubeflow.org/v1beta2` mean different things by the same words. */
export interface VersionRules extends JobRules {
  /** TF_CONFIG also for a job of one replica, and in every container. */
  readonly tfConfigEverywhere: boolean;
  /** The Evaluator is listed in the cluster of TF_CONFIG. */
  readonly evaluatorInCluster: boolean;
  /** Labels of tf-operator 0.5 in addition to the present ones. */
  readonly oldLabels: boolean;
  readonly invalidReason: 'TFJobInvalidSpec' | 'InvalidTFJobSpec';
}

export type ReplicaGroup = AnyReplicaGroup<ReplicaType>;
export type ReplicaPod = AnyReplicaPod<ReplicaType>;

/** A TFJob's specification in one form for all versions, with every default filled in. */
export interface TfJobSpec extends TrainingJobSpec<ReplicaType> {
  /** Without a chief, success takes all workers and not only the first. */
  readonly needsAllWorkers: boolean;
  /** Workers come and go: TF_CONFIG is sparse, and a failed worker does not fail the job. */
  readonly dynamicWorkers: boolean;
  readonly rules: VersionRules;
}

export type TfJobStatus = TrainingJobStatus;

/** A TFJob of either version as it is stored: its `spec` may be anything. */
export type TfJob = TrainingJob;
export type StoredTfJob = Stored<TfJob>;

export function isChief(type: ReplicaType): boolean {
  return type === 'Chief' || type === 'Master';
}

/** The group whose success is the job's: Chief or Master, or undefined where the workers decide. */
export function chiefGroup(groups: readonly ReplicaGroup[]): ReplicaGroup | undefined {
  return groups.find(({ type }) => isChief(type));
}

/** `Worker` for `worker`, `WORKER` …; undefined for a name that is no replica type. */
export function canonicalType(name: string): ReplicaType | undefined {
  return canonicalTypeOf(REPLICA_TYPES, name);
}
