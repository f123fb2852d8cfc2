import { errorMessage } from '../../core/errors.ts';
import type { Logger } from '../../core/logger.ts';
import { parseTime } from '../../core/time.ts';
import { EVENTS } from '../../kube/resource.ts';
import { parseStored, resourceKey, type StoredDocument } from './document.ts';
import { snapshotRows } from './list-pages.ts';
import type { Change } from './revision-log.ts';
import type { StoreContext } from './store-context.ts';

/** As in Kubernetes: what happened to an object is of interest for an hour. */
const EVENT_TTL_MS = 60 * 60 * 1000;
const SWEEP_INTERVAL_MS = 10 * 60 * 1000;

/** Removes old `v1` Events, which nobody owns for long and nobody deletes. Driven by new ones: no timer runs. */
export class EventExpiry {
  readonly #context: StoreContext;
  readonly #logger: Logger;
  #sweptAtMs: number;
  #scheduled: NodeJS.Immediate | undefined;

  constructor(context: StoreContext, logger: Logger) {
    this.#context = context;
    this.#logger = logger;
    this.#sweptAtMs = context.clock.elapsed();
  }

  consider(change: Change): void {
    if (change.type !== 'created' || change.resource !== resourceKey(EVENTS)) return;
    if (this.#context.clock.elapsed() - this.#sweptAtMs < SWEEP_INTERVAL_MS) return;
    this.#scheduled ??= setImmediate(() => this.#sweep());
  }

  stop(): void {
    clearImmediate(this.#scheduled);
  }

  #sweep(): void {
    const { log, commit, clock } = this.#context;
    this.#scheduled = undefined;
    this.#sweptAtMs = clock.elapsed();
    const oldestMs = clock.now() - EVENT_TTL_MS;
    const resource = resourceKey(EVENTS);
    try {
      commit((writer) => {
        for (const row of snapshotRows(log, { resource, version: log.currentVersion() })) {
          const event = parseStored(row.body);
          if (clock.momentOf(lastSeenMs(event)) < oldestMs) writer.remove(resource, event, event);
        }
      });
    } catch (error) {
      this.#logger.error('expiry of events failed', { error: errorMessage(error) });
    }
  }
}

/** A repeated event is as old as its last occurrence. */
function lastSeenMs(event: StoredDocument): number {
  const { lastTimestamp } = event;
  const last = typeof lastTimestamp === 'string' ? parseTime(lastTimestamp) : Number.NaN;
  const created = parseTime(event.metadata.creationTimestamp);
  return Number.isNaN(last) ? created : Math.max(last, created);
}
