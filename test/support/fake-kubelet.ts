import { isBeingDeleted } from '../../core/kubernetes-object.ts';
import { silentLogger } from '../../core/logger.ts';
import { isPodFinished, type PodStatus, type StoredPod } from '../../core/pod.ts';
import { rfc3339Seconds } from '../../core/time.ts';
import type { Clock } from '../../core/clock.ts';
import { isApiError } from '../../kube/api-error.ts';
import type { KubeClient } from '../../kube/client.ts';
import { ListWatchCache } from '../../kube/list-watch-cache.ts';
import { PODS } from '../../kube/resource.ts';

/** What becomes of a pod. */
export type PodFate =
  /** Runs until it is deleted. */
  | 'runs'
  /** Never leaves Pending. */
  | 'pends'
  /** Runs for `afterMs`, then all its containers end with the code. */
  | { exitCode: number; afterMs?: number; reason?: string; message?: string }
  /** The node does not start it. */
  | { refusal: string; message: string };

/** Pretends to run pods: gives them a node and phases by a script, and lets deleted ones go. */
export class FakeKubelet {
  readonly #client: KubeClient;
  readonly #clock: Clock;
  readonly #fateOf: (pod: StoredPod) => PodFate;
  readonly #seen = new Set<string>();
  /** Names of the pods in the order in which they were first seen; a name that came back stands there twice. */
  readonly started: string[] = [];
  /** Names of the pods that were stopped before they had ended. */
  readonly stopped: string[] = [];

  constructor(options: { client: KubeClient; clock: Clock; fateOf: (pod: StoredPod) => PodFate }) {
    this.#client = options.client;
    this.#clock = options.clock;
    this.#fateOf = options.fateOf;
  }

  run(signal: AbortSignal): Promise<void> {
    const cache = new ListWatchCache({
      ...{ client: this.#client, clock: this.#clock, logger: silentLogger, resource: PODS },
    });
    cache.onChange(({ type, object }) => {
      if (type !== 'removed') void this.#look(object);
    });
    return cache.run(signal);
  }

  /** Merges a status into a pod's, as a node would report it. A pod that is gone is left alone. */
  async report(pod: StoredPod, status: PodStatus): Promise<void> {
    const { namespace, name } = pod.metadata;
    const body = { metadata: { uid: pod.metadata.uid }, status };
    await this.#client
      .patchStatus(PODS, { namespace, name }, { type: 'merge', body })
      .catch((error: unknown) => {
        if (!isApiError(error, 'NotFound', 'Conflict', 'Invalid', 'ServiceUnavailable')) throw error;
      });
  }

  async #look(pod: StoredPod): Promise<void> {
    if (isBeingDeleted(pod)) return this.#remove(pod);
    if (this.#seen.has(pod.metadata.uid)) return;
    this.#seen.add(pod.metadata.uid);
    this.started.push(pod.metadata.name);
    const fate = this.#fateOf(pod);
    if (fate === 'pends') return;
    await this.#bind(pod);
    if (typeof fate === 'object' && 'refusal' in fate) {
      return this.report(pod, { phase: 'Failed', reason: fate.refusal, message: fate.message });
    }
    await this.report(pod, { phase: 'Running' });
    if (typeof fate === 'object') {
      this.#clock.after(fate.afterMs ?? 0, () => void this.report(pod, this.#ended(pod, fate)));
    }
  }

  async #bind(pod: StoredPod): Promise<void> {
    const { namespace, name } = pod.metadata;
    const body = { spec: { nodeName: 'fake' } };
    await this.#client.patch(PODS, { namespace, name }, { type: 'merge', body }).catch(() => undefined);
  }

  async #remove(pod: StoredPod): Promise<void> {
    const { namespace, name } = pod.metadata;
    if (!isPodFinished(pod)) this.stopped.push(name);
    await this.#client
      .delete(PODS, { namespace, name }, { gracePeriodSeconds: 0, preconditions: { uid: pod.metadata.uid } })
      .catch(() => undefined);
  }

  #ended(pod: StoredPod, { exitCode, reason, message }: Extract<PodFate, { exitCode: number }>): PodStatus {
    const terminated = {
      exitCode,
      reason: reason ?? (exitCode === 0 ? 'Completed' : 'Error'),
      finishedAt: rfc3339Seconds(this.#clock.now()),
      ...(message !== undefined && { message }),
    };
    return {
      phase: exitCode === 0 ? 'Succeeded' : 'Failed',
      containerStatuses: pod.spec.containers.map(({ name }) => ({
        name,
        restartCount: 0,
        state: { terminated },
      })),
    };
  }
}
