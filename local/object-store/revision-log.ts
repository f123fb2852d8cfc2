import type Database from 'better-sqlite3';
import type { OwnerReference } from '../../core/kubernetes-object.ts';
import { NAMESPACES } from '../../kube/resource.ts';
import { type Address, parseStored, resourceKey, type StoredDocument } from './document.ts';
import {
  prepareRevisionStatements,
  type RevisionStatements,
  type SnapshotParameters,
  type SnapshotRow,
} from './revision-statements.ts';

/** What one write did. */
export interface Change {
  readonly resource: string;
  readonly version: number;
  readonly type: 'created' | 'updated' | 'removed';
  /** The new state; the last one where the object was removed. Its `resourceVersion` is this change's. */
  readonly object: StoredDocument;
  /** What the write replaced; null for a new object. */
  readonly previous: StoredDocument | null;
  /** `object` as JSON. */
  readonly body: string;
}

/** A change as the history keeps it. Nothing is parsed that nobody looks at. */
export interface LoggedChange {
  readonly version: number;
  readonly removed: boolean;
  readonly namespace: string;
  /** The new state as JSON, or the last one where the object was removed. */
  readonly body: string;
  readonly isNew: boolean;
  /** What `body` says, to be looked at only: everybody gets the same. */
  readonly object: () => StoredDocument;
  /** What the change replaced, to be looked at only; null where it is new. */
  readonly previous: () => StoredDocument | null;
}

export interface SnapshotQuery {
  readonly resource: string;
  /** Absent means all namespaces. */
  readonly namespace?: string | undefined;
  readonly version: number;
  /** Objects that come after this one in the order of namespace and name. */
  readonly after?: { readonly namespace: string; readonly name: string } | undefined;
}

const FIRST_VERSION = 1;
/** Compaction runs once in so many versions: often enough to stay small, rarely enough not to be felt. */
const COMPACTION_INTERVAL = 250;

/**
 * Every state of every object, and who owns what: the object store's SQL and nothing else. Writes must run inside a
 * transaction.
 */
export class RevisionLog {
  readonly #statements: RevisionStatements;
  readonly #historyLimit: number;

  /** `historyLimit`: how many of the latest changes stay readable for watches, at least. */
  constructor(db: Database.Database, historyLimit: number) {
    this.#statements = prepareRevisionStatements(db);
    this.#historyLimit = historyLimit;
  }

  /** The version of the latest change. Never 0, which means "from the beginning" to a watch. */
  currentVersion(): number {
    return this.#statements.currentVersion.get()?.version ?? FIRST_VERSION;
  }

  /** Watches and lists can go back to this version at the earliest. */
  compactedVersion(): number {
    return this.#statements.compactedVersion.get()?.version ?? 0;
  }

  find(address: Address): StoredDocument | null {
    const row = this.#statements.find.get(address.resource, address.namespace, address.name);
    return row ? parseStored(row.body) : null;
  }

  findByUid(uid: string): { resource: string; object: StoredDocument } | null {
    const row = this.#statements.findByUid.get(uid);
    return row ? { resource: row.resource, object: parseStored(row.body) } : null;
  }

  /** Stores a new state of the object, or the first one where `previous` is null. */
  put(resource: string, previous: StoredDocument | null, object: StoredDocument): Change {
    return this.#append(resource, previous ? 'updated' : 'created', previous, object);
  }

  /** Removes the object; `object` is its last state. */
  remove(resource: string, previous: StoredDocument, object: StoredDocument): Change {
    return this.#append(resource, 'removed', previous, object);
  }

  /** One page of the collection as it was at a version, in order of namespace and name (of their bytes). */
  snapshot(query: SnapshotQuery, limit: number): SnapshotRow[] {
    const { page, pageOfNamespace } = this.#statements;
    return (query.namespace === undefined ? page : pageOfNamespace).all(snapshotParameters(query, limit));
  }

  snapshotCount(query: SnapshotQuery): number {
    const { count, countOfNamespace } = this.#statements;
    const statement = query.namespace === undefined ? count : countOfNamespace;
    return statement.get(snapshotParameters(query, 0))?.count ?? 0;
  }

