import { deadlineAfter, type Cancel } from '../../core/clock.ts';
import { DISK_FULL, untilRoom } from '../../core/disk-space.ts';
import { errorMessage, KatydidError } from '../../core/errors.ts';
import type { StoredPod } from '../../core/pod.ts';
import { discardInterrupted } from './collector-runner.ts';
import { ContainerStates } from './container-states.ts';
import { requestedGpus } from './gpu-pool.ts';
import { killStrays } from './leftovers.ts';
import { localError, withRemedy } from '../../core/failure-codes/local-codes.ts';
import { retryWhileFull } from '../../core/retry-while-full.ts';
import { runPodContainers, type PodOutcome } from './pod-containers.ts';
import { createPodDirectory, logDirectory, podDirectory } from './pod-directory.ts';
import { preparePod } from './pod-preparation.ts';
import type { KubeletServices, PodScope } from './pod-scope.ts';
import { podStatus, settledStage, type PodProgress } from './pod-status.ts';
import { StatusWriter } from './status-writer.ts';
import { graceSeconds, StopRequest, type StopCause } from './stop-request.ts';

/**
 * The life of one pod: waits for its turn, runs its containers, and tells the API how it goes. A pod that was running
 * when the service was interrupted is started over from the beginning, in the same pod object.
 */
export class PodRunner {
  readonly #pod: StoredPod;
  readonly #services: KubeletServices;
  readonly #stop: StopRequest;
  readonly #states: ContainerStates;
  readonly #writer: StatusWriter;
  readonly #interrupted = new AbortController();
  #progress: PodProgress = { stage: 'waiting' };
  #startedMs: number | undefined;

  constructor(pod: StoredPod, services: KubeletServices) {
    const { client, clock } = services;
    const logger = services.logger.with({ pod: `${pod.metadata.namespace ?? ''}/${pod.metadata.name}` });
    this.#pod = pod;
    this.#services = services;
    this.#stop = new StopRequest(clock);
    this.#states = new ContainerStates(pod);
    this.#writer = new StatusWriter({ client, pod, clock, logger });
  }

  /** Why the pod was asked to stop, if it was. */
  get stopCause(): StopCause | undefined {
    return this.#stop.cause;
  }

  /**
   * Asks the pod's processes to end. What the runner itself ends has not failed: except for a deadline, the status
   * stays as it is.
   */
  stop(cause: StopCause, graceMs: number): void {
    if (cause === 'interrupted') this.#interrupted.abort();
    if (cause !== 'deadline') this.#writer.freeze();
    this.#stop.request(cause, graceMs);
  }

  /** Resolves when no process of the pod is left and its status has been written. Never rejects. */
  async run(): Promise<void> {
    const settled = settledStage(this.#pod);
    if (settled) return this.#settle(settled);
    try {
      await this.#conclude(await this.#live());
    } catch (error) {
      await this.#conclude({ kind: 'refused', error: asLocalError(error) });
    } finally {
      this.#services.gpus.release(this.#pod.metadata.uid);
      this.#services.admission.release(this.#pod);
      this.#stop.settle();
    }
  }

  async #live(): Promise<PodOutcome> {
    const gpuDevices = await this.#waitForTurn();
    if (!gpuDevices) return { kind: 'stopped' };
    const { namespace = '', name, uid } = this.#pod.metadata;
    const { dataDir, logRetention } = this.#services;
    const logs = logDirectory(dataDir, namespace, name);
    logRetention.began(logs);
    let cancelDeadline: Cancel | undefined;
    try {
      const scope = await this.#prepareWhereThereIsRoom(gpuDevices);
      if (!scope) return { kind: 'stopped' };
      cancelDeadline = this.#armDeadline();
      return await this.#runContainers(scope);
    } finally {
      cancelDeadline?.();
      killStrays(dataDir, uid);
      logRetention.ended(logs);
    }
  }

