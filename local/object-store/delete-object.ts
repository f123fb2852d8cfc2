import type { DeleteOptions, ObjectRef } from '../../kube/client.ts';
import type { ResourceType } from '../../kube/resource.ts';
import { failedPrecondition, notFound } from './api-errors.ts';
import { planDeletion } from './deletion.ts';
import { resourceKey, type StoredDocument } from './document.ts';
import { addressOf, type StoreContext } from './store-context.ts';

/** `KubeClient.delete`. */
export function deleteObject(
  { log, commit, clock }: StoreContext,
  resource: ResourceType,
  ref: ObjectRef,
  options: DeleteOptions,
): StoredDocument {
  return commit((writer) => {
    const old = log.find(addressOf(resource, ref));
    if (!old) throw notFound(resource, ref.name);
    checkPreconditions(resource, old, options.preconditions ?? {});
    const { outcome, object } = planDeletion(old, options, clock.now());
    if (outcome === 'unchanged') return old;
    const key = resourceKey(resource);
    return outcome === 'removed' ? writer.remove(key, old, object) : writer.put(key, old, object);
  });
}

function checkPreconditions(
  resource: ResourceType,
  { metadata }: StoredDocument,
  wanted: NonNullable<DeleteOptions['preconditions']>,
): void {
  const { uid, resourceVersion, name } = metadata;
  if (wanted.uid !== undefined && wanted.uid !== uid) {
    throw failedPrecondition(resource, name, 'UID', wanted.uid, uid);
  }
  if (wanted.resourceVersion !== undefined && wanted.resourceVersion !== resourceVersion) {
    throw failedPrecondition(resource, name, 'ResourceVersion', wanted.resourceVersion, resourceVersion);
  }
}
