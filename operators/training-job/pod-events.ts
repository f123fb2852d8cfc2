import type { StoredPod } from '../../core/pod.ts';
import type { JobEvent } from '../job-event.ts';
import { exitCode } from './replica-pods.ts';
import type { ReplicaPod, TrainingJobSpec } from './types.ts';

/** What is told about the pods of a job that has not ended: exit codes, and what containers complain about. */
export function podEvents(spec: TrainingJobSpec, pods: readonly ReplicaPod[]): JobEvent[] {
  return [
    ...overwrittenPolicies(spec),
    ...pods.flatMap(({ pod }) => [...exits(spec, pod), ...complaints(pod)]),
  ];
}

function overwrittenPolicies({ groups }: TrainingJobSpec): JobEvent[] {
  if (groups.every(({ template }) => template.spec.restartPolicy == null)) return [];
  const message = 'Restart policy in pod template will be overwritten by restart policy in replica spec';
  return [{ type: 'Warning', reason: 'SetPodTemplateRestartPolicy', message }];
}

function exits(spec: TrainingJobSpec, pod: StoredPod): JobEvent[] {
  const code = exitCode(spec, pod);
  if (code === null) return [];
  const { namespace = '', name } = pod.metadata;
  const message = `Pod: ${namespace}.${name} exited with code ${code}`;
  return [{ type: 'Normal', reason: 'ExitedWithCode', message }];
}

/** A container's own reason: ImagePullBackOff, Error, OOMKilled … */
function complaints(pod: StoredPod): JobEvent[] {
  return (pod.status?.containerStatuses ?? []).flatMap(({ state }): JobEvent[] => {
    const { reason, message = '' } = state?.terminated ?? state?.waiting ?? {};
    const isOrdinary =
      !reason || reason === 'Completed' || reason === 'ContainerCreating' || reason === 'PodInitializing';
    return isOrdinary ? [] : [{ type: 'Warning', reason, message }];
  });
}
