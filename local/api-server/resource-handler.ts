import type { Response } from 'express';
import type { KubeObject, Stored } from '../../core/kubernetes-object.ts';
import { ApiError } from '../../kube/api-error.ts';
import { PODS } from '../../kube/resource.ts';
import { definitionWarning } from './definitions.ts';
import {
  createObject,
  deleteCollection,
  deleteObject,
  getObject,
  patchObject,
  updateObject,
} from './object-requests.ts';
import { sendPodLog } from './pod-log-request.ts';
import { presentationFor } from './presentation.ts';
import { isTrue, readListOptions, readWatchOptions, wholeNumber } from './request-query.ts';
import type { ResourcePath } from './resource-path.ts';
import type { ResourceRequest } from './resource-request.ts';
import { sendWatch } from './watch-stream.ts';

/** Answers a request about objects. Rejects with what is wrong where nothing has been sent yet. */
export async function handleResource(request: ResourceRequest, response: Response): Promise<void> {
  const { name, subresource, resource } = request.path;
  if (subresource === 'log' && resource === PODS) return handleLog(request, response);
  if (subresource !== undefined && !(subresource === 'status' && resource.hasStatus))
    throw noSuchPart(request.path);
  return name === undefined ? handleCollection(request, response) : handleObject(request, response);
}

export function noSuchPath(): ApiError {
  return new ApiError('NotFound', 'the server could not find the requested resource');
}

/** Why parts that Kubernetes has are not here; clients show it to their users. */
const ABSENT_PARTS: Readonly<Record<string, string>> = {
  exec: 'pods are processes of this computer: start another one beside them instead',
  attach: 'pods are processes of this computer: kubectl logs -f shows what they print',
  portforward: 'pods are processes of this computer: their ports can be reached as they are',
  proxy: 'pods are processes of this computer: their ports can be reached as they are',
  ephemeralcontainers: 'pods are processes of this computer: debug them as such',
  eviction: 'there is nowhere else for a pod to go: delete it instead',
  scale: 'kubectl patch changes how many trials or replicas there are',
};

function noSuchPart({ resource, subresource = '' }: ResourcePath): ApiError {
  const reason = Object.hasOwn(ABSENT_PARTS, subresource) ? ABSENT_PARTS[subresource] : undefined;
  if (reason === undefined) return noSuchPath();
  return new ApiError('NotFound', `${resource.plural}/${subresource} is not supported here: ${reason}`);
}

async function handleCollection(request: ResourceRequest, response: Response): Promise<void> {
  switch (request.request.method) {
    case 'GET':
      return isTrue(request.query, 'watch') ? watch(request, response) : list(request, response);
    case 'POST':
      return send(request, response, createObject, 201);
    case 'DELETE': {
      const presentation = presentationFor(request);
      const items = await deleteCollection(request);
      response.json(presentation.list({ items, resourceVersion: '' }));
      return;
    }
    default:
      throw notAllowed(request);
  }
}

async function handleObject(request: ResourceRequest, response: Response): Promise<void> {
  switch (request.request.method) {
    case 'GET':
      return isTrue(request.query, 'watch') ? watch(request, response) : send(request, response, getObject);
    case 'PUT':
      return send(request, response, updateObject);
    case 'PATCH':
      return send(request, response, patchObject);
    case 'DELETE':
      if (request.path.subresource !== undefined) throw notAllowed(request);
      return send(request, response, deleteObject);
    default:
      throw notAllowed(request);
  }
}

async function handleLog(request: ResourceRequest, response: Response): Promise<void> {
  const { options, path, query, signal } = request;
  const { namespace = '', name = '' } = path;
  if (request.request.method !== 'GET') throw notAllowed(request);
  const { client, dataDir, clock } = options;
  return sendPodLog({ client, dataDir, namespace, pod: name, query, clock, signal }, response);
}

async function send(
  request: ResourceRequest,
  response: Response,
  answer: (request: ResourceRequest) => Promise<Stored<KubeObject>>,
  code = 200,
): Promise<void> {
  const presentation = presentationFor(request);
  const object = await answer(request);
  const warning = definitionWarning(request.path, request.request, object, request.options.crds);
  if (warning !== null) response.append('warning', `299 - ${JSON.stringify(warning)}`);
  response.status(code).json(presentation.object(object));
}

async function list(request: ResourceRequest, response: Response): Promise<void> {
  const { options, path, query } = request;
  const presentation = presentationFor(request);
  response.json(presentation.list(await options.client.list(path.resource, readListOptions(path, query))));
}

async function watch(request: ResourceRequest, response: Response): Promise<void> {
  const { options, path, query } = request;
  const { watched } = presentationFor(request);
  const ending = new AbortController();
  const seconds = wholeNumber(query, 'timeoutSeconds');
  const cancelTimeout = seconds ? options.clock.after(seconds * 1000, () => ending.abort()) : () => undefined;
  const signal = AbortSignal.any([request.signal, ending.signal]);
  const events = options.client.watch(path.resource, { ...readWatchOptions(path, query), signal });
  try {
    await sendWatch({ path, events, present: watched, logger: options.logger, signal }, response);
  } finally {
    cancelTimeout();
  }
}

function notAllowed({ request }: ResourceRequest): ApiError {
  return new ApiError('MethodNotAllowed', `${request.method} is not allowed on ${request.path}`);
}
