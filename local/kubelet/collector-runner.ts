import { untilRoom } from '../../core/disk-space.ts';
import { errorMessage } from '../../core/errors.ts';
import { HTTP_SOURCE, type ObservationSink } from '../../core/observation.ts';
import type { Container, StoredPod } from '../../core/pod.ts';
import { rfc3339Seconds } from '../../core/time.ts';
import {
  COLLECTOR_IMAGE,
  parseSidecarArguments,
  type SidecarArguments,
} from '../../metrics-collector/sidecar-arguments.ts';
import type { SidecarHost } from '../../metrics-collector/sidecar-host.ts';
import { isPrimaryPod, runSidecar } from '../../metrics-collector/sidecar.ts';
import { AsyncQueue } from './async-queue.ts';
import { containerEnvironment } from './container-environment.ts';
import { containerMounts } from './container-mounts.ts';
import { metricsAddresses } from './metrics-ports.ts';
import { OutputTap } from './output-tap.ts';
import type { OutputPipe } from './output-pipe.ts';
import { trialUid as uidOfTrial, type PodScope } from './pod-scope.ts';
import { onAbort, type StopRequest } from './stop-request.ts';

/** Variable from which the collector takes the name of its source. */
export const SOURCE_VARIABLE = 'KATYDID_SOURCE';

/** Time to report what was read, beyond the pod's grace period: metrics are what the trial was run for. */
const FLUSH_MS = 60_000;

export function isCollector(container: Container): boolean {
  return container.image === COLLECTOR_IMAGE || (container.image?.startsWith(`${COLLECTOR_IMAGE}:`) ?? false);
}

/** Names one start of a container inside its trial. Starts are told apart so that each counts its own sequence. */
export function sourceName(pod: string, container: string, restartCount: number): string {
  return restartCount === 0 ? `${pod}/${container}` : `${pod}/${container}#${restartCount}`;
}

/** What the pod's collectors will read from its containers, by name of the container. */
export function collectorTaps(pod: StoredPod): Map<string, OutputTap> {
  const listening = collectorArguments(pod).filter((args) => args.kind === 'StdOut');
  return new Map(listening.map((args) => [args.container, new OutputTap()]));
}

/** Forgets what an interrupted start of the pod reported: its containers begin again. */
export async function discardInterrupted(
  pod: StoredPod,
  restartCount: (container: string) => number,
  sink: ObservationSink,
): Promise<void> {
  for (const { trialUid, kind, container } of collectorArguments(pod)) {
    const count = kind === 'StdOut' ? restartCount(container) : 0;
    await sink.discard({ trialUid, source: sourceName(pod.metadata.name, container, count) });
  }
  const uid = uidOfTrial(pod);
  if (uid !== undefined) await sink.discard({ trialUid: uid, source: HTTP_SOURCE });
}

/** Arguments that cannot be read are left out here: the collector itself will say so. */
function collectorArguments(pod: StoredPod): SidecarArguments[] {
  return (pod.spec.initContainers ?? []).filter(isCollector).flatMap((container) => {
    try {
      return [parseSidecarArguments(container.args ?? [])];
    } catch {
      return [];
    }
  });
}

/**
 * Runs a collector sidecar in this process until the main containers have ended and all that they wrote has been
 * reported. A collector of output runs once for each start of the container that it listens to. Never rejects: a
 * failure is told, and does not concern the pod.
 */
