import type { KubeObject, Stored } from '../core/kubernetes-object.ts';
import { ApiError } from './api-error.ts';
import type { KubeClient, ObjectList, ObjectRef, Patch } from './client.ts';
import type { KubeConnection } from './connection.ts';
import { createHttpTransport, type HttpTransport } from './http-transport.ts';
import { watchOverHttp } from './http-watch.ts';
import { collectionPath, listQuery, objectPath } from './request-path.ts';
import type { ResourceType } from './resource.ts';

export interface HttpKubeClient extends KubeClient {
  /** Lets go of idle connections. */
  close(): void;
}

const PATCH_TYPES: Record<Patch['type'], string> = {
  merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
};

/** KubeClient for an API server: the embedded one, or a cluster's. ApiError BadRequest where the address is none. */
export function createHttpClient(connection: KubeConnection): HttpKubeClient {
  const transport = createHttpTransport(connection);
  return {
    get: (resource, ref) => get(transport, resource, ref),
    list: (resource, options = {}) =>
      answer<ListAnswer>(async () => {
        const path = collectionPath(resource, options.namespace) + listQuery(options);
        return transport.call({ method: 'GET', path });
      }).then((list) => readList(resource, list)),
    watch: (resource, options = {}) => watchOverHttp(transport, resource, options),
    create: (resource, object) =>
      answer(() => {
        const path = collectionPath(resource, object.metadata.namespace);
        return transport.call({ method: 'POST', path, body: object });
      }),
    update: (resource, object) => put(transport, resource, object),
    updateStatus: (resource, object) => put(transport, resource, object, 'status'),
    patch: (resource, ref, change) => patch(transport, resource, ref, change),
    patchStatus: (resource, ref, change) => patch(transport, resource, ref, change, 'status'),
    async delete(resource, ref, options = {}) {
      // A cluster answers the removal of most kinds with a Status that does not hold the object.
      const before = await get(transport, resource, ref);
      const body = { apiVersion: 'v1', kind: 'DeleteOptions', ...options };
      const path = objectPath(resource, ref);
      const last = await answer<typeof before>(() => transport.call({ method: 'DELETE', path, body }));
      return last.kind === resource.kind ? last : before;
    },
    close: () => transport.close(),
  };
}

/** What the API returns is of the type that was asked for; the server has checked it. */
async function answer<R>(call: () => Promise<unknown>): Promise<R> {
  return (await call()) as R;
}

function get<T extends KubeObject>(
  transport: HttpTransport,
  resource: ResourceType<T>,
  ref: ObjectRef,
): Promise<Stored<T>> {
  return answer(async () => transport.call({ method: 'GET', path: objectPath(resource, ref) }));
}

function put<T extends KubeObject>(
  transport: HttpTransport,
  resource: ResourceType<T>,
  object: T,
  subresource?: 'status',
): Promise<Stored<T>> {
  const { namespace, name = '' } = object.metadata;
  return answer(async () => {
    const path = objectPath(resource, { namespace, name }, subresource);
    return transport.call({ method: 'PUT', path, body: object });
  });
}

function patch<T extends KubeObject>(
  transport: HttpTransport,
  resource: ResourceType<T>,
  ref: ObjectRef,
  { type, body }: Patch,
  subresource?: 'status',
): Promise<Stored<T>> {
  return answer(async () => {
    const path = objectPath(resource, ref, subresource);
    return transport.call({ method: 'PATCH', path, body, contentType: PATCH_TYPES[type] });
  });
}

interface ListAnswer {
  metadata?: { resourceVersion?: string; continue?: string; remainingItemCount?: number };
  items?: object[] | null;
}

/** Lists of built-in kinds leave out what is the same in every item. */
function readList<T extends KubeObject>(
  { apiVersion, kind }: ResourceType<T>,
  { metadata = {}, items }: ListAnswer,
): ObjectList<T> {
  const { resourceVersion, continue: token, remainingItemCount } = metadata;
  if (resourceVersion === undefined)
    throw new ApiError('InternalError', 'the API answered a list without a version');
  return {
    items: (items ?? []).map((item) => ({ apiVersion, kind, ...item }) as Stored<T>),
    resourceVersion,
    ...(token && { continue: token }),
    ...(remainingItemCount !== undefined && { remainingItemCount }),
  };
}
