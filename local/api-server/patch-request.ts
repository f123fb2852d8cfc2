import type { Request } from 'express';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import type { KubeObject, Stored } from '../../core/kubernetes-object.ts';
import { ApiError, isApiError } from '../../kube/api-error.ts';
import type { JsonPatchOperation, KubeClient, ObjectRef, Patch } from '../../kube/client.ts';
import type { ResourceType } from '../../kube/resource.ts';
import { mediaType, parseBody } from './request-body.ts';
import { HttpRefusal } from './status-answer.ts';
import { applyStrategicMergePatch } from './strategic-merge-patch.ts';

/** How often a strategic merge patch is computed anew because another writer was faster; as in Kubernetes. */
const ATTEMPTS = 5;

/** Which part of which object, through which client. */
export interface PatchTarget {
  readonly client: KubeClient;
  readonly resource: ResourceType;
  readonly ref: ObjectRef;
  readonly part: 'main' | 'status';
}

/** Applies the patch in the request's body, in the format that its content type names. */
export function patchByRequest(target: PatchTarget, request: Request): Promise<Stored<KubeObject>> {
  const { client, resource, ref, part } = target;
  const patch = (change: Patch): Promise<Stored<KubeObject>> =>
    part === 'status' ? client.patchStatus(resource, ref, change) : client.patch(resource, ref, change);
  const type = mediaType(request);
  switch (type) {
    case 'application/merge-patch+json':
      return patch({ type: 'merge', body: readPatchObject(request) });
    case 'application/json-patch+json': {
      // The store checks the operations one by one, and says which of them is wrong.
      const body = parseBody(request, JSON.parse) as JsonPatchOperation[];
      return patch({ type: 'json', body });
    }
    case 'application/strategic-merge-patch+json':
      if (!isBuiltIn(resource)) throw notForCustomResources();
      return applyStrategically(target, readPatchObject(request));
    case 'application/apply-patch+yaml':
      throw noServerSideApply();
    default:
      throw new HttpRefusal(415, `a patch of type "${type}" is not understood here`);
  }
}

function readPatchObject(request: Request): JsonObject {
  const body = parseBody(request, JSON.parse);
  if (isJsonObject(body)) return body;
  throw new ApiError('BadRequest', 'the patch is not a JSON object');
}

/** Only of Kubernetes' own kinds it is known how their lists merge. */
function isBuiltIn({ apiVersion }: ResourceType): boolean {
  return !apiVersion.startsWith('kubeflow.org/');
}

function notForCustomResources(): HttpRefusal {
  return new HttpRefusal(
    415,
    'a custom resource cannot be patched strategically: send application/merge-patch+json (kubectl patch --type=merge)',
  );
}

function noServerSideApply(): HttpRefusal {
  return new HttpRefusal(
    415,
    'server-side apply is not supported here: use kubectl apply without --server-side, or kubectl create and kubectl replace',
  );
}

async function applyStrategically(target: PatchTarget, patch: JsonObject): Promise<Stored<KubeObject>> {
  const { client, resource, ref, part } = target;
  const namesVersion = isJsonObject(patch['metadata']) && patch['metadata']['resourceVersion'] !== undefined;
  for (let attempt = 1; ; attempt++) {
    const old = await client.get(resource, ref);
    const object = applyStrategicMergePatch({ ...old }, patch) as unknown as KubeObject;
    try {
      return await (part === 'status'
        ? client.updateStatus(resource, object)
        : client.update(resource, object));
    } catch (error) {
      if (!isApiError(error, 'Conflict') || namesVersion || attempt === ATTEMPTS) throw error;
    }
  }
}
