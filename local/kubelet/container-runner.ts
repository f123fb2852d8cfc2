import { sleep } from '../../core/clock.ts';
import type { KatydidError } from '../../core/errors.ts';
import type { Container } from '../../core/pod.ts';
import { startContainer, type StartOutcome } from './container-start.ts';
import { clearLogEnded, markLogEnded } from './log-files.ts';
import type { PodScope } from './pod-scope.ts';
import { RestartBackoff, shouldRestart, type ContainerRole } from './restart-policy.ts';
import type { StopRequest } from './stop-request.ts';

/** How a container ended for good. `stopped` was never started, or asked to end while it waited to be restarted. */
export type ContainerOutcome =
  { kind: 'ended'; exitCode: number } | { kind: 'refused'; error: KatydidError } | { kind: 'stopped' };

/** Runs a container and restarts it, as its role and the pod's policy say, until it ends for good. */
export async function runContainer(
  container: Container,
  role: ContainerRole,
  stop: StopRequest,
  scope: PodScope,
): Promise<ContainerOutcome> {
  clearLogEnded(scope.logDirectory, container.name);
  try {
    return await runWithRestarts(container, role, stop, scope);
  } finally {
    scope.taps.get(container.name)?.end();
    if (stop.cause !== 'interrupted') markLogEnded(scope.logDirectory, container.name);
  }
}

async function runWithRestarts(
  container: Container,
  role: ContainerRole,
  stop: StopRequest,
  scope: PodScope,
): Promise<ContainerOutcome> {
  const backoff = new RestartBackoff(scope.services.restartBackoff);
  const policy = scope.pod.spec.restartPolicy ?? 'Always';
  let restartCount = scope.states.restartCount(container.name);
  for (;;) {
    if (wasAsked(stop)) return { kind: 'stopped' };
    const outcome = await startContainer(container, restartCount, stop, scope);
    if (outcome.kind === 'refused') return outcome;
    if (wasAsked(stop) || !shouldRestart(role, policy, outcome.exitCode)) return outcome;
    await waitToRestart(container, outcome, backoff, stop, scope);
    restartCount++;
  }
}

async function waitToRestart(
  container: Container,
  outcome: Extract<StartOutcome, { kind: 'ended' }>,
  backoff: RestartBackoff,
  stop: StopRequest,
  { states, notices, services, publish }: PodScope,
): Promise<void> {
  const delayMs = backoff.nextDelayMs(outcome.uptimeMs);
  const message = `Container "${container.name}" ended with exit code ${outcome.exitCode}; it is started again in ${delayMs / 1_000} s.`;
  states.waiting(container.name, 'CrashLoopBackOff', message);
  publish();
  notices.event('Warning', 'BackOff', message);
  await sleep(services.clock, delayMs, stop.asked).catch(() => undefined);
}

function wasAsked(stop: StopRequest): boolean {
  return stop.asked.aborted;
}
