import { spawn } from 'node:child_process';
import type { Cancel } from '../../core/clock.ts';
import { errorMessage, KatydidError } from '../../core/errors.ts';
import type { LogTail } from '../../core/observation.ts';
import type { Container, ContainerStateTerminated } from '../../core/pod.ts';
import { retryWhileFull } from '../../core/retry-while-full.ts';
import { startErrorState, terminatedState } from './container-end.ts';
import { ContainerLog } from './container-log.ts';
import { startProcess, type ContainerProcess, type ProcessEnd } from './container-process.ts';
import { recordProcess } from './leftovers.ts';
import { planLaunch, type LaunchPlan } from './launch-plan.ts';
import { containerLogFile } from './log-files.ts';
import { memoryLimit } from './memory-limits.ts';
import { trialUid, type PodScope } from './pod-scope.ts';
import { killGroup, sendSignal } from './signals.ts';
import { graceSeconds, onAbort, StopRequest } from './stop-request.ts';
import { stateBeforeProbes, watchProbes } from './probes/watch-probes.ts';

/** How one start of a container went. `refused` is for good: another try would be refused as well. */
export type StartOutcome =
  { kind: 'ended'; exitCode: number; uptimeMs: number } | { kind: 'refused'; error: KatydidError };

/** Runs a container once, from start to end, and keeps its state, log and log tail. */
export async function startContainer(
  container: Container,
  restartCount: number,
  stop: StopRequest,
  scope: PodScope,
): Promise<StartOutcome> {
  try {
    const plan = await retryWhileFull('start of a container', scope.services, stop.asked, () =>
      planLaunch(container, scope),
    );
    tellAboutPlan(container, plan, scope);
    return await runPlan(container, plan, restartCount, stop, scope);
  } catch (error) {
    if (!(error instanceof KatydidError)) throw error;
    const state = startErrorState(error, scope.services.clock.now());
    scope.states.terminated(container.name, state);
    scope.notices.event('Warning', error.code, state.message ?? error.message);
    await saveLogTail(container, restartCount, state, state.message ?? '', stop, scope);
    return { kind: 'refused', error };
  }
}

async function runPlan(
  container: Container,
  plan: LaunchPlan,
  restartCount: number,
  stop: StopRequest,
  scope: PodScope,
): Promise<StartOutcome> {
  const { clock, logger, space, maxLogBytes } = scope.services;
  const file = containerLogFile(scope.logDirectory, container.name, restartCount);
  const log = new ContainerLog({ file, maxBytes: maxLogBytes, clock, logger, space });
  const pipe = scope.taps.get(container.name)?.start(restartCount);
  try {
    const running = await startProcess(plan, {
      clock,
      onPid: (pid) => recordProcess(scope.directory, container.name, pid),
      onOutput: (stream, chunk) => {
        log.write(stream, chunk);
        const taken = pipe?.write(chunk);
        return log.heldUp ? Promise.all([log.heldUp, taken]) : taken;
      },
    });
    const startedMs = clock.now();
    const startedAt = clock.elapsed();
    scope.states.running(container.name, restartCount, startedMs);
    scope.states.probed(container.name, stateBeforeProbes(container));
    scope.publish();
    const { end, isOutOfMemory } = await endOf(running, container, plan, stop, scope);
    await log.finish(AbortSignal.any([scope.interrupted, stop.kill]));
    // A clock that was set back must not let it end before it began.
    const finishedMs = Math.max(startedMs, clock.now());
    const times = { startedMs, finishedMs };
    const state = terminatedState({ ...plan, end, isOutOfMemory, tail: log.tail, ...times });
    scope.states.terminated(container.name, state);
    await saveLogTail(container, restartCount, state, log.tail.last(), stop, scope);
    return { kind: 'ended', exitCode: end.exitCode, uptimeMs: clock.elapsed() - startedAt };
  } finally {
    log.close();
    pipe?.end();
  }
}

function tellAboutPlan(container: Container, plan: LaunchPlan, { notices, pod }: PodScope): void {
  const image = container.image ?? '(none)';
  for (const { place, written } of plan.unmappedPaths) {
    const message = `Path ${written} in ${place} of container "${container.name}" does not exist here; it may be in the image ${image}.`;
    // Paths that hold the trial's name differ from pod to pod and are still one matter.
    notices.once(`${image} ${container.name} ${place}`, 'LOCAL_PATH_UNMAPPED', message);
  }
  for (const name of plan.bareNames) {
    notices.debug('peer named without a port, taken as 127.0.0.1', { peer: name, pod: pod.metadata.name });
  }
}

