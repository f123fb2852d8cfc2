import type { OwnerReference } from '../../core/kubernetes-object.ts';
import { FOREGROUND_FINALIZER, hasFinalizer } from './deletion.ts';
import type { StoredDocument } from './document.ts';
import type { RevisionLog } from './revision-log.ts';

/** An object's owners by what they mean for its life. */
export interface OwnersByState {
  readonly alive: readonly OwnerReference[];
  /** Being deleted in the foreground: they wait for the object to go. */
  readonly waiting: readonly OwnerReference[];
  /** Gone, of another uid, or in another namespace, where nobody can own the object. */
  readonly absent: readonly OwnerReference[];
}

export function classifyOwners(log: RevisionLog, object: StoredDocument): OwnersByState {
  const states = {
    alive: [] as OwnerReference[],
    waiting: [] as OwnerReference[],
    absent: [] as OwnerReference[],
  };
  for (const reference of object.metadata.ownerReferences ?? []) {
    states[ownerState(log, reference, object)].push(reference);
  }
  return states;
}

function ownerState(
  log: RevisionLog,
  reference: OwnerReference,
  dependent: StoredDocument,
): keyof OwnersByState {
  const owner = log.findByUid(reference.uid)?.object;
  if (!owner || owner.kind !== reference.kind || owner.metadata.name !== reference.name) return 'absent';
  const { namespace, deletionTimestamp } = owner.metadata;
  if (namespace !== undefined && namespace !== dependent.metadata.namespace) return 'absent';
  return deletionTimestamp != null && hasFinalizer(owner, FOREGROUND_FINALIZER) ? 'waiting' : 'alive';
}

/** The object without the references to some owners; an empty list is left out. */
export function withoutOwners(object: StoredDocument, uids: ReadonlySet<string>): StoredDocument {
  const { ownerReferences = [], ...metadata } = object.metadata;
  const kept = ownerReferences.filter((owner) => !uids.has(owner.uid));
  return { ...object, metadata: kept.length > 0 ? { ...metadata, ownerReferences: kept } : metadata };
}

/** The object with all of its owners free to go before it. */
export function withoutBlocking(object: StoredDocument): StoredDocument {
  const ownerReferences = object.metadata.ownerReferences?.map((owner) => ({
    ...owner,
    blockOwnerDeletion: false,
  }));
  return { ...object, metadata: { ...object.metadata, ...(ownerReferences && { ownerReferences }) } };
}
