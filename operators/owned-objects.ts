import { controllerOf, isBeingDeleted, type KubeObject, type Stored } from '../core/kubernetes-object.ts';
import { isApiError } from '../kube/api-error.ts';
import type { KubeClient } from '../kube/client.ts';
import type { ObjectCache } from '../kube/object-cache.ts';
import type { ResourceType } from '../kube/resource.ts';

const BY_CONTROLLER_UID = 'controllerUid';

/** Cache index that `ownedObjects` reads. */
export const OWNER_INDEX: Record<string, (object: KubeObject) => readonly string[]> = {
  [BY_CONTROLLER_UID]: (object) => {
    const owner = controllerOf(object);
    return owner ? [owner.uid] : [];
  },
};

/** The objects in a cache with `OWNER_INDEX` that `owner` manages. */
export function ownedObjects<T extends KubeObject>(
  cache: ObjectCache<T>,
  owner: Stored<KubeObject>,
): Stored<T>[] {
  return cache.byIndex(BY_CONTROLLER_UID, owner.metadata.uid);
}

/**
 * How an attempt to create an object under its one possible name ended. `exists`: it is there and ours, only the cache
 * did not know. `leaving`: an object of an earlier owner has the name and is being deleted.
 */
export type Creation = 'created' | 'exists' | 'leaving';

/** Creates an object that `owner` manages. Throws where an object that stays has the name, and for other API errors. */
export async function createOwned<T extends KubeObject>(
  client: KubeClient,
  resource: ResourceType<T>,
  object: T,
  owner: Stored<KubeObject>,
): Promise<Creation> {
  try {
    await client.create(resource, object);
    return 'created';
  } catch (error) {
    if (!isApiError(error, 'AlreadyExists')) throw error;
  }
  return inspectExisting(client, resource, object, owner);
}

async function inspectExisting<T extends KubeObject>(
  client: KubeClient,
  resource: ResourceType<T>,
  { metadata: { namespace, name = '' } }: T,
  owner: Stored<KubeObject>,
): Promise<Creation> {
  const existing = await client.get(resource, { namespace, name }).catch((error: unknown) => {
    if (isApiError(error, 'NotFound')) return undefined;
    throw error;
  });
  if (!existing || isBeingDeleted(existing)) return 'leaving';
  if (controllerOf(existing)?.uid === owner.metadata.uid) return 'exists';
  // A job that was deleted and created anew: the garbage collector has yet to reach the pods of the old one.
  if (isOfEarlierOwner(existing, owner)) return 'leaving';
  throw new Error(
    `${resource.kind} ${name} exists already and does not belong to ${owner.kind} ${owner.metadata.name}: ` +
      `delete it or give the ${owner.kind} another name`,
  );
}

function isOfEarlierOwner(existing: KubeObject, owner: Stored<KubeObject>): boolean {
  const earlier = controllerOf(existing);
  return earlier?.kind === owner.kind && earlier.name === owner.metadata.name;
}

/** Deletes exactly this object, not one that has since taken its name. Returns false where it was gone already. */
export async function deleteOwned<T extends KubeObject>(
  client: KubeClient,
  resource: ResourceType<T>,
  { metadata: { namespace, name, uid } }: Stored<T>,
): Promise<boolean> {
  try {
    await client.delete(resource, { namespace, name }, { preconditions: { uid } });
    return true;
  } catch (error) {
    if (isApiError(error, 'NotFound', 'Conflict')) return false;
    throw error;
  }
}
