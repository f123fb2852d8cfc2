import type { KatydidError } from '../../core/errors.ts';
import type { Container } from '../../core/pod.ts';
import { isCollector, runCollector } from './collector-runner.ts';
import { runContainer, type ContainerOutcome } from './container-runner.ts';
import type { PodScope } from './pod-scope.ts';
import { StopRequest } from './stop-request.ts';

/** What a pod's containers came to. `stopped` where one of them was not run to an end of its own. */
export type PodOutcome =
  | { kind: 'ended'; stage: 'succeeded' | 'failed' }
  | { kind: 'refused'; error: KatydidError }
  | { kind: 'stopped' };

export interface ContainersInput {
  scope: PodScope;
  stop: StopRequest;
  /** How long containers may take to end. */
  graceMs: number;
  /** Called when the init containers are done. */
  onInitialized: () => void;
}

/**
 * Runs init containers one after another, sidecars from their place among them on, then all main containers; ends the
 * sidecars after those. Resolves when every process has ended.
 */
export async function runPodContainers(input: ContainersInput): Promise<PodOutcome> {
  const { scope, stop, graceMs } = input;
  const sidecarStop = new StopRequest(scope.services.clock);
  const killWithPod = (): void => sidecarStop.request(stop.cause ?? 'ended', 0);
  stop.kill.addEventListener('abort', killWithPod, { once: true });
  const sidecars: Promise<unknown>[] = [];
  const startSidecar = async (container: Container): Promise<void> => {
    const ended = runSidecarContainer(container, sidecarStop, scope);
    sidecars.push(ended);
    await Promise.race([scope.states.started(container.name), ended.catch(() => undefined)]);
  };
  try {
    return await runInOrder(input, startSidecar);
  } finally {
    sidecarStop.request(stop.cause ?? 'ended', stop.kill.aborted ? 0 : graceMs);
    await Promise.allSettled(sidecars);
    sidecarStop.settle();
    stop.kill.removeEventListener('abort', killWithPod);
  }
}

async function runInOrder(
  { scope, stop, graceMs, onInitialized }: ContainersInput,
  startSidecar: (container: Container) => Promise<void>,
): Promise<PodOutcome> {
  for (const container of scope.pod.spec.initContainers ?? []) {
    if (container.restartPolicy === 'Always') {
      await startSidecar(container);
      continue;
    }
    const outcome = podOutcome([await runContainer(container, 'init', stop, scope)]);
    if (outcome.kind !== 'ended' || outcome.stage === 'failed') return outcome;
    scope.publish();
  }
  onInitialized();
  return runMainContainers(scope, stop, graceMs);
}

function runSidecarContainer(container: Container, stop: StopRequest, scope: PodScope): Promise<unknown> {
  if (isCollector(container)) return runCollector(container, stop, scope);
  // One whose output is read collects metrics itself.
  const role = scope.taps.has(container.name) ? 'collector' : 'sidecar';
  return runContainer(container, role, stop, scope);
}

async function runMainContainers(scope: PodScope, stop: StopRequest, graceMs: number): Promise<PodOutcome> {
  const runs = scope.pod.spec.containers.map(async (container) => {
    let outcome: ContainerOutcome | undefined;
    try {
      outcome = await runContainer(container, 'main', stop, scope);
      return outcome;
    } finally {
      // One container that cannot run decides the pod: the others have nothing to wait for.
      if (outcome === undefined || outcome.kind === 'refused') stop.request('refused', graceMs);
      scope.publish();
    }
  });
  const settled = await Promise.allSettled(runs);
  return podOutcome(settled.map((result) => fulfilled(result)));
}

function fulfilled<T>(result: PromiseSettledResult<T>): T {
  if (result.status === 'fulfilled') return result.value;
  throw result.reason;
}

function podOutcome(outcomes: readonly ContainerOutcome[]): PodOutcome {
  const refused = outcomes.find((outcome) => outcome.kind === 'refused');
  if (refused) return refused;
  if (outcomes.some((outcome) => outcome.kind === 'stopped')) return { kind: 'stopped' };
  const failed = outcomes.some((outcome) => outcome.kind === 'ended' && outcome.exitCode !== 0);
  return { kind: 'ended', stage: failed ? 'failed' : 'succeeded' };
}
