import { sleep, type Clock } from '../../core/clock.ts';
import { errorMessage } from '../../core/errors.ts';
import type { Logger } from '../../core/logger.ts';
import type { PodStatus, StoredPod } from '../../core/pod.ts';
import { isApiError } from '../../kube/api-error.ts';
import type { KubeClient } from '../../kube/client.ts';
import { PODS } from '../../kube/resource.ts';

const FIRST_RETRY_MS = 200;
const LAST_RETRY_MS = 5_000;

/**
 * Writes one pod's status. The newest status wins: those that come while one is being written are skipped. Errors are
 * retried until the pod is gone or the writer is frozen.
 */
export class StatusWriter {
  readonly #client: KubeClient;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #frozen = new AbortController();
  #pod: StoredPod;
  #next: PodStatus | undefined;
  #writing: Promise<void> | undefined;
  #retryMs = FIRST_RETRY_MS;

  constructor(options: { client: KubeClient; pod: StoredPod; clock: Clock; logger: Logger }) {
    this.#client = options.client;
    this.#clock = options.clock;
    this.#logger = options.logger;
    this.#pod = options.pod;
  }

  publish(status: PodStatus): void {
    if (this.#frozen.signal.aborted) return;
    this.#next = status;
    this.#writing ??= this.#writeAll().finally(() => (this.#writing = undefined));
  }

  /** Resolves when the newest status has been written, or will not be. */
  async flush(): Promise<void> {
    while (this.#writing) await this.#writing;
  }

  /** Nothing is written any more. */
  freeze(): void {
    this.#frozen.abort();
    this.#next = undefined;
  }

  /** Binds the pod to the node, where that has not been done. Gives up when the pod is gone or the writer frozen. */
  async bind(nodeName: string): Promise<void> {
    const { namespace, name, uid } = this.#pod.metadata;
    const patch = { type: 'merge', body: { metadata: { uid }, spec: { nodeName } } } as const;
    while (this.#pod.spec.nodeName !== nodeName && !this.#frozen.signal.aborted) {
      try {
        this.#pod = await this.#client.patch(PODS, { namespace, name }, patch);
      } catch (error) {
        await this.#recover(error);
      }
    }
  }

  async #writeAll(): Promise<void> {
    while (this.#next) {
      const status = this.#next;
      this.#next = undefined;
      try {
        this.#pod = await this.#client.updateStatus(PODS, { ...this.#pod, status });
        this.#retryMs = FIRST_RETRY_MS;
      } catch (error) {
        this.#next ??= status;
        await this.#recover(error);
      }
    }
  }

  async #recover(error: unknown): Promise<void> {
    if (this.#frozen.signal.aborted || isApiError(error, 'NotFound')) {
      this.freeze();
      return;
    }
    if (isApiError(error, 'Conflict')) return this.#readAgain();
    this.#logger.warn('pod status not written, trying again', { error: errorMessage(error) });
    await sleep(this.#clock, this.#retryMs, this.#frozen.signal).catch(() => undefined);
    this.#retryMs = Math.min(2 * this.#retryMs, LAST_RETRY_MS);
  }

  async #readAgain(): Promise<void> {
    const { namespace, name, uid } = this.#pod.metadata;
    try {
      const pod = await this.#client.get(PODS, { namespace, name });
      if (pod.metadata.uid === uid) this.#pod = pod;
      else this.freeze();
    } catch (error) {
      if (isApiError(error, 'NotFound')) this.freeze();
    }
  }
}
