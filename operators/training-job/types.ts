import type { Condition, KubeObject, Stored } from '../../core/kubernetes-object.ts';
import type { StoredPod } from '../../core/pod.ts';
import type { PodTemplate } from '../pod-template.ts';

/*
 * What all jobs of the Training Operator have in common: replicas by type, a policy about how they are run, and a status
 * of conditions and counts.
 */

export const REPLICA_RESTART_POLICIES = ['Always', 'OnFailure', 'Never', 'ExitCode'] as const;
export type ReplicaRestartPolicy = (typeof REPLICA_RESTART_POLICIES)[number];

export const CLEAN_POD_POLICIES = ['None', 'Running', 'All'] as const;
export type CleanPodPolicy = (typeof CLEAN_POD_POLICIES)[number];

/** All replicas of one type, with every default filled in. */
export interface ReplicaGroup<T extends string = string> {
  readonly type: T;
  /** At least 1. */
  readonly replicas: number;
  readonly restartPolicy: ReplicaRestartPolicy;
  readonly template: PodTemplate;
}

/** Which replicas have to succeed for the job to succeed. */
export interface SuccessRule {
  /** The type that decides; the success of others means nothing. */
  readonly type: string;
  /** How many of them; `first` is the one with index 0, whose training container must have ended with 0. */
  readonly needs: 'all' | 'any' | 'first-or-all';
}

export interface JobName {
  readonly namespace: string;
  readonly name: string;
}

/** Texts of conditions and events, as the Training Operator words them. */
export interface JobMessages {
  running(job: JobName): string;
  succeeded(job: JobName, deciding: string): string;
  failed(job: JobName, count: number, type: string): string;
  restarting(job: JobName, count: number, type: string): string;
}

/** What kinds of training jobs, and their versions, do each in its own way. */
export interface JobRules {
  /** Name of the container that trains. */
  readonly container: string;
  /** Under restart policy ExitCode: is a pod that ended so replaced? Null where the code is not known. */
  readonly isRetryable: (exitCode: number | null) => boolean;
  /** Under OnFailure and Always, a pod that failed as a whole (evicted, node lost) is replaced. */
  readonly replacesFailedPods: boolean;
  /** A running pod that somebody deletes is replaced, unless its policy is Never. Otherwise it fails the job. */
  readonly replacesDeletedPods: boolean;
  readonly messages: JobMessages;
}

/** A training job's specification with every default filled in. */
export interface TrainingJobSpec<T extends string = string> {
  /** At most one per type, in the order in which types are judged. Never empty. */
  readonly groups: readonly ReplicaGroup<T>[];
  readonly cleanPodPolicy: CleanPodPolicy;
  /** Seconds from the end to the deletion of the job; null keeps it. */
  readonly ttlSecondsAfterFinished: number | null;
  /** Seconds that the job may be active; null means no limit. */
  readonly activeDeadlineSeconds: number | null;
  /** Restarts and replacements before the job fails; null means no limit. */
  readonly backoffLimit: number | null;
  readonly suspend: boolean;
  /** Null where nothing makes the job succeed. */
  readonly success: SuccessRule | null;
  /** Types whose replicas may be lost without failing the job. */
  readonly expendable: readonly T[];
  readonly rules: JobRules;
}

/** Zero counts are left out. */
export interface ReplicaStatus {
  active?: number;
  succeeded?: number;
  failed?: number;
}

export interface TrainingJobStatus {
  conditions?: Condition[];
  /** By replica type. */
  replicaStatuses?: Record<string, ReplicaStatus>;
  /** When the job began, or was last resumed. */
  startTime?: string;
  completionTime?: string;
  lastReconcileTime?: string;
}

/** A training job as it is stored: its `spec` may be anything. */
export interface TrainingJob extends KubeObject {
  spec?: unknown;
  status?: TrainingJobStatus;
}
export type StoredTrainingJob = Stored<TrainingJob>;

/** A pod of the job and the place it fills. */
export interface ReplicaPod<T extends string = string> {
  readonly pod: StoredPod;
  readonly type: T;
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

/** `<job>-<type>-<index>`: the name of a replica's pod and service. */
export function replicaName(job: string, type: string, index: number): string {
  return `${job}-${type.toLowerCase()}-${index}`;
}

/** The type that is meant: `Worker` for `worker`, `WORKER` …; undefined for a name that is none of the types. */
export function canonicalTypeOf<T extends string>(types: readonly T[], name: string): T | undefined {
  return types.find((type) => type.toLowerCase() === name.toLowerCase());
}
