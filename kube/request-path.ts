import { ApiError } from './api-error.ts';
import type { ListOptions, ObjectRef, WatchOptions } from './client.ts';
import type { ResourceType } from './resource.ts';

/** `/api/v1/namespaces/a/pods`, `/apis/kubeflow.org/v1beta1/experiments`. Without a namespace, all of them. */
export function collectionPath(resource: ResourceType, namespace: string | undefined): string {
  const root = resource.apiVersion.includes('/') ? '/apis' : '/api';
  const inNamespace = namespace ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `${root}/${resource.apiVersion}${inNamespace}/${resource.plural}`;
}

/** BadRequest where the reference cannot name an object of the kind. */
export function objectPath(resource: ResourceType, ref: ObjectRef, subresource?: 'status'): string {
  const { namespace, name } = ref;
  if (name === '') throw new ApiError('BadRequest', `a name is required: which of the ${resource.plural}?`);
  if (resource.namespaced !== Boolean(namespace)) {
    const problem = resource.namespaced ? 'live in namespaces' : 'have no namespace';
    throw new ApiError('BadRequest', `${resource.plural} ${problem}: "${namespace ?? ''}" was given`);
  }
  const suffix = subresource ? `/${subresource}` : '';
  return `${collectionPath(resource, namespace)}/${encodeURIComponent(name)}${suffix}`;
}

export function listQuery({ labelSelector, fieldSelector, limit, continue: token }: ListOptions): string {
  return query({ labelSelector, fieldSelector, limit, continue: token });
}

export function watchQuery(options: WatchOptions): string {
  const { labelSelector, fieldSelector, resourceVersion, allowBookmarks } = options;
  return query({
    watch: true,
    labelSelector,
    fieldSelector,
    resourceVersion,
    ...(allowBookmarks && { allowWatchBookmarks: true }),
  });
}

/** Absent and empty values are left out: to the API they mean the same. */
function query(parameters: Readonly<Record<string, string | number | boolean | undefined>>): string {
  const given = Object.entries(parameters).flatMap<[string, string]>(([name, value]) =>
    value === undefined || value === '' ? [] : [[name, String(value)]],
  );
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
}
