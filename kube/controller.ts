import type { Clock } from '../core/clock.ts';
import { errorMessage } from '../core/errors.ts';
import { controllerOf, type KubeObject, type Stored } from '../core/kubernetes-object.ts';
import type { Logger } from '../core/logger.ts';
import type { RandomStream } from '../core/random.ts';
import { isApiError } from './api-error.ts';
import type { CacheChange, ObjectCache } from './object-cache.ts';
import { WorkQueue } from './work-queue.ts';

/** When to look at the object again although nothing has happened to it; undefined means not at all. */
export type ReconcileResult = { requeueAfterMs: number } | undefined;

/**
 * Brings the world closer to what the object of `key` asks for. Level-based: it reads everything it needs and must not
 * depend on why it was called. A rejection means "try again, later each time".
 */
export type Reconcile = (key: string, signal: AbortSignal) => Promise<ReconcileResult>;

export interface ControllerOptions {
  name: string;
  reconcile: Reconcile;
  /** How many keys are reconciled at the same time; 1 where absent. */
  workers?: number;
  clock: Clock;
  logger: Logger;
  random?: RandomStream;
}

/** Calls `reconcile` for every key that a change in one of the triggering caches concerns. */
export class Controller {
  readonly #reconcile: Reconcile;
  readonly #workers: number;
  readonly #logger: Logger;
  readonly #queue: WorkQueue;
  readonly #syncs: (() => Promise<void>)[] = [];

  constructor(options: ControllerOptions) {
    const { clock, random } = options;
    this.#reconcile = options.reconcile;
    this.#workers = options.workers ?? 1;
    this.#logger = options.logger.with({ controller: options.name });
    this.#queue = new WorkQueue({ clock, ...(random && { random }) });
  }

  /** Wants the key reconciled. May be called before `run`. */
  enqueue(key: string): void {
    this.#queue.add(key);
  }

  /**
   * Enqueues `keysOf` of every object in the cache, and of the old and new state of every one that changes, except for
   * changes that are no news (`isNews`, all of them where absent).
   */
  triggerBy<T extends KubeObject>(
    cache: ObjectCache<T>,
    keysOf: (object: Stored<T>) => readonly string[],
    isNews: (change: CacheChange<T>) => boolean = () => true,
  ): this {
    cache.onChange((change) => {
      if (!isNews(change)) return;
      const { object, previous } = change;
      // Each key once: an idle worker takes the first at once, and would do the work of a second all over again.
      const keys = new Set([...keysOf(object), ...(previous ? keysOf(previous) : [])]);
      for (const key of keys) this.enqueue(key);
    });
    for (const object of cache.list()) for (const key of keysOf(object)) this.enqueue(key);
    this.#syncs.push(() => cache.synced());
    return this;
  }

  /** Waits for the triggering caches, then reconciles until aborted. Resolves when the last reconcile has ended. */
  async run(signal: AbortSignal): Promise<void> {
    const aborted = new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener('abort', () => resolve(), { once: true });
    });
    const shutDown = aborted.then(() => this.#queue.shutDown());
    await Promise.race([aborted, Promise.all(this.#syncs.map((sync) => sync()))]);
    await Promise.all(Array.from({ length: this.#workers }, () => this.#work(signal)));
    await shutDown;
  }

  async #work(signal: AbortSignal): Promise<void> {
    for (;;) {
      const key = await this.#queue.take();
      if (key === undefined) return;
      await this.#process(key, signal);
      this.#queue.done(key);
    }
  }

  async #process(key: string, signal: AbortSignal): Promise<void> {
    try {
      const result = await this.#reconcile(key, signal);
      this.#queue.forget(key);
      if (result) this.#queue.addAfter(key, result.requeueAfterMs);
    } catch (error) {
      if (!signal.aborted) this.#retry(key, error);
    }
  }

  #retry(key: string, error: unknown): void {
    const retryInMs = Math.round(this.#queue.retry(key));
    const fields = { key, retryInMs, error: errorMessage(error) };
    // Another writer was faster: ordinary, and the next attempt reads its result.
    if (isApiError(error, 'Conflict')) this.#logger.debug('reconcile met a conflict', fields);
    else this.#logger.warn('reconcile failed', fields);
  }
}

/** The key of the owner that manages the object, if that is of the given kind; else nothing. For `triggerBy`. */
export function controllerKey(kind: string, object: KubeObject): string[] {
  const owner = controllerOf(object);
  if (owner?.kind !== kind) return [];
  const { namespace } = object.metadata;
  return [namespace ? `${namespace}/${owner.name}` : owner.name];
}
