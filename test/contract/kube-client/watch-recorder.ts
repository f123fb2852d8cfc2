import type { KubeObject } from '../../../core/kubernetes-object.ts';
import type { KubeClient, WatchEvent, WatchOptions } from '../../../kube/client.ts';
import type { ResourceType } from '../../../kube/resource.ts';

type Entry = [type: string, name: string];

/** Reads a watch in the background and keeps what it says. */
export class WatchRecorder<T extends KubeObject> {
  readonly events: WatchEvent<T>[] = [];
  readonly #ending = new AbortController();
  readonly #finished: Promise<void>;
  #arrived = Promise.withResolvers<undefined>();

  constructor(client: KubeClient, resource: ResourceType<T>, options: WatchOptions) {
    this.#finished = this.#read(client.watch(resource, { ...options, signal: this.#ending.signal }));
  }

  /** The first `count` events, as soon as there are so many. Rejects where the watch ends or fails before. */
  async first(count: number): Promise<WatchEvent<T>[]> {
    while (this.events.length < count) {
      const ended = this.#finished.then(() => {
        throw new Error(`the watch ended after ${this.events.length} of ${count} events`);
      });
      await Promise.race([this.#arrived.promise, ended]);
    }
    return this.events.slice(0, count);
  }

  /** Ends the watch, and rejects where it failed. */
  async stop(): Promise<void> {
    this.#ending.abort();
    await this.#finished;
  }

  async #read(watch: AsyncIterable<WatchEvent<T>>): Promise<void> {
    for await (const event of watch) {
      this.events.push(event);
      this.#arrived.resolve(undefined);
      this.#arrived = Promise.withResolvers();
    }
  }
}

/** Type and name of each event: what most cases are about. */
export function summary(events: readonly WatchEvent<KubeObject>[]): Entry[] {
  return events.map((event) => [event.type, event.type === 'BOOKMARK' ? '' : event.object.metadata.name]);
}

/** The version that each event carries. */
export function versions(events: readonly WatchEvent<KubeObject>[]): string[] {
  return events.map((event) =>
    event.type === 'BOOKMARK' ? event.resourceVersion : event.object.metadata.resourceVersion,
  );
}
