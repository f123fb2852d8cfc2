import type { Condition } from '../../../core/kubernetes-object.ts';
import type { PodPhase, StoredPod } from '../../../core/pod.ts';
import { readTfJobSpec } from '../../../operators/tfjob/read-spec.ts';
import type { ReplicaPod, ReplicaType, StoredTfJob, TfJobSpec } from '../../../operators/tfjob/types.ts';

export const NOW_MS = Date.UTC(2026, 0, 1);

export const TEMPLATE = {
  spec: { containers: [{ name: 'tensorflow', image: 'train:1' }] },
};

export type ReplicaManifests = Record<string, Record<string, unknown>>;

/** A TFJob named `job`; replicas without a template get one. */
export function storedJob(
  tfReplicaSpecs: ReplicaManifests,
  options: { apiVersion?: string; spec?: Record<string, unknown>; status?: StoredTfJob['status'] } = {},
): StoredTfJob {
  const specs = Object.entries(tfReplicaSpecs).map(([type, spec]) => [type, { template: TEMPLATE, ...spec }]);
  return {
    apiVersion: options.apiVersion ?? 'kubeflow.org/v1',
    kind: 'TFJob',
    metadata: {
      name: 'job',
      namespace: 'ns',
      uid: 'job-uid',
      resourceVersion: '1',
      creationTimestamp: '2026-01-01T00:00:00Z',
    },
    spec: { tfReplicaSpecs: Object.fromEntries(specs) as object, ...options.spec },
    ...(options.status && { status: options.status }),
  };
}

/** The specification of a job that must be valid. */
export function specOf(job: StoredTfJob): TfJobSpec {
  const reading = readTfJobSpec(job);
  if (!reading.valid) throw new Error(reading.issues.map(({ message }) => message).join(' '));
  return reading.spec;
}

export interface PodState {
  phase: PodPhase;
  exitCode?: number;
  isBeingDeleted?: boolean;
  restarts?: number;
  reason?: string;
  recreation?: number;
  finishedAt?: string;
}

export function replica(type: ReplicaType, index: number, state: PodState): ReplicaPod {
  const name = `job-${type.toLowerCase()}-${index}`;
  const terminated = state.exitCode === undefined ? undefined : { exitCode: state.exitCode };
  const status = {
    name: 'tensorflow',
    restartCount: state.restarts ?? 0,
    ...(terminated && {
      state: { terminated: { ...terminated, ...(state.finishedAt && { finishedAt: state.finishedAt }) } },
    }),
  };
  const pod: StoredPod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'ns',
      uid: name,
      resourceVersion: '1',
      creationTimestamp: '2026-01-01T00:00:00Z',
      ...(state.isBeingDeleted && { deletionTimestamp: '2026-01-01T00:00:30Z' }),
      ...(state.recreation && { annotations: { 'katydid.dev/recreation': String(state.recreation) } }),
    },
    spec: { containers: [{ name: 'tensorflow' }] },
    status: {
      phase: state.phase,
      ...(state.reason && { reason: state.reason }),
      containerStatuses: terminated || state.restarts !== undefined ? [status] : [],
    },
  };
  return { pod, type, index };
}

/** Pods by counts, failed ones with exit code 1 or the given one, in the order succeeded, running, failed. */
export function replicasOf(
  type: ReplicaType,
  counts: { failed: number; succeeded: number; active: number },
  options: { exitCode?: number; firstExitsZero?: boolean } = {},
): ReplicaPod[] {
  const states: PodState[] = [
    ...Array.from({ length: counts.succeeded }, (_, index): PodState => {
      const isKnown = index === 0 && options.firstExitsZero;
      return { phase: 'Succeeded', ...(isKnown && { exitCode: 0 }) };
    }),
    ...Array.from({ length: counts.active }, (): PodState => ({ phase: 'Running' })),
    ...Array.from({ length: counts.failed }, (): PodState => {
      return { phase: 'Failed', exitCode: options.exitCode ?? 1 };
    }),
  ];
  return states.map((state, index) => replica(type, index, state));
}

/** `Running` or `Running=False`, without Created. */
export function describeConditions(conditions: readonly Condition[] | undefined): string[] {
  const others = (conditions ?? []).filter(({ type }) => type !== 'Created');
  return others.map(({ type, status }) => (status === 'True' ? type : `${type}=${status}`));
}
