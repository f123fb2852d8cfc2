import Database from 'better-sqlite3';
import type { Clock } from '../../core/clock.ts';
import { DISK_FULL, isDiskFull } from '../../core/disk-space.ts';
import { errorMessage } from '../../core/errors.ts';
import type { KubeObject } from '../../core/kubernetes-object.ts';
import type { Logger } from '../../core/logger.ts';
import { ApiError } from '../../kube/api-error.ts';
import type { KubeClient, WatchEvent } from '../../kube/client.ts';
import type { ResourceType } from '../../kube/resource.ts';
import { type Admission, admitAll } from './admission.ts';
import { notFound } from './api-errors.ts';
import { createChangeSignal } from './change-signal.ts';
import { createCommit, createTrialCommit } from './commit.ts';
import { createObject } from './create-object.ts';
import { openDatabase, openDatabaseForReading } from './database.ts';
import { deleteObject } from './delete-object.ts';
import { patchObject, replaceObject } from './edit-object.ts';
import { EventExpiry } from './event-expiry.ts';
import { GarbageCollector } from './garbage-collector.ts';
import { listPage } from './list-pages.ts';
import { RECENT_LIMITS, RecentChanges } from './recent-changes.ts';
import { type Change, RevisionLog } from './revision-log.ts';
import { addressOf, type StoreContext } from './store-context.ts';
import { watchCollection, type WatchSource } from './watch.ts';

export type { Admission, AdmissionRequest } from './admission.ts';

/** Kubernetes objects in one SQLite file, with the API server's rules for writes, watches and deletion. */
export interface ObjectStore {
  readonly client: KubeClient;
  /** Answers as `client` does, and stores nothing of what is written through it (`dryRun=All`). */
  readonly dryRunClient: KubeClient;
  /** Ends all watches; later calls of the client are refused (ServiceUnavailable). May be called again. */
  close(): void;
}

export interface ObjectStoreOptions {
  /** A file, which is made where there is none, or `:memory:`. One process at a time may have it open. */
  readonly path: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Asked before objects are created or changed; absent, everything is admitted. */
  readonly admission?: Admission;
  /** How many of the latest changes watches can go back at least; 10,000 where absent. */
  readonly historyLimit?: number;
  /** For reading beside the process that works with the file, or after it; writes are refused. False where absent. */
  readonly readOnly?: boolean;
}

const DEFAULT_HISTORY_LIMIT = 10_000;

/**
 * Opens the store and takes up garbage collection where an earlier process left off. Throws KatydidError where the file
 * cannot be used (`STORE_CORRUPT`, `STORE_NOT_A_DATABASE`, `STORE_SCHEMA_TOO_NEW`, `STORE_CANNOT_OPEN`).
 */
export function openObjectStore(options: ObjectStoreOptions): ObjectStore {
  const { path, clock, logger, admission = admitAll, historyLimit = DEFAULT_HISTORY_LIMIT } = options;
  const { readOnly = false } = options;
  const db = readOnly ? openDatabaseForReading(path) : openDatabase(path);
  const log = new RevisionLog(db, historyLimit);
  const recent = new RecentChanges(log, {
    ...RECENT_LIMITS,
    changes: Math.min(RECENT_LIMITS.changes, historyLimit),
  });
  const changes = createChangeSignal();
  const onCommit = (committed: readonly Change[]): void => {
    for (const change of committed) {
      recent.add(change);
      changes.notify(change.resource, change.version);
      collector.consider(change);
      expiry.consider(change);
    }
  };
  const context: StoreContext = { log, commit: createCommit(db, log, onCommit), clock, admission };
  const collector = new GarbageCollector(context, logger);
  const expiry = new EventExpiry(context, logger);
  if (!readOnly) collector.recover();
  const source: WatchSource = { log, recent, changes, clock, isOpen: () => db.open };
  const trialContext: StoreContext = { ...context, commit: createTrialCommit(db, log) };
  return {
    client: createClient(context, source, logger),
    dryRunClient: createClient(trialContext, source, logger),
    close() {
      collector.stop();
      expiry.stop();
      db.close();
      changes.end();
    },
  };
}

/** The synchronous store behind the asynchronous interface. Everything returned was parsed or built for the caller. */
function createClient(context: StoreContext, source: WatchSource, logger: Logger): KubeClient {
  const { log } = context;
  const answer = <R>(compute: () => unknown): Promise<R> =>
    new Promise((resolve, reject) => {
      try {
        if (!source.isOpen()) throw new ApiError('ServiceUnavailable', 'the object store is closed');
        resolve(compute() as R);
      } catch (error) {
        reject(asApiError(error, logger));
      }
    });
  return {
    get: (resource, ref) =>
      answer(() => {
        const object = log.find(addressOf(resource, ref));
        if (!object) throw notFound(resource, ref.name);
        return object;
      }),
    list: (resource, listOptions = {}) => answer(() => listPage(log, resource, listOptions)),
    watch: <T extends KubeObject>(resource: ResourceType<T>, watchOptions = {}) =>
      failingAsApiError(watchCollection(source, resource, watchOptions), logger) as AsyncIterable<
        WatchEvent<T>
      >,
    create: (resource, object) => answer(() => createObject(context, resource, object)),
    update: (resource, object) => answer(() => replaceObject(context, resource, 'main', object)),
    updateStatus: (resource, object) => answer(() => replaceObject(context, resource, 'status', object)),
    patch: (resource, ref, patch) => answer(() => patchObject(context, resource, ref, 'main', patch)),
    patchStatus: (resource, ref, patch) => answer(() => patchObject(context, resource, ref, 'status', patch)),
    delete: (resource, ref, deleteOptions = {}) =>
      answer(() => deleteObject(context, resource, ref, deleteOptions)),
  };
}

const STORE_FULL = `${DISK_FULL}: the disk of the object store is full, and nothing was changed; try again when it has room`;

/** A failure of the database is logged here, where it is handled, and reaches callers as the API's own error. */
function asApiError(error: unknown, logger: Logger): Error {
  if (!(error instanceof Database.SqliteError))
    return error instanceof Error ? error : new Error(String(error));
  logger.error('object store failed', { code: error.code, error: errorMessage(error) });
  if (isDiskFull(error)) return new ApiError('ServiceUnavailable', STORE_FULL);
  return new ApiError('InternalError', `the object store failed: ${error.message} (${error.code})`);
}

async function* failingAsApiError<T>(
  events: AsyncIterable<T>,
  logger: Logger,
): AsyncGenerator<T, void, undefined> {
  try {
    yield* events;
  } catch (error) {
    throw asApiError(error, logger);
  }
}
