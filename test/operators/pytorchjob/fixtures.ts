import type { PodPhase, StoredPod } from '../../../core/pod.ts';
import { readPyTorchJobSpec } from '../../../operators/pytorchjob/read-spec.ts';
import type { PyTorchJobSpec, ReplicaType } from '../../../operators/pytorchjob/types.ts';
import type {
  ReplicaPod,
  StoredTrainingJob,
  TrainingJobStatus,
} from '../../../operators/training-job/types.ts';

export const NOW_MS = Date.UTC(2026, 0, 1);

export const TEMPLATE = { spec: { containers: [{ name: 'pytorch', image: 'train:1' }] } };

export type ReplicaManifests = Record<string, Record<string, unknown>>;

export const MASTER = { Master: { replicas: 1 } };

/** A PyTorchJob named `job`; replicas without a template get one. */
export function storedJob(
  replicas: ReplicaManifests,
  options: { name?: string; spec?: Record<string, unknown>; status?: TrainingJobStatus } = {},
): StoredTrainingJob {
  const specs = Object.entries(replicas).map(([type, spec]) => [type, { template: TEMPLATE, ...spec }]);
  return {
    apiVersion: 'kubeflow.org/v1',
    kind: 'PyTorchJob',
    metadata: {
      name: options.name ?? 'job',
      namespace: 'ns',
      uid: 'job-uid',
      resourceVersion: '1',
      creationTimestamp: '2026-01-01T00:00:00Z',
    },
    spec: { pytorchReplicaSpecs: Object.fromEntries(specs) as object, ...options.spec },
    ...(options.status && { status: options.status }),
  };
}

/** The specification of a job that must be valid. */
export function specOf(job: StoredTrainingJob): PyTorchJobSpec {
  const reading = readPyTorchJobSpec(job);
  if (!reading.valid) throw new Error(reading.issues.map(({ message }) => message).join(' '));
  return reading.spec;
}

export function replica(
  type: ReplicaType,
  index: number,
  state: { phase: PodPhase; exitCode?: number; isBeingDeleted?: boolean; reason?: string },
): ReplicaPod<ReplicaType> {
  const name = `job-${type.toLowerCase()}-${index}`;
  const { phase, exitCode, reason } = state;
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
    },
    spec: { containers: [{ name: 'pytorch' }] },
    status: {
      phase,
      ...(reason && { reason }),
      containerStatuses:
        exitCode === undefined
          ? []
          : [{ name: 'pytorch', restartCount: 0, state: { terminated: { exitCode } } }],
    },
  };
  return { pod, type, index };
}