/** Waits for the end of a process and sees to it when that is asked for, or when it exceeds its memory limit. */
async function endOf(
  running: ContainerProcess,
  container: Container,
  plan: LaunchPlan,
  stop: StopRequest,
  scope: PodScope,
): Promise<{ end: ProcessEnd; isOutOfMemory: boolean }> {
  const { services } = scope;
  let isOutOfMemory = false;
  const forgetLimit = services.memoryLimits.watch(running.pid, memoryLimit(container), () => {
    isOutOfMemory = true;
    killGroup(running.pid);
  });
  const forgetProbes = watchLife(running, container, plan, stop, scope);
  const forgetAsk = onAbort(stop.asked, () => void askToEnd(running, plan, stop));
  const forgetKill = onAbort(stop.kill, () => killGroup(running.pid));
  try {
    return { end: await running.ended, isOutOfMemory };
  } finally {
    forgetLimit();
    forgetProbes();
    forgetAsk();
    forgetKill();
  }
}

/** Asks the container's probes until it is asked to end, and ends it where they say so. The result forgets them. */
function watchLife(
  running: ContainerProcess,
  container: Container,
  plan: LaunchPlan,
  stop: StopRequest,
  { pod, states, notices, services, publish }: PodScope,
): Cancel {
  const over = new AbortController();
  let own: StopRequest | undefined;
  watchProbes(container, plan, services.clock, AbortSignal.any([over.signal, stop.asked]), {
    setState: (found) => {
      states.probed(container.name, found);
      publish();
    },
    tellFailure: (message) => notices.event('Warning', 'Unhealthy', message),
    end: (probe) => {
      if (own) return;
      own = new StopRequest(services.clock);
      const seconds = probe.terminationGracePeriodSeconds ?? graceSeconds(pod.spec);
      notices.event('Normal', 'Killing', `Container "${container.name}" failed its probe and is ended.`);
      onAbort(own.kill, () => killGroup(running.pid));
      own.request('unhealthy', seconds * 1_000);
      void askToEnd(running, plan, own);
    },
  });
  return () => {
    over.abort();
    own?.settle();
  };
}

async function askToEnd(running: ContainerProcess, plan: LaunchPlan, stop: StopRequest): Promise<void> {
  const preStop = plan.preStop;
  if (preStop && !stop.kill.aborted) await runHook(preStop, plan, stop);
  if (!stop.kill.aborted) sendSignal(running.pid, 'SIGTERM');
}

/** Runs a preStop command; how it ends does not matter, and it ends when the grace period does. */
function runHook(command: readonly string[], { cwd, env }: LaunchPlan, stop: StopRequest): Promise<void> {
  return new Promise((resolve) => {
    const [file = '', ...args] = command;
    const hook = spawn(file, args, { cwd, env, detached: true, stdio: 'ignore' });
    const forget = onAbort(stop.kill, () => hook.pid !== undefined && killGroup(hook.pid));
    const done = (): void => {
      forget();
      resolve();
    };
    hook.once('error', done);
    hook.once('exit', done);
  });
}

/** A pod that will be started over gets its log tail when that ends. */
async function saveLogTail(
  container: Container,
  restartCount: number,
  state: ContainerStateTerminated,
  text: string,
  stop: StopRequest,
  { pod, services, interrupted }: PodScope,
): Promise<void> {
  const uid = trialUid(pod);
  if (uid === undefined || stop.cause === 'interrupted') return;
  try {
    const tail: LogTail = {
      trialUid: uid,
      pod: pod.metadata.name,
      container: container.name,
      restartCount,
      exitCode: state.exitCode,
      reason: state.reason ?? null,
      text,
      timeMs: services.clock.now(),
    };
    await retryWhileFull('log tail', services, AbortSignal.any([interrupted, stop.kill]), () =>
      services.logTails.saveLogTail(tail),
    );
  } catch (error) {
    services.logger.warn('log tail not saved', { pod: pod.metadata.name, error: errorMessage(error) });
  }
}
