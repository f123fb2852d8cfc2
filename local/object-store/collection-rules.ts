import type { OwnerReference } from '../../core/kubernetes-object.ts';
import type { DeleteOptions } from '../../kube/client.ts';
import type { Writer } from './commit.ts';
import {
  FOREGROUND_FINALIZER,
  hasFinalizer,
  isReadyToGo,
  NAMESPACE_FINALIZER,
  ORPHAN_FINALIZER,
  planDeletion,
  withoutFinalizer,
} from './deletion.ts';
import type { StoredDocument } from './document.ts';
import { classifyOwners, withoutBlocking, withoutOwners } from './owner-references.ts';
import type { RevisionLog } from './revision-log.ts';

/*
 * What the garbage collector does to one object. An object is deleted when none of its owners exists; an owner that is
 * deleted in the foreground waits for the dependents that block it, one that orphans its dependents lets go of them
 * first, and a Namespace waits for everything in it.
 */

export interface Collection {
  readonly log: RevisionLog;
  readonly writer: Writer;
  readonly nowMs: number;
}

/** `more`: the object needs another look, because one transaction would have been too long. */
export type CollectionOutcome = 'done' | 'more';

/** Objects of a namespace that are deleted in one transaction. */
const NAMESPACE_BATCH_SIZE = 50;

interface Found {
  readonly resource: string;
  readonly object: StoredDocument;
}

/** Takes one look at an object and does what its owners and finalizers ask for. Nothing for an unknown uid. */
export function collect(collection: Collection, uid: string): CollectionOutcome {
  const found = collection.log.findByUid(uid);
  if (!found) return 'done';
  if (found.object.metadata.deletionTimestamp != null) return collectTerminating(collection, found);
  collectDependent(collection, found);
  return 'done';
}

function collectDependent(collection: Collection, found: Found): void {
  const { log, writer } = collection;
  const { resource, object } = found;
  if (!object.metadata.ownerReferences) return;
  const owners = classifyOwners(log, object);
  if (owners.alive.length > 0) {
    const gone = uidsOf([...owners.absent, ...owners.waiting]);
    if (gone.size > 0) writer.put(resource, object, withoutOwners(object, gone));
    return;
  }
  // Who waits for this object waits for what belongs to it, too.
  const inForeground = owners.waiting.length > 0 && log.dependentUids(object.metadata.uid).length > 0;
  if (!inForeground) deleteFound(collection, found, {});
  // Owners that wait for each other would wait for ever: one of them lets go.
  else if (!isInCycle(log, object)) deleteFound(collection, found, { propagationPolicy: 'Foreground' });
  else deleteFound(collection, found, { propagationPolicy: 'Foreground' }, withoutBlocking(object));
}

function collectTerminating(collection: Collection, found: Found): CollectionOutcome {
  const { log } = collection;
  const { uid } = found.object.metadata;
  if (hasFinalizer(found.object, ORPHAN_FINALIZER)) {
    log.dependentUids(uid).forEach((dependent) => release(collection, dependent, uid));
    removeFinalizer(collection, found, ORPHAN_FINALIZER);
  } else if (hasFinalizer(found.object, FOREGROUND_FINALIZER)) {
    if (!log.hasBlockingDependent(uid)) removeFinalizer(collection, found, FOREGROUND_FINALIZER);
  } else if (hasFinalizer(found.object, NAMESPACE_FINALIZER)) {
    return collectNamespace(collection, found);
  }
  return 'done';
}

function collectNamespace(collection: Collection, found: Found): CollectionOutcome {
  const { log } = collection;
  const { name } = found.object.metadata;
  const contents = log.activeUidsInNamespace(name, NAMESPACE_BATCH_SIZE);
  for (const uid of contents) {
    const content = log.findByUid(uid);
    if (content) deleteFound(collection, content, { propagationPolicy: 'Background' });
  }
  if (log.isNamespaceEmpty(name)) removeFinalizer(collection, found, NAMESPACE_FINALIZER);
  return contents.length === NAMESPACE_BATCH_SIZE ? 'more' : 'done';
}

function deleteFound(
  { writer, nowMs }: Collection,
  { resource, object }: Found,
  options: DeleteOptions,
  changed: StoredDocument = object,
): void {
  const deletion = planDeletion(changed, options, nowMs);
  if (deletion.outcome === 'removed') writer.remove(resource, object, deletion.object);
  else writer.put(resource, object, deletion.object);
}

function isInCycle(log: RevisionLog, object: StoredDocument): boolean {
  return log.dependentUids(object.metadata.uid).some((uid) => {
    const dependent = log.findByUid(uid)?.object;
    return dependent !== undefined && hasFinalizer(dependent, FOREGROUND_FINALIZER);
  });
}

function release({ log, writer }: Collection, dependentUid: string, ownerUid: string): void {
  const dependent = log.findByUid(dependentUid);
  if (!dependent) return;
  writer.put(dependent.resource, dependent.object, withoutOwners(dependent.object, new Set([ownerUid])));
}

function removeFinalizer({ writer }: Collection, { resource, object }: Found, finalizer: string): void {
  const finished = withoutFinalizer(object, finalizer);
  if (isReadyToGo(finished)) writer.remove(resource, object, finished);
  else writer.put(resource, object, finished);
}

function uidsOf(owners: readonly OwnerReference[]): Set<string> {
  return new Set(owners.map((owner) => owner.uid));
}
