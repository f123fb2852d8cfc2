import type { Clock } from '../../core/clock.ts';
import type { KubeObject } from '../../core/kubernetes-object.ts';
import { ApiError } from '../../kube/api-error.ts';
import type { WatchEvent, WatchOptions } from '../../kube/client.ts';
import type { ResourceType } from '../../kube/resource.ts';
import { versionTooOld } from './api-errors.ts';
import type { ChangeSignal, Wake } from './change-signal.ts';
import { type Document, parseStored, resourceKey, type StoredDocument } from './document.ts';
import { snapshotRows } from './list-pages.ts';
import type { RecentChanges } from './recent-changes.ts';
import type { LoggedChange, RevisionLog } from './revision-log.ts';
import { readSelection, type Selection } from './selection.ts';

export interface WatchSource {
  readonly log: RevisionLog;
  readonly recent: RecentChanges;
  readonly changes: ChangeSignal;
  readonly clock: Clock;
  /** False once the store is closed: watches end. */
  isOpen(): boolean;
}

type Event = WatchEvent<Document>;

/** Changes taken from the history at a time: what a watch holds in memory at most. */
const BATCH_SIZE = 100;
const BOOKMARK_INTERVAL_MS = 60_000;

/** One running watch. */
interface Watch {
  readonly source: WatchSource;
  readonly resource: ResourceType;
  readonly selection: Selection;
  readonly options: WatchOptions;
  hasEnded(): boolean;
}

/**
 * Changes of a collection, read from the history from one version to the next, so that a slow consumer costs no memory
 * and nothing is missed or repeated. Ends with the signal or the store.
 */
export async function* watchCollection(
  source: WatchSource,
  resource: ResourceType,
  options: WatchOptions,
): AsyncGenerator<Event, void, undefined> {
  const selection = readSelection(resource, options);
  const hasEnded = (): boolean => !source.isOpen() || options.signal?.aborted === true;
  if (hasEnded()) return;
  const watch = { source, resource, selection, options, hasEnded };
  const version = readVersion(source.log, options.resourceVersion);
  const start = version ?? source.log.currentVersion();
  if (version === null) yield* existing(watch, start);
  yield* changesAfter(watch, start);
}

function* existing(watch: Watch, version: number): Generator<Event, void, undefined> {
  const { source, resource, selection, options } = watch;
  const query = { resource: resourceKey(resource), namespace: selection.namespace, version };
  for (const row of snapshotRows(source.log, query)) {
    const object = parseStored(row.body);
    if (selection.matches?.(object) ?? true) yield { type: 'ADDED', object };
    if (watch.hasEnded()) return;
  }
  if (options.allowBookmarks) yield bookmark(version);
}

async function* changesAfter(watch: Watch, start: number): AsyncGenerator<Event, void, undefined> {
  const { log, recent, changes } = watch.source;
  const resource = resourceKey(watch.resource);
  let cursor = start;
  while (!watch.hasEnded()) {
    const batch = recent.after(resource, cursor, BATCH_SIZE);
    if (!batch) throw versionTooOld(cursor, log.compactedVersion());
    for (const change of batch) {
      cursor = change.version;
      const event = toEvent(change, watch.selection);
      if (event) yield event;
      if (watch.hasEnded()) return;
    }
    const isBehind = batch.length === BATCH_SIZE || changes.newest(resource) > cursor;
    if (isBehind && batch.length > 0) continue;
    // Nothing is awaited between the look above and the wait: no change can slip between them.
    const wake = await nextWake(watch);
    // Up to the change there was none of this collection, however many of others the history has dropped meanwhile.
    if (wake.type === 'changed') cursor = wake.version - 1;
    if (wake.type === 'timeout') {
      cursor = log.currentVersion();
      yield bookmark(cursor);
    }
  }
}

/** What a change means to somebody who sees the selection only; null where it means nothing. The object is his own. */
function toEvent(change: LoggedChange, selection: Selection): Event | null {
  if (selection.namespace !== undefined && change.namespace !== selection.namespace) return null;
  const { matches } = selection;
  if (!matches) {
    const object = parseStored(change.body);
    if (change.removed) return { type: 'DELETED', object };
    return { type: change.isNew ? 'ADDED' : 'MODIFIED', object };
  }
  const previous = change.previous();
  const didMatch = previous !== null && matches(previous);
  const doesMatch = !change.removed && matches(change.object());
  if (doesMatch) return { type: didMatch ? 'MODIFIED' : 'ADDED', object: parseStored(change.body) };
  if (!didMatch) return null;
  // As in Kubernetes: the last state that belonged to the selection, with the version of the change.
  return { type: 'DELETED', object: withVersion(structuredClone(previous), change.version) };
}

function withVersion(object: StoredDocument, version: number): StoredDocument {
  return { ...object, metadata: { ...object.metadata, resourceVersion: String(version) } };
}

function bookmark(version: number): WatchEvent<KubeObject> & { type: 'BOOKMARK' } {
  return { type: 'BOOKMARK', resourceVersion: String(version) };
}

/** The version to go on from, or null to begin with everything that exists. */
function readVersion(log: RevisionLog, text: string | undefined): number | null {
  if (text === undefined || text === '' || text === '0') return null;
  if (!/^\d{1,15}$/.test(text)) {
    throw new ApiError('BadRequest', `resourceVersion: "${text}" is not a version that this API returned`);
  }
  const version = Number(text);
  // A version from before the store was begun anew: everything has to be read again.
  if (version > log.currentVersion()) throw versionTooOld(version, log.compactedVersion());
  return version;
}

function nextWake({ source, resource, options }: Watch): Promise<Wake> {
  const { signal } = options;
  return new Promise((resolve) => {
    const finish = (wake: Wake): void => {
      stopListening();
      stopTimer();
      signal?.removeEventListener('abort', onAbort);
      resolve(wake);
    };
    const onAbort = (): void => finish({ type: 'ended' });
    const stopListening = source.changes.once(resourceKey(resource), finish);
    const stopTimer = options.allowBookmarks
      ? source.clock.after(BOOKMARK_INTERVAL_MS, () => finish({ type: 'timeout' }))
      : () => undefined;
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
