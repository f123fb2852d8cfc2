import { parseStored, type StoredDocument } from './document.ts';
import type { Change, LoggedChange, RevisionLog } from './revision-log.ts';

/** How much is kept, of the newest changes. */
export interface RecentLimits {
  readonly changes: number;
  /** Of all bodies together, in UTF-16 units. */
  readonly length: number;
}

/** Watches that keep up are a few dozen changes behind at most. */
export const RECENT_LIMITS: RecentLimits = { changes: 200, length: 2 * 1_048_576 };

type Kept = LoggedChange & { readonly resource: string };

/**
 * The history as watches read it: its newest part from memory, so that watches that keep up ask the database nothing,
 * and all that is older from the revision log.
 */
export class RecentChanges {
  readonly #log: RevisionLog;
  readonly #limits: RecentLimits;
  /** By version, in order and without a gap. */
  readonly #kept = new Map<number, Kept>();
  #oldest = Number.POSITIVE_INFINITY;
  #newest = 0;
  #length = 0;

  constructor(log: RevisionLog, limits: RecentLimits) {
    this.#log = log;
    this.#limits = limits;
  }

  /** Takes a change that was committed; each one, in order. */
  add({ resource, version, type, object: { metadata }, previous, body }: Change): void {
    let parsed: StoredDocument | undefined;
    const isNew = previous === null;
    const previousVersion = Number(previous?.metadata.resourceVersion);
    this.#kept.set(version, {
      resource,
      version,
      removed: type === 'removed',
      namespace: metadata.namespace ?? '',
      body,
      isNew,
      object: () => (parsed ??= parseStored(body)),
      previous: () =>
        isNew ? null : (this.#kept.get(previousVersion)?.object() ?? this.#log.at(previousVersion)),
    });
    this.#oldest = Math.min(this.#oldest, version);
    this.#newest = version;
    this.#length += body.length;
    while (this.#kept.size > this.#limits.changes || this.#length > this.#limits.length) this.#forgetOldest();
  }

  /** Changes of a collection after a version, oldest first; null where the history does not go back that far. */
  after(resource: string, version: number, limit: number): readonly LoggedChange[] | null {
    if (version + 1 >= this.#oldest) return this.#keptAfter(resource, version, limit);
    if (version < this.#log.compactedVersion()) return null;
    return this.#log.changesAfter(resource, version, limit);
  }

  #keptAfter(resource: string, version: number, limit: number): LoggedChange[] {
    const found: LoggedChange[] = [];
    for (let at = version + 1; at <= this.#newest && found.length < limit; at++) {
      const change = this.#kept.get(at);
      if (change?.resource === resource) found.push(change);
    }
    return found;
  }

  #forgetOldest(): void {
    this.#length -= this.#kept.get(this.#oldest)?.body.length ?? 0;
    this.#kept.delete(this.#oldest);
    this.#oldest++;
  }
}