export async function runCollector(container: Container, stop: StopRequest, scope: PodScope): Promise<void> {
  const { clock, logger } = scope.services;
  const startedMs = clock.now();
  scope.states.running(container.name, scope.states.restartCount(container.name), startedMs);
  let problem: string | undefined;
  try {
    await collect(container, stop, scope);
  } catch (error) {
    // The service stops, and the pod will be started over: nothing is lost by that.
    if (scope.interrupted.aborted) return;
    problem = `The metrics collector failed: ${errorMessage(error)}`;
    logger.error('metrics collector failed', { pod: scope.pod.metadata.name, error: errorMessage(error) });
    scope.notices.event('Warning', 'MetricsCollectorFailed', problem);
  }
  scope.states.terminated(container.name, {
    exitCode: problem === undefined ? 0 : 1,
    reason: problem === undefined ? 'Completed' : 'Error',
    ...(problem !== undefined && { message: problem }),
    startedAt: rfc3339Seconds(startedMs),
    finishedAt: rfc3339Seconds(Math.max(startedMs, clock.now())),
  });
}

async function collect(container: Container, stop: StopRequest, scope: PodScope): Promise<void> {
  const args = parseSidecarArguments(container.args ?? []);
  const tap = args.kind === 'StdOut' ? scope.taps.get(args.container) : undefined;
  const forget = onAbort(stop.asked, () => tap?.end());
  const end = endSignal(stop, scope);
  try {
    const host = await sidecarHost(container, scope, end.signal);
    // The output of a pod whose metrics do not count is not read: nothing may wait for that.
    if (!isPrimaryPod(args, host)) tap?.cancel();
    let hasStarted = false;
    for await (const { restartCount, output } of tap ?? []) {
      hasStarted = true;
      const containerOutput = outputOf(args.container, output);
      await run(args, { ...host, mainEnded: output.ended, containerOutput }, restartCount, scope);
      output.cancel();
    }
    // Also of a container that never started it is said that it put nothing out.
    if (!hasStarted) await run(args, { ...host, mainEnded: stop.asked }, 0, scope);
  } finally {
    tap?.cancel();
    forget();
    end.forget();
  }
}

function run(
  args: SidecarArguments,
  host: SidecarHost,
  restartCount: number,
  { pod, services }: PodScope,
): Promise<void> {
  const source = sourceName(pod.metadata.name, args.container, restartCount);
  const env = (name: string): string | undefined => (name === SOURCE_VARIABLE ? source : host.env(name));
  return runSidecar(
    args,
    { ...host, env },
    services.sink,
    services.logger.with({ trial: args.trialName, source }),
  );
}

function outputOf(container: string, output: OutputPipe): SidecarHost['containerOutput'] {
  return (name) => (name === container ? output : noOutput());
}

function noOutput(): AsyncIterable<Uint8Array> {
  const queue = new AsyncQueue<Uint8Array>();
  queue.end();
  return queue;
}

async function sidecarHost(container: Container, scope: PodScope, signal: AbortSignal): Promise<SidecarHost> {
  const variables = await containerEnvironment(container, scope);
  const { paths } = containerMounts(container, scope.volumes, scope.directory, undefined, variables);
  return {
    containerOutput: noOutput,
    metricsAddresses: (address) => metricsAddresses(address, scope),
    resolvePath: (path) => paths.resolve(path),
    env: (name) => variables[name],
    mainEnded: signal,
    signal,
    clock: scope.services.clock,
  };
}

/**
 * When the collector must end at once: its results are of no use any more, or its time is up. Time in which the disk has
 * no room does not count. `forget` ends it too.
 */
function endSignal(stop: StopRequest, scope: PodScope): { signal: AbortSignal; forget: () => void } {
  const { clock, space } = scope.services;
  const end = new AbortController();
  const { signal } = end;
  let cancelTimer: (() => void) | undefined;
  const allowTime = (): void => {
    cancelTimer = clock.after(FLUSH_MS, () => {
      if (space.shortage === null) end.abort();
      else void untilRoom(space, signal).then(allowTime, () => undefined);
    });
  };
  const forgetInterrupted = onAbort(scope.interrupted, () => end.abort());
  const forgetKill = onAbort(stop.kill, allowTime);
  const forget = (): void => {
    forgetInterrupted();
    forgetKill();
    end.abort();
    cancelTimer?.();
  };
  return { signal, forget };
}
