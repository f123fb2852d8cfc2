import type { KubeObject, Stored } from '../../core/kubernetes-object.ts';
import type { StoredPod } from '../../core/pod.ts';
import type { PodTemplate } from '../pod-template.ts';

export const COMPLETION_MODES = ['NonIndexed', 'Indexed'] as const;
export type CompletionMode = (typeof COMPLETION_MODES)[number];

export const JOB_RESTART_POLICIES = ['Never', 'OnFailure'] as const;
export type JobRestartPolicy = (typeof JOB_RESTART_POLICIES)[number];

/** What a failed pod means for its job. The first rule that matches decides; without one it counts as a failure. */
export interface PodFailureRule {
  readonly action: 'FailJob' | 'Ignore' | 'Count';
  readonly onExitCodes: {
    /** Null: any container. */
    readonly containerName: string | null;
    readonly operator: 'In' | 'NotIn';
    readonly values: readonly number[];
  } | null;
  readonly onPodConditions: readonly { readonly type: string; readonly status: string }[];
}

/** A batch Job's specification with every default filled in. */
export interface BatchJobSpec {
  readonly parallelism: number;
  /** Null: the job is done when one pod has succeeded and all others have ended (a work queue). */
  readonly completions: number | null;
  readonly completionMode: CompletionMode;
  /** Failed pods, or restarts of containers under OnFailure, before the job fails. */
  readonly backoffLimit: number;
  readonly activeDeadlineSeconds: number | null;
  readonly ttlSecondsAfterFinished: number | null;
  readonly suspend: boolean;
  /** A pod is replaced once it is gone or finished, and not as soon as it is being deleted. */
  readonly replacesOnlyFailed: boolean;
  readonly podFailureRules: readonly PodFailureRule[];
  readonly restartPolicy: JobRestartPolicy;
  readonly template: PodTemplate;
}

/** An entry of a batch Job's conditions: other fields than a TFJob's. */
export interface JobCondition {
  type: 'Complete' | 'Failed' | 'Suspended';
  status: 'True' | 'False';
  reason: string;
  message: string;
  lastProbeTime: string;
  lastTransitionTime: string;
}

/** Counts of zero are left out. */
export interface BatchJobStatus {
  conditions?: JobCondition[];
  startTime?: string;
  /** Set on success only. */
  completionTime?: string;
  active?: number;
  /** Pods being deleted whose fate is still open. */
  terminating?: number;
  succeeded?: number;
  failed?: number;
  /** `0,2-4`: the indexes that have succeeded. */
  completedIndexes?: string;
}

/** A batch Job as it is stored: its `spec` may be anything. */
export interface BatchJob extends KubeObject {
  spec?: unknown;
  status?: BatchJobStatus;
}
export type StoredBatchJob = Stored<BatchJob>;

/** A pod of the job. Pods are numbered in the order of their creation, over the job's whole life. */
export interface Attempt {
  readonly pod: StoredPod;
  readonly number: number;
  /** Which of an Indexed job's completions it works on; null for other jobs. */
  readonly completionIndex: number | null;
}
