import { createHash } from 'node:crypto';
import type { Clock } from '../core/clock.ts';
import { errorMessage } from '../core/errors.ts';
import type { KubeObject, Stored } from '../core/kubernetes-object.ts';
import type { Logger } from '../core/logger.ts';
import { rfc3339Seconds } from '../core/time.ts';
import { isApiError } from './api-error.ts';
import type { KubeClient } from './client.ts';
import { EVENTS, type KubeEvent } from './resource.ts';

/** Events whose repeats are counted in memory; older ones are looked up in the API when they are seen again. */
const MAX_REMEMBERED = 2_000;
const MAX_MESSAGE_LENGTH = 1_024;
const MAX_NAME_LENGTH = 253;

interface Occurrence {
  event: KubeEvent & { count: number; lastTimestamp: string };
  /** The API has the event; what is missing is at most its newest count. */
  created: boolean;
  /** `count` as the API knows it. */
  written: number;
  writing: boolean;
}

/**
 * Tells people what happened to an object, as `v1` Events. A repeat (same object, reason and message) raises the
 * event's `count` instead of adding another. Telling is best effort: nothing waits for it and nothing fails by it.
 */
export class EventRecorder {
  readonly #client: KubeClient;
  readonly #component: string;
  readonly #clock: Clock;
  readonly #logger: Logger;
  /** Oldest first. */
  readonly #occurrences = new Map<string, Occurrence>();
  readonly #writes = new Set<Promise<void>>();

  constructor(options: { client: KubeClient; component: string; clock: Clock; logger: Logger }) {
    this.#client = options.client;
    this.#component = options.component;
    this.#clock = options.clock;
    this.#logger = options.logger.with({ component: options.component });
  }

  /** Never throws. The event is written in the background. */
  record(object: Stored<KubeObject>, type: 'Normal' | 'Warning', reason: string, message: string): void {
    const occurrence = this.#occurrence(object, type, reason, message);
    occurrence.event.count++;
    occurrence.event.lastTimestamp = rfc3339Seconds(this.#clock.now());
    if (occurrence.writing) return;
    const write = this.#write(occurrence).finally(() => this.#writes.delete(write));
    this.#writes.add(write);
  }

  /** Resolves when everything recorded so far has been written or given up. */
  async flush(): Promise<void> {
    await Promise.all(this.#writes);
  }

  #occurrence(
    object: Stored<KubeObject>,
    type: 'Normal' | 'Warning',
    reason: string,
    message: string,
  ): Occurrence {
    const name = eventName(object, reason, message);
    const key = `${object.metadata.namespace ?? ''}/${name}`;
    const known = this.#occurrences.get(key);
    this.#occurrences.delete(key);
    const occurrence = known ?? {
      event: this.#newEvent(object, name, type, reason, message),
      created: false,
      written: 0,
      writing: false,
    };
    this.#occurrences.set(key, occurrence);
    this.#dropOldest();
    return occurrence;
  }

  #newEvent(
    { apiVersion, kind, metadata }: Stored<KubeObject>,
    name: string,
    type: 'Normal' | 'Warning',
    reason: string,
    message: string,
  ): Occurrence['event'] {
    const now = rfc3339Seconds(this.#clock.now());
    const namespace = metadata.namespace ?? 'default';
    return {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name, namespace },
      involvedObject: {
        apiVersion,
        kind,
        name: metadata.name,
        uid: metadata.uid,
        ...(metadata.namespace !== undefined && { namespace: metadata.namespace }),
      },
      type,
      reason,
      message: message.slice(0, MAX_MESSAGE_LENGTH),
      count: 0,
      firstTimestamp: now,
      lastTimestamp: now,
      source: { component: this.#component },
    };
  }

  #dropOldest(): void {
    if (this.#occurrences.size <= MAX_REMEMBERED) return;
    const [oldest] = this.#occurrences.keys();
    if (oldest !== undefined) this.#occurrences.delete(oldest);
  }

  /** Writes until the API has the newest count: repeats that come in meanwhile share one write. */
  async #write(occurrence: Occurrence): Promise<void> {
    occurrence.writing = true;
    try {
      while (occurrence.written < occurrence.event.count) await this.#writeOnce(occurrence);
    } catch (error) {
      this.#logger.debug('event not written', {
        reason: occurrence.event.reason,
        error: errorMessage(error),
      });
    } finally {
      occurrence.writing = false;
    }
  }

  async #writeOnce(occurrence: Occurrence): Promise<void> {
    const { event } = occurrence;
    const { count } = event;
    if (occurrence.created) await this.#raise(occurrence);
    else await this.#create(occurrence);
    occurrence.written = Math.max(occurrence.written, count);
  }

  async #create(occurrence: Occurrence): Promise<void> {
    const { event } = occurrence;
    try {
      await this.#client.create(EVENTS, structuredClone(event));
    } catch (error) {
      if (!isApiError(error, 'AlreadyExists')) throw error;
      await this.#adopt(occurrence);
    }
    occurrence.created = true;
  }

  /** Goes on counting where an earlier process, or this one before it forgot, had stopped. */
  async #adopt({ event }: Occurrence): Promise<void> {
    const { namespace, name = '' } = event.metadata;
    const stored = await this.#client.get(EVENTS, { namespace, name });
    event.count += stored.count ?? 0;
    if (stored.firstTimestamp !== undefined) event.firstTimestamp = stored.firstTimestamp;
  }

  async #raise(occurrence: Occurrence): Promise<void> {
    const { count, lastTimestamp, metadata } = occurrence.event;
    const { namespace, name = '' } = metadata;
    try {
      await this.#client.patch(
        EVENTS,
        { namespace, name },
        { type: 'merge', body: { count, lastTimestamp } },
      );
    } catch (error) {
      if (!isApiError(error, 'NotFound')) throw error;
      // Events are kept for a limited time: the next one begins a new count of the same story.
      await this.#create(occurrence);
    }
  }
}

/** `<object>.<hash>`: equal for repeats, so that any process that sees one finds the event. */
function eventName(object: Stored<KubeObject>, reason: string, message: string): string {
  const hash = createHash('sha256').update(JSON.stringify([object.metadata.uid, reason, message]));
  const suffix = `.${hash.digest('hex').slice(0, 16)}`;
  return object.metadata.name.slice(0, MAX_NAME_LENGTH - suffix.length) + suffix;
}
