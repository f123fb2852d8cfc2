import type { Pod, PodPhase, PodStatus } from '../../core/pod.ts';
import { rfc3339Seconds } from '../../core/time.ts';
import type { ContainerStates } from './container-states.ts';
import type { NodeFacts } from './node-facts.ts';

type PodConditions = NonNullable<PodStatus['conditions']>;

/** How far a pod has come. `reason` and `message` say why, where that needs saying. */
export interface PodProgress {
  readonly stage: 'waiting' | 'starting' | 'running' | 'succeeded' | 'failed';
  readonly reason?: string;
  readonly message?: string;
  /** When the pod left the stage `waiting`. */
  readonly startedMs?: number;
}

const PHASES: Readonly<Record<PodProgress['stage'], PodPhase>> = {
  waiting: 'Pending',
  starting: 'Pending',
  running: 'Running',
  succeeded: 'Succeeded',
  failed: 'Failed',
};

/** The whole status of a pod. Conditions keep their transition time while their status stays. */
export function podStatus(
  progress: PodProgress,
  states: ContainerStates,
  node: NodeFacts,
  previous: PodStatus | undefined,
  nowMs: number,
): PodStatus {
  const { stage, reason, message, startedMs } = progress;
  const says = { ...(reason !== undefined && { reason }), ...(message !== undefined && { message }) };
  const initStatuses = states.initStatuses();
  return {
    phase: PHASES[stage],
    conditions: conditions(progress, states, previous?.conditions, nowMs),
    // Why a pod waits stands in its condition, as in Kubernetes.
    ...(stage !== 'waiting' && says),
    ...(startedMs !== undefined && {
      startTime: rfc3339Seconds(startedMs),
      hostIP: node.ip,
      podIP: node.ip,
      podIPs: [{ ip: node.ip }],
    }),
    containerStatuses: states.mainStatuses(),
    ...(initStatuses.length > 0 && { initContainerStatuses: initStatuses }),
  };
}

function conditions(
  progress: PodProgress,
  states: ContainerStates,
  previous: PodConditions = [],
  nowMs: number,
): PodConditions {
  const { stage, reason = 'Unschedulable', message = '' } = progress;
  const initialized = stage !== 'waiting' && stage !== 'starting';
  const ready = stage === 'running' && states.mainStatuses().every((status) => status.ready);
  const condition = (type: string, isTrue: boolean, why: object = {}): PodConditions[number] => {
    const status = isTrue ? 'True' : 'False';
    const before = previous.find((entry) => entry.type === type && entry.status === status);
    return { type, status, ...why, lastTransitionTime: before?.lastTransitionTime ?? rfc3339Seconds(nowMs) };
  };
  return [
    condition('PodScheduled', stage !== 'waiting', stage === 'waiting' ? { reason, message } : {}),
    condition('Initialized', initialized),
    condition('Ready', ready),
    condition('ContainersReady', ready),
  ];
}

/**
 * What a stored status comes to when all its containers had ended but nobody had drawn the conclusion; undefined where
 * something is left to run.
 */
export function settledStage(pod: Pod): 'succeeded' | 'failed' | undefined {
  const { containerStatuses = [], initContainerStatuses = [] } = pod.status ?? {};
  const complete =
    containerStatuses.length === pod.spec.containers.length &&
    initContainerStatuses.length === (pod.spec.initContainers ?? []).length;
  const ended = [...containerStatuses, ...initContainerStatuses].every((status) => status.state?.terminated);
  if (!complete || !ended) return undefined;
  const failed = containerStatuses.some((status) => status.state?.terminated?.exitCode !== 0);
  const policy = pod.spec.restartPolicy ?? 'Always';
  if (policy === 'Always' || (failed && policy !== 'Never')) return undefined;
  return failed ? 'failed' : 'succeeded';
}
