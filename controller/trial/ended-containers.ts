import type { LogTail } from '../../core/observation.ts';
import type { ContainerStatus, StoredPod } from '../../core/pod.ts';
import { parseTime } from '../../core/time.ts';

/** A container of a trial that ended badly. */
export interface EndedContainer {
  pod: string;
  container: string;
  exitCode: number | null;
  signal: number | null;
  /** `Error`, `OOMKilled`, `StartError` or a LOCAL_* code. */
  reason: string | undefined;
  /** The end of its output, as far as it was kept. */
  output: string;
  endedMs: number;
}

/**
 * The containers that ended badly, the first to fail first: in a distributed training the others often fail because of
 * it. Pods tell more than log tails, which are all that is left where the pods are gone.
 */
export function badlyEnded(
  pods: readonly StoredPod[],
  tails: readonly LogTail[],
  primaryContainer: string | undefined,
  isCollector: (container: string) => boolean,
): EndedContainer[] {
  const fromPods = pods.flatMap((pod) => endedInPod(pod, tails));
  const seen = new Set(fromPods.map(({ pod, container }) => `${pod}/${container}`));
  const fromTails = tails
    .filter(
      ({ pod, container, exitCode }) =>
        exitCode !== null && exitCode !== 0 && !seen.has(`${pod}/${container}`),
    )
    .map(endedByTail);
  const isPrimary = ({ container }: EndedContainer): number => Number(container === primaryContainer);
  const ended = [...fromPods, ...fromTails].filter(({ container }) => !isCollector(container));
  return ended.toSorted((a, b) => a.endedMs - b.endedMs || isPrimary(b) - isPrimary(a));
}

/** What a metrics collector that ended badly said, undefined where none did. `collector` is the name of its container. */
export function collectorProblemOf(pods: readonly StoredPod[], collector: string): string | undefined {
  const statuses = pods.flatMap(({ status }) => [
    ...(status?.initContainerStatuses ?? []),
    ...(status?.containerStatuses ?? []),
  ]);
  return statuses
    .filter(({ name }) => name === collector)
    .map(({ state }) => state?.terminated)
    .find((ended) => ended !== undefined && ended.exitCode !== 0)?.message;
}

function endedInPod(pod: StoredPod, tails: readonly LogTail[]): EndedContainer[] {
  const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  return statuses.flatMap((status) => endedInStatus(pod.metadata.name, status, tails));
}

function endedInStatus(pod: string, status: ContainerStatus, tails: readonly LogTail[]): EndedContainer[] {
  const ended = [status.state?.terminated, status.lastState?.terminated].find(
    (state) => state !== undefined && (state.exitCode !== 0 || state.signal !== undefined),
  );
  if (!ended) return [];
  const tail = tails.findLast((candidate) => candidate.pod === pod && candidate.container === status.name);
  return [
    {
      pod,
      container: status.name,
      exitCode: ended.exitCode,
      signal: ended.signal ?? null,
      reason: ended.reason,
      output: ended.message ?? tail?.text ?? '',
      endedMs: parseTime(ended.finishedAt ?? '') || Infinity,
    },
  ];
}

function endedByTail({ pod, container, exitCode, reason, text, timeMs }: LogTail): EndedContainer {
  return {
    pod,
    container,
    exitCode,
    signal: null,
    reason: reason ?? undefined,
    output: text,
    endedMs: timeMs,
  };
}