  /** The GPUs that the pod was given, or undefined when it was stopped while it waited. */
  async #waitForTurn(): Promise<readonly number[] | undefined> {
    const { admission, gpus } = this.#services;
    const asked = this.#stop.asked;
    try {
      const waits = 'Too many jobs are running on this computer; the pod starts when one of them has ended.';
      await admission.admit(this.#pod, asked, () => this.#wait('WaitingForCpu', waits));
      return await gpus.acquire(this.#pod.metadata.uid, requestedGpus(this.#pod), asked);
    } catch (error) {
      if (asked.aborted) return undefined;
      throw error;
    }
  }

  /** Undefined when the pod was stopped while it waited. No process runs yet: everything may be done again. */
  async #prepareWhereThereIsRoom(gpuDevices: readonly number[]): Promise<PodScope | undefined> {
    const asked = this.#stop.asked;
    try {
      return await retryWhileFull('start of a pod', this.#services, asked, async () => {
        await this.#waitForRoom();
        await this.#begin();
        return this.#prepare(gpuDevices);
      });
    } catch (error) {
      if (asked.aborted) return undefined;
      throw error;
    }
  }

  async #waitForRoom(): Promise<void> {
    const { space } = this.#services;
    if (space.shortage === null) return;
    this.#wait(DISK_FULL, space.shortage);
    await untilRoom(space, this.#stop.asked);
  }

  async #begin(): Promise<void> {
    const { clock, node, sink, dataDir } = this.#services;
    if (this.#pod.status?.startTime !== undefined) {
      await discardInterrupted(this.#pod, (name) => this.#states.restartCount(name), sink);
    }
    createPodDirectory(podDirectory(dataDir, this.#pod.metadata.uid));
    await this.#writer.bind(node.name);
    this.#startedMs = clock.now();
    this.#advance({ stage: 'starting' });
    // The start must be on record before a process can do anything: a crash after it means starting over.
    await this.#writer.flush();
  }

  #prepare(gpuDevices: readonly number[]): Promise<PodScope> {
    return preparePod({
      pod: this.#pod,
      services: this.#services,
      states: this.#states,
      gpuDevices,
      interrupted: this.#interrupted.signal,
      publish: () => this.#publish(),
    });
  }

  #runContainers(scope: PodScope): Promise<PodOutcome> {
    return runPodContainers({
      scope,
      stop: this.#stop,
      graceMs: this.#graceMs(),
      onInitialized: () => this.#advance({ stage: 'running' }),
    });
  }

  #armDeadline(): Cancel {
    const seconds = this.#pod.spec.activeDeadlineSeconds;
    if (seconds === undefined) return () => undefined;
    return deadlineAfter(this.#services.clock, seconds * 1_000, () => this.stop('deadline', this.#graceMs()));
  }

  #graceMs(): number {
    return graceSeconds(this.#pod.spec) * 1_000;
  }

  /** Draws the conclusion that an earlier kubelet had no time for. */
  async #settle(stage: 'succeeded' | 'failed'): Promise<void> {
    this.#writer.publish({ ...this.#pod.status, phase: stage === 'failed' ? 'Failed' : 'Succeeded' });
    await this.#writer.flush();
  }

  async #conclude(outcome: PodOutcome): Promise<void> {
    const progress = this.#finalProgress(outcome);
    if (progress) this.#advance(progress);
    await this.#writer.flush();
  }

  #finalProgress(outcome: PodOutcome): PodProgress | undefined {
    if (outcome.kind === 'refused') {
      return { stage: 'failed', reason: outcome.error.code, message: withRemedy(outcome.error) };
    }
    if (this.#stop.cause === 'deadline') {
      const message = 'Pod was active on the node longer than the specified deadline';
      return { stage: 'failed', reason: 'DeadlineExceeded', message };
    }
    return outcome.kind === 'ended' ? { stage: outcome.stage } : undefined;
  }

  #wait(reason: string, message: string): void {
    this.#advance({ stage: 'waiting', reason, message });
  }

  #advance(progress: PodProgress): void {
    this.#progress = progress;
    this.#publish();
  }

  #publish(): void {
    const progress =
      this.#startedMs === undefined ? this.#progress : { ...this.#progress, startedMs: this.#startedMs };
    const { node, clock } = this.#services;
    this.#writer.publish(podStatus(progress, this.#states, node, this.#pod.status, clock.now()));
  }
}

function asLocalError(error: unknown): KatydidError {
  if (error instanceof KatydidError) return error;
  return localError('LOCAL_RUNNER_ERROR', `The pod could not be run: ${errorMessage(error)}.`, error);
}
