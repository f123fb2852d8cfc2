import { isBeingDeleted } from '../core/kubernetes-object.ts';
import type { ContainerStateTerminated, ContainerStatus, Pod } from '../core/pod.ts';
import { parseTime } from '../core/time.ts';

/** Pods that may have processes: not finished, deleted or not. */
export function isUnfinished(pod: Pod): boolean {
  return pod.status?.phase !== 'Succeeded' && pod.status?.phase !== 'Failed';
}

/** Pods that count as active: neither finished nor on their way out. */
export function isActive(pod: Pod): boolean {
  return isUnfinished(pod) && !isBeingDeleted(pod);
}

/** How the container ended, or undefined while it has not. */
export function terminatedState(pod: Pod, container: string): ContainerStateTerminated | undefined {
  return pod.status?.containerStatuses?.find(({ name }) => name === container)?.state?.terminated;
}

function allStatuses(pod: Pod): ContainerStatus[] {
  return [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
}

/** How often the kubelet started containers of the pods over, all together. */
export function restartCount(pods: readonly Pod[]): number {
  return pods.flatMap(allStatuses).reduce((sum, status) => sum + status.restartCount, 0);
}

/** Refusals of the process kubelet that another attempt may not meet. */
const PASSING_REFUSALS: readonly string[] = ['LOCAL_PORT_IN_USE', 'LOCAL_RUNNER_ERROR'];

function isLastingRefusal(reason: string | undefined): reason is string {
  return (reason?.startsWith('LOCAL_') ?? false) && !PASSING_REFUSALS.includes(reason ?? '');
}

/**
 * Why the node could not even start the pod's processes: a missing program, an unsupported field. The same pod would
 * meet the same end, so it is not worth repeating, whatever its exit code is. Undefined where it was started.
 */
export function startFailure(pod: Pod): { reason: string; message: string } | undefined {
  const { reason, message = '' } = pod.status ?? {};
  if (isLastingRefusal(reason)) return { reason, message };
  for (const { state } of allStatuses(pod)) {
    const { reason: cause, message: text = '' } = state?.terminated ?? {};
    if (cause === 'StartError' || isLastingRefusal(cause)) return { reason: cause, message: text };
  }
  return undefined;
}

/** When the pod's last container ended, in milliseconds since the epoch; undefined where the pod does not say. */
export function finishedAtMs(pod: Pod): number | undefined {
  const times = allStatuses(pod)
    .map(({ state }) => parseTime(state?.terminated?.finishedAt ?? ''))
    .filter((time) => !Number.isNaN(time));
  return times.length === 0 ? undefined : Math.max(...times);
}
