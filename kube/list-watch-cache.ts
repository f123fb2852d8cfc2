import { sleep, type Clock } from '../core/clock.ts';
import { errorMessage } from '../core/errors.ts';
import { objectKey, type KubeObject, type Stored } from '../core/kubernetes-object.ts';
import type { Logger } from '../core/logger.ts';
import type { RandomStream } from '../core/random.ts';
import { isApiError } from './api-error.ts';
import { backoffMs, processRandom, type BackoffPolicy } from './backoff.ts';
import type { KubeClient, ListOptions, WatchEvent } from './client.ts';
import { IndexedObjects, type IndexFunction } from './indexed-objects.ts';
import type { CacheChange, ObjectCache } from './object-cache.ts';
import type { ResourceType } from './resource.ts';

const PAGE_SIZE = 500;
const BACKOFF: BackoffPolicy = { baseMs: 100, capMs: 30_000 };
/** A watch that lived this long was healthy: how it ended is not held against the next one. */
const HEALTHY_WATCH_MS = 5_000;
/** A version from which so many watches in a row have failed is given up: an API restored from a backup never had it. */
const MAX_RESUMPTIONS = 3;

export interface ListWatchCacheOptions<T extends KubeObject> {
  client: Pick<KubeClient, 'list' | 'watch'>;
  resource: ResourceType<T>;
  /** Only this namespace; absent means all. */
  namespace?: string | undefined;
  labelSelector?: string;
  /** What `byIndex` finds objects by. */
  indexes?: Record<string, IndexFunction<T>>;
  /** What of an object is kept; all of it where absent. Indexes and listeners see what is kept. */
  keep?: (object: Stored<T>) => Stored<T>;
  clock: Clock;
  logger: Logger;
  random?: RandomStream;
}

/**
 * An `ObjectCache` fed by the API: lists everything, then watches from the list's version. A watch that breaks is
 * resumed from the last version seen; where the API no longer has that version, or cannot go on from it, everything is
 * listed again and the differences are told as ordinary changes. No error ends the loop.
 */
export class ListWatchCache<T extends KubeObject> implements ObjectCache<T> {
  readonly resource: ResourceType<T>;
  readonly #client: Pick<KubeClient, 'list' | 'watch'>;
  readonly #scope: ListOptions;
  readonly #objects: IndexedObjects<T>;
  readonly #keep: (object: Stored<T>) => Stored<T>;
  readonly #listeners: ((change: CacheChange<T>) => void)[] = [];
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #random: RandomStream;
  readonly #firstList = Promise.withResolvers<undefined>();
  /** Where the next watch begins; undefined while everything has to be listed first. */
  #version: string | undefined;
  #failures = 0;

  constructor(options: ListWatchCacheOptions<T>) {
    const { namespace, labelSelector } = options;
    this.resource = options.resource;
    this.#client = options.client;
    this.#scope = { namespace, ...(labelSelector !== undefined && { labelSelector }) };
    this.#objects = new IndexedObjects(options.indexes ?? {});
    this.#keep = options.keep ?? ((object) => object);
    this.#clock = options.clock;
    this.#logger = options.logger.with({ resource: options.resource.plural });
    this.#random = options.random ?? processRandom();
  }

  get(key: string): Stored<T> | undefined {
    return this.#objects.get(key);
  }

  list(namespace?: string): Stored<T>[] {
    return this.#objects.list(namespace);
  }

  byIndex(index: string, value: string): Stored<T>[] {
    return this.#objects.byIndex(index, value);
  }

  onChange(listener: (change: CacheChange<T>) => void): void {
    this.#listeners.push(listener);
  }

  synced(): Promise<void> {
    return this.#firstList.promise;
  }

  /** Keeps the cache up to date until aborted. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const startedMs = this.#clock.elapsed();
      try {
        this.#version ??= await this.#listAll();
        await this.#watch(this.#version, signal);
      } catch (error) {
        this.#noteError(error, signal);
      }
      if (this.#clock.elapsed() - startedMs >= HEALTHY_WATCH_MS) this.#failures = 0;
      await this.#pause(signal);
    }
  }

  /** Brings the cache to one version of the collection and returns that version. */
  async #listAll(): Promise<string> {
    const stale = new Set(this.#objects.keys());
    const found: Stored<T>[] = [];
    let token: string | undefined;
    let version: string;
    do {
      const page = await this.#client.list(this.resource, {
        ...this.#scope,
        limit: PAGE_SIZE,
        ...(token !== undefined && { continue: token }),
      });
      found.push(...page.items.map(this.#keep));
      version = page.resourceVersion;
      token = page.continue === '' ? undefined : page.continue;
    } while (token !== undefined);
    for (const object of found) {
      stale.delete(objectKey(object));
      this.#put(object);
    }
    for (const key of stale) this.#remove(key);
    this.#firstList.resolve(undefined);
    return version;
  }

  async #watch(version: string, signal: AbortSignal): Promise<void> {
    const events = this.#client.watch(this.resource, {
      ...this.#scope,
      resourceVersion: version,
      allowBookmarks: true,
      signal,
    });
    for await (const event of events) {
      this.#failures = 0;
      this.#apply(event);
    }
  }

  #apply(event: WatchEvent<T>): void {
    if (event.type === 'BOOKMARK') {
      this.#version = event.resourceVersion;
      return;
    }
    const object = this.#keep(event.object);
    if (event.type === 'DELETED') this.#remove(objectKey(object), object);
    else this.#put(object);
    this.#version = event.object.metadata.resourceVersion;
  }

  #put(object: Stored<T>): void {
    const known = this.#objects.get(objectKey(object));
    if (known?.metadata.uid === object.metadata.uid) {
      if (known.metadata.resourceVersion === object.metadata.resourceVersion) return;
      this.#objects.set(object);
      this.#tell({ type: 'changed', object, previous: known });
      return;
    }
    if (known) this.#remove(objectKey(known));
    this.#objects.set(object);
    this.#tell({ type: 'added', object, previous: undefined });
  }

  /** `last` is the object's final state, where the API told it. */
  #remove(key: string, last?: Stored<T>): void {
    const previous = this.#objects.delete(key);
    if (!previous) return;
    const object = last?.metadata.uid === previous.metadata.uid ? last : previous;
    this.#tell({ type: 'removed', object, previous });
  }

  #tell(change: CacheChange<T>): void {
    for (const listener of this.#listeners) {
      try {
        listener(change);
      } catch (error) {
        const key = objectKey(change.object);
        this.#logger.error('cache listener failed', { key, error: errorMessage(error) });
      }
    }
  }

  #noteError(error: unknown, signal: AbortSignal): void {
    if (signal.aborted) return;
    if (isApiError(error, 'Expired')) {
      this.#version = undefined;
      this.#logger.debug('watch history expired, listing again');
      return;
    }
    if (this.#failures >= MAX_RESUMPTIONS) this.#version = undefined;
    // The first of a series is news; an API that stays away, or a kind that it does not serve, is not.
    const level = this.#failures === 0 ? 'warn' : 'debug';
    this.#logger[level]('list-watch failed, trying again', { error: errorMessage(error) });
  }

  /** Waits before the next attempt, the longer the more often nothing came of the ones before. */
  async #pause(signal: AbortSignal): Promise<void> {
    this.#failures++;
    const delayMs = backoffMs(BACKOFF, this.#failures, this.#random);
    await sleep(this.#clock, delayMs, signal).catch(() => undefined);
  }
}
