import { isDeepStrictEqual } from 'node:util';
import type { KubeObject, Stored } from '../core/kubernetes-object.ts';
import type { KubeClient } from '../kube/client.ts';
import type { ResourceType } from '../kube/resource.ts';

/**
 * Writes the status where it differs from what `object` carries, and returns the object as it is stored then.
 * Conflict where somebody else wrote in between: whatever was decided from `object` is to be decided again.
 */
export async function writeStatus<T extends KubeObject & { status?: object | undefined }>(
  client: KubeClient,
  resource: ResourceType<T>,
  object: Stored<T>,
  status: NonNullable<T['status']>,
): Promise<Stored<T>> {
  if (isDeepStrictEqual(object.status, status)) return object;
  return client.updateStatus<T>(resource, { ...object, status });
}