  /** Changes of a collection after a version, oldest first. */
  changesAfter(resource: string, version: number, limit: number): LoggedChange[] {
    const rows = this.#statements.changes.all(resource, version, limit);
    return rows.map(({ version: own, removed, namespace, body, previousBody }) => ({
      version: own,
      removed: removed === 1,
      namespace,
      body,
      isNew: previousBody === null,
      object: () => parseStored(body),
      previous: () => (previousBody === null ? null : parseStored(previousBody)),
    }));
  }

  /** The state that was written with a version; null where it is not kept any more. */
  at(version: number): StoredDocument | null {
    const row = this.#statements.body.get(version);
    return row ? parseStored(row.body) : null;
  }

  dependentUids(ownerUid: string): string[] {
    return this.#statements.dependents.all(ownerUid).map((row) => row.uid);
  }

  hasBlockingDependent(ownerUid: string): boolean {
    return this.#statements.blockingDependent.get(ownerUid) !== undefined;
  }

  /** Owners that are referred to and do not exist. */
  missingOwnerUids(): string[] {
    return this.#statements.missingOwners.all().map((row) => row.uid);
  }

  /** Objects that carry a `deletionTimestamp`. */
  terminatingUids(): string[] {
    return this.#statements.terminating.all().map((row) => row.uid);
  }

  /** The uid of a Namespace that is being deleted, or null. */
  terminatingNamespaceUid(name: string): string | null {
    return this.#statements.terminatingNamespace.get(resourceKey(NAMESPACES), name)?.uid ?? null;
  }

  /** Objects of a namespace that are not being deleted yet. */
  activeUidsInNamespace(namespace: string, limit: number): string[] {
    return this.#statements.activeInNamespace.all(namespace, limit).map((row) => row.uid);
  }

  isNamespaceEmpty(namespace: string): boolean {
    return this.#statements.anyInNamespace.get(namespace) === undefined;
  }

  #append(
    resource: string,
    type: Change['type'],
    previous: StoredDocument | null,
    next: StoredDocument,
  ): Change {
    const version = this.currentVersion() + 1;
    const stamped = { ...next, metadata: { ...next.metadata, resourceVersion: String(version) } };
    const body = JSON.stringify(stamped);
    // Parsed anew, so that it shares nothing with what a writer may still hold.
    const object = parseStored(body);
    const { namespace = '', name } = object.metadata;
    if (previous) this.#statements.supersede.run(version, resource, namespace, name);
    this.#insert(resource, version, type, object, body);
    if (type === 'removed') this.#replaceOwners(object, []);
    else if (ownersDiffer(previous, object)) this.#replaceOwners(object, object.metadata.ownerReferences);
    this.#compact(version);
    return { resource, version, type, object, previous, body };
  }

  #insert(
    resource: string,
    version: number,
    type: Change['type'],
    object: StoredDocument,
    body: string,
  ): void {
    const { namespace = '', name, uid, deletionTimestamp } = object.metadata;
    this.#statements.insert.run(
      version,
      type === 'removed' ? version : null,
      resource,
      namespace,
      name,
      uid,
      deletionTimestamp == null ? 0 : 1,
      body,
    );
  }

  #replaceOwners(object: StoredDocument, owners: readonly OwnerReference[] = []): void {
    this.#statements.deleteOwners.run(object.metadata.uid);
    for (const owner of owners) {
      this.#statements.insertOwner.run(owner.uid, object.metadata.uid, owner.blockOwnerDeletion ? 1 : 0);
    }
  }

  #compact(version: number): void {
    if (version % COMPACTION_INTERVAL !== 0 || version <= this.#historyLimit) return;
    this.#statements.compact.run(version - this.#historyLimit);
    this.#statements.recordCompaction.run(version - this.#historyLimit);
  }
}

/** Whether the owners, or their order, which is too rarely changed to be looked at closer, are others. */
export function ownersDiffer(previous: StoredDocument | null, object: StoredDocument): boolean {
  const before = previous?.metadata.ownerReferences ?? [];
  const after = object.metadata.ownerReferences ?? [];
  return JSON.stringify(before) !== JSON.stringify(after);
}

function snapshotParameters(query: SnapshotQuery, limit: number): SnapshotParameters {
  return {
    resource: query.resource,
    version: query.version,
    namespace: query.namespace ?? query.after?.namespace ?? '',
    name: query.after?.name ?? '',
    limit,
  };
}
