import type {
  Container,
  ContainerState,
  ContainerStateTerminated,
  ContainerStatus,
  StoredPod,
} from '../../core/pod.ts';
import { rfc3339Seconds } from '../../core/time.ts';

/** The states of a pod's containers as they are now: what the pod's status tells. */
export class ContainerStates {
  readonly #pod: StoredPod;
  readonly #statuses = new Map<string, ContainerStatus>();
  readonly #started = new Map<string, PromiseWithResolvers<undefined>>();

  /** Restart counts go on from the stored status, so that a pod that is started over does not lose them. */
  constructor(pod: StoredPod) {
    this.#pod = pod;
    const { containerStatuses = [], initContainerStatuses = [] } = pod.status ?? {};
    const earlier = new Map(
      [...initContainerStatuses, ...containerStatuses].map((status) => [status.name, status]),
    );
    for (const container of [...(pod.spec.initContainers ?? []), ...pod.spec.containers]) {
      this.#statuses.set(
        container.name,
        initialStatus(container, earlier.get(container.name)?.restartCount ?? 0),
      );
    }
  }

  restartCount(container: string): number {
    return this.#statuses.get(container)?.restartCount ?? 0;
  }

  /** Resolves when the container has run, or was refused. */
  started(container: string): Promise<undefined> {
    return this.#startOf(container).promise;
  }

  waiting(container: string, reason: string, message: string): void {
    this.#change(container, { waiting: { reason, message } }, false);
  }

  running(container: string, restartCount: number, startedMs: number): void {
    this.#change(container, { running: { startedAt: rfc3339Seconds(startedMs) } }, true);
    const status = this.#statuses.get(container);
    if (status) status.restartCount = restartCount;
  }

  /** What probes find out about a container that runs. */
  probed(container: string, found: { started: boolean; ready: boolean }): void {
    const status = this.#statuses.get(container);
    if (status?.state?.running) Object.assign(status, found);
  }

  terminated(container: string, terminated: ContainerStateTerminated): void {
    this.#change(container, { terminated }, false);
  }

  /** Exit codes of the main containers; null for one that has not ended. */
  exitCodes(): (number | null)[] {
    return this.mainStatuses().map((status) => status.state?.terminated?.exitCode ?? null);
  }

  mainStatuses(): ContainerStatus[] {
    return this.#statusesOf(this.#pod.spec.containers);
  }

  initStatuses(): ContainerStatus[] {
    return this.#statusesOf(this.#pod.spec.initContainers ?? []);
  }

  #change(container: string, state: ContainerState, running: boolean): void {
    const status = this.#statuses.get(container);
    if (!status) return;
    if (status.state?.terminated) status.lastState = status.state;
    Object.assign(status, { state, ready: running, started: running });
    if (!state.waiting) this.#startOf(container).resolve(undefined);
  }

  #startOf(container: string): PromiseWithResolvers<undefined> {
    const known = this.#started.get(container) ?? Promise.withResolvers<undefined>();
    this.#started.set(container, known);
    return known;
  }

  #statusesOf(containers: readonly Container[]): ContainerStatus[] {
    return containers.flatMap(({ name }) => structuredClone(this.#statuses.get(name)) ?? []);
  }
}

function initialStatus(container: Container, restartCount: number): ContainerStatus {
  return {
    name: container.name,
    image: container.image ?? '',
    ready: false,
    started: false,
    restartCount,
    state: { waiting: { reason: 'PodInitializing' } },
  };
}
