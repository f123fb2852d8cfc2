import type { KubeObject, Stored } from '../../core/kubernetes-object.ts';
import { ApiError, isApiError } from '../../kube/api-error.ts';
import type { ObjectRef } from '../../kube/client.ts';
import { checkDeletable } from './definitions.ts';
import { patchByRequest } from './patch-request.ts';
import { isDryRun, readDeleteOptions, readListOptions } from './request-query.ts';
import { readObject, readOptions } from './request-body.ts';
import { type ResourceRequest, writer } from './resource-request.ts';

/* Requests that are answered at once with one object. Each returns it; failures reject with ApiError. */

export function getObject(request: ResourceRequest): Promise<Stored<KubeObject>> {
  const { options, path } = request;
  return options.client.get(path.resource, refOf(request));
}

export async function createObject(request: ResourceRequest): Promise<Stored<KubeObject>> {
  const object = readObject(request.request, request.path);
  return writer(request, asksDryRun(request)).create(request.path.resource, object);
}

export async function updateObject(request: ResourceRequest): Promise<Stored<KubeObject>> {
  const { resource, subresource } = request.path;
  const client = writer(request, asksDryRun(request));
  const object = readObject(request.request, request.path);
  return subresource === 'status' ? client.updateStatus(resource, object) : client.update(resource, object);
}

export async function patchObject(request: ResourceRequest): Promise<Stored<KubeObject>> {
  const { resource, subresource } = request.path;
  const client = writer(request, asksDryRun(request));
  const part = subresource === 'status' ? 'status' : 'main';
  return patchByRequest({ client, resource, ref: refOf(request), part }, request.request);
}

export async function deleteObject(request: ResourceRequest): Promise<Stored<KubeObject>> {
  checkDeletable(request.path, request.options.crds);
  const body = readOptions(request.request);
  const client = writer(request, asksDryRun(request, body['dryRun']));
  return client.delete(request.path.resource, refOf(request), readDeleteOptions(body, request.query));
}

/** `DELETE` of a collection: of all objects that the selectors choose. Returns them in their last states. */
export async function deleteCollection(request: ResourceRequest): Promise<Stored<KubeObject>[]> {
  const { options, path, query } = request;
  const body = readOptions(request.request);
  const client = writer(request, asksDryRun(request, body['dryRun']));
  const deletion = readDeleteOptions(body, query);
  const { items } = await options.client.list(path.resource, readListOptions(path, query));
  const deleted: Stored<KubeObject>[] = [];
  for (const { metadata } of items) {
    checkDeletable({ ...path, name: metadata.name }, options.crds);
    try {
      deleted.push(await client.delete(path.resource, metadata, deletion));
    } catch (error) {
      // Gone since the list was read: nothing is left to do.
      if (!isApiError(error, 'NotFound')) throw error;
    }
  }
  return deleted;
}

function refOf({ path }: ResourceRequest): ObjectRef {
  const { resource, namespace, name } = path;
  if (name === undefined)
    throw new ApiError('BadRequest', `a name is required: which of the ${resource.plural}?`);
  return { namespace, name };
}

function asksDryRun({ query }: ResourceRequest, inBody?: unknown): boolean {
  const values: unknown[] = Array.isArray(inBody) ? inBody : [];
  return isDryRun([...query.getAll('dryRun').filter((value) => value !== ''), ...values]);
}
