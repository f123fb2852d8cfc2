import type { Cancel } from '../../core/clock.ts';
import { errorMessage } from '../../core/errors.ts';
import type { Logger } from '../../core/logger.ts';
import { collect } from './collection-rules.ts';
import { FOREGROUND_FINALIZER, hasFinalizer } from './deletion.ts';
import { type Change, ownersDiffer } from './revision-log.ts';
import type { StoreContext } from './store-context.ts';

/** Objects that are looked at before others get their turn on the event loop. */
const BATCH_SIZE = 50;
/** A full disk, most likely: it takes a while to be relieved. */
const RETRY_MS = 5_000;

/**
 * Kubernetes' garbage collector, driven by a queue of uids that need a look. Every look is one transaction that derives
 * what to do from what is stored (collection-rules.ts), so the work may stop anywhere and be taken up again.
 */
export class GarbageCollector {
  readonly #context: StoreContext;
  readonly #logger: Logger;
  readonly #queue = new Set<string>();
  readonly #failed = new Set<string>();
  #scheduled: NodeJS.Immediate | undefined;
  #cancelRetry: Cancel | undefined;

  constructor(context: StoreContext, logger: Logger) {
    this.#context = context;
    this.#logger = logger;
  }

  /** Takes note of what a change may have left to do. Cheap: the work is done on a later turn of the event loop. */
  consider(change: Change): void {
    this.#enqueue(affectedUids(change));
    if (change.type === 'removed' || beganToWait(change)) {
      this.#enqueue(this.#context.log.dependentUids(change.object.metadata.uid));
    }
    if (change.type === 'removed') this.#enqueueNamespace(change.object.metadata.namespace);
  }

  /** Takes up what an earlier process left undone. */
  recover(): void {
    const { log } = this.#context;
    const uids = [...log.missingOwnerUids(), ...log.terminatingUids()];
    this.#enqueue([...uids, ...uids.flatMap((uid) => log.dependentUids(uid))]);
  }

  stop(): void {
    clearImmediate(this.#scheduled);
    this.#cancelRetry?.();
    this.#queue.clear();
  }

  #enqueue(uids: readonly string[]): void {
    for (const uid of uids) this.#queue.add(uid);
    if (this.#queue.size > 0) this.#scheduled ??= setImmediate(() => this.#runBatch());
  }

  /** A namespace that is being emptied may have lost its last object. */
  #enqueueNamespace(name: string | undefined): void {
    if (name === undefined) return;
    const uid = this.#context.log.terminatingNamespaceUid(name);
    if (uid !== null) this.#enqueue([uid]);
  }

  #runBatch(): void {
    this.#scheduled = undefined;
    const batch = [...this.#queue.values().take(BATCH_SIZE)];
    for (const uid of batch) {
      this.#queue.delete(uid);
      this.#collect(uid);
    }
    this.#enqueue([]);
  }

  #collect(uid: string): void {
    const { commit, log, clock } = this.#context;
    try {
      const outcome = commit((writer) => collect({ log, writer, nowMs: clock.now() }, uid));
      if (outcome === 'more') this.#enqueue([uid]);
    } catch (error) {
      this.#logger.error('garbage collection failed', { uid, error: errorMessage(error) });
      this.#retryLater(uid);
    }
  }

  #retryLater(uid: string): void {
    this.#failed.add(uid);
    this.#cancelRetry ??= this.#context.clock.after(RETRY_MS, () => {
      this.#cancelRetry = undefined;
      const failed = [...this.#failed];
      this.#failed.clear();
      this.#enqueue(failed);
    });
  }
}

/** The object itself where its own fate may have changed, and the owners that may have waited for it. */
function affectedUids({ type, object, previous }: Change): string[] {
  const { uid, ownerReferences = [], deletionTimestamp } = object.metadata;
  const ownersChanged = ownersDiffer(previous, object);
  const itself = type !== 'removed' && (ownersChanged || deletionTimestamp != null) ? [uid] : [];
  if (type !== 'removed' && !ownersChanged) return itself;
  const owners = [...ownerReferences, ...(previous?.metadata.ownerReferences ?? [])];
  return [...itself, ...owners.map((owner) => owner.uid)];
}

function beganToWait({ object, previous }: Change): boolean {
  return (
    hasFinalizer(object, FOREGROUND_FINALIZER) && !(previous && hasFinalizer(previous, FOREGROUND_FINALIZER))
  );
}
