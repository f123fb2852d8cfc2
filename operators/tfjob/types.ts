import type { Condition, KubeObject, Stored } from '../../core/kubernetes-object.ts';
import type { StoredPod } from '../../core/pod.ts';
import type { PodTemplate } from '../pod-template.ts';

/** Every type of replica, in the order in which they are judged. */
export const REPLICA_TYPES = ['Chief', 'Evaluator', 'Master', 'PS', 'Worker'] as const;
export type ReplicaType = (typeof REPLICA_TYPES)[number];

export const REPLICA_RESTART_POLICIES = ['Always', 'OnFailure', 'Never', 'ExitCode'] as const;
export type ReplicaRestartPolicy = (typeof REPLICA_RESTART_POLICIES)[number];

export const CLEAN_POD_POLICIES = ['None', 'Running', 'All'] as const;
export type CleanPodPolicy = (typeof CLEAN_POD_POLICIES)[number];

/** Name of the container that trains. */
export const TF_CONTAINER = 'tensorflow';
export const TF_PORT_NAME = 'tfjob-port';
export const TF_PORT = 2222;

/** Where `kubeflow.org/v1` and the older `kubeflow.org/v1beta2` mean different things by the same words. */
export interface VersionRules {
  /** Under restart policy ExitCode: is a pod that ended so replaced? Null where the code is not known. */
  readonly isRetryable: (exitCode: number | null) => boolean;
  /** Under OnFailure and Always, a pod that failed as a whole (evicted, node lost) is replaced. */
  readonly replacesFailedPods: boolean;
  /** TF_CONFIG also for a job of one replica, and in every container. */
  readonly tfConfigEverywhere: boolean;
  /** The Evaluator is listed in the cluster of TF_CONFIG. */
  readonly evaluatorInCluster: boolean;
  /** Labels of tf-operator 0.5 in addition to the present ones. */
  readonly oldLabels: boolean;
  readonly invalidReason: 'TFJobInvalidSpec' | 'InvalidTFJobSpec';
}

/** All replicas of one type, with every default filled in. */
export interface ReplicaGroup {
  readonly type: ReplicaType;
  /** At least 1. */
  readonly replicas: number;
  readonly restartPolicy: ReplicaRestartPolicy;
  readonly template: PodTemplate;
}

/** A TFJob's specification in one form for all versions, with every default filled in. */
export interface TfJobSpec {
  /** At most one per type, in the order of `REPLICA_TYPES`. Never empty. */
  readonly groups: readonly ReplicaGroup[];
  readonly cleanPodPolicy: CleanPodPolicy;
  /** Seconds from the end to the deletion of the job; null keeps it. */
  readonly ttlSecondsAfterFinished: number | null;
  /** Seconds that the job may be active; null means no limit. */
  readonly activeDeadlineSeconds: number | null;
  /** Restarts and replacements before the job fails; null means no limit. */
  readonly backoffLimit: number | null;
  readonly suspend: boolean;
  /** Without a chief, success takes all workers and not only the first. */
  readonly needsAllWorkers: boolean;
  /** Workers come and go: TF_CONFIG is sparse, and a failed worker does not fail the job. */
  readonly dynamicWorkers: boolean;
  readonly rules: VersionRules;
}

/** Zero counts are left out. */
export interface ReplicaStatus {
  active?: number;
  succeeded?: number;
  failed?: number;
}

export interface TfJobStatus {
  conditions?: Condition[];
  replicaStatuses?: Partial<Record<ReplicaType, ReplicaStatus>>;
  /** When the job began, or was last resumed. */
  startTime?: string;
  completionTime?: string;
  lastReconcileTime?: string;
}

/** A TFJob of either version as it is stored: its `spec` may be anything. */
export interface TfJob extends KubeObject {
  spec?: unknown;
  status?: TfJobStatus;
}
export type StoredTfJob = Stored<TfJob>;

/** A pod of the job and the place it fills. */
export interface ReplicaPod {
  readonly pod: StoredPod;
  readonly type: ReplicaType;
  readonly index: number;
}

/** A headless `v1` Service: gives a replica its address. */
export interface ReplicaService extends KubeObject {
  spec: {
    clusterIP: 'None';
    selector: Record<string, string>;
    ports: { name: string; port: number }[];
  };
}

export function isChief(type: ReplicaType): boolean {
  return type === 'Chief' || type === 'Master';
}

/** The group whose success is the job's: Chief or Master, or undefined where the workers decide. */
export function chiefGroup(groups: readonly ReplicaGroup[]): ReplicaGroup | undefined {
  return groups.find(({ type }) => isChief(type));
}

/** `<job>-<type>-<index>`: the name of a replica's pod and service. */
export function replicaName(job: string, type: ReplicaType, index: number): string {
  return `${job}-${type.toLowerCase()}-${index}`;
}

/** `Worker` for `worker`, `WORKER` …; undefined for a name that is no replica type. */
export function canonicalType(name: string): ReplicaType | undefined {
  return REPLICA_TYPES.find((type) => type.toLowerCase() === name.toLowerCase());
}
