import { isDeepStrictEqual } from 'node:util';
import { isBeingDeleted, type KubeObject, type Stored } from '../core/kubernetes-object.ts';
import { isApiError } from '../kube/api-error.ts';
import type { KubeClient } from '../kube/client.ts';
import type { ResourceType } from '../kube/resource.ts';

interface JobWithStatus extends KubeObject {
  status?: object;
}

/** What a decision changes about the job itself. */
export interface JobChanges<T extends JobWithStatus> {
  readonly status: NonNullable<T['status']>;
  /** Annotations to set besides those that are there; they are written after the status. */
  readonly annotations?: Readonly<Record<string, string>>;
}

/**
 * Writes the changes on top of the version that the decision was made from: Conflict where that is not the newest. Writes
 * nothing, and returns the job itself, where nothing has changed. Undefined where the job is gone or going.
 */
export async function writeJob<T extends JobWithStatus>(
  client: KubeClient,
  resource: ResourceType<T>,
  job: Stored<T>,
  changes: JobChanges<T>,
): Promise<Stored<T> | undefined> {
  try {
    const updated = isDeepStrictEqual(job.status ?? {}, changes.status)
      ? job
      : await client.updateStatus(resource, { ...job, status: changes.status });
    const written = await writeAnnotations(client, resource, updated, changes.annotations ?? {});
    return isBeingDeleted(written) ? undefined : written;
  } catch (error) {
    if (isApiError(error, 'NotFound')) return undefined;
    throw error;
  }
}

async function writeAnnotations<T extends JobWithStatus>(
  client: KubeClient,
  resource: ResourceType<T>,
  job: Stored<T>,
  annotations: Readonly<Record<string, string>>,
): Promise<Stored<T>> {
  const { namespace, name, resourceVersion } = job.metadata;
  const isNew = Object.entries(annotations).some(([key, value]) => job.metadata.annotations?.[key] !== value);
  if (!isNew) return job;
  const body = { metadata: { resourceVersion, annotations } };
  return client.patch(resource, { namespace, name }, { type: 'merge', body });
}

/** The job that a cache showed is still there, is the same one and is not being deleted. */
export async function isStillWanted(
  client: KubeClient,
  resource: ResourceType,
  { metadata: { namespace, name, uid } }: Stored<KubeObject>,
): Promise<boolean> {
  try {
    const newest = await client.get(resource, { namespace, name });
    return newest.metadata.uid === uid && !isBeingDeleted(newest);
  } catch (error) {
    if (isApiError(error, 'NotFound')) return false;
    throw error;
  }
}
