import type { Clock } from '../../core/clock.ts';
import { ApiError } from '../../kube/api-error.ts';
import type { ResourceType } from '../../kube/resource.ts';
import type { Admission } from './admission.ts';
import type { Commit } from './commit.ts';
import { type Address, type Document, jsonCopy, resourceKey } from './document.ts';
import { readMetadata } from './object-metadata.ts';
import type { RevisionLog } from './revision-log.ts';

/** What every write needs. */
export interface StoreContext {
  readonly log: RevisionLog;
  readonly commit: Commit;
  readonly clock: Clock;
  readonly admission: Admission;
}

/** BadRequest where the namespace does not fit the kind. */
export function addressOf(
  resource: ResourceType,
  ref: { readonly namespace?: string | undefined; readonly name?: string | undefined },
): Address {
  const { namespace = '', name = '' } = ref;
  if (resource.namespaced && namespace === '') {
    throw new ApiError('BadRequest', `a namespace is required: ${resource.plural} live in namespaces`);
  }
  if (!resource.namespaced && namespace !== '') {
    throw new ApiError('BadRequest', `${resource.plural} have no namespace: "${namespace}" was given`);
  }
  return { resource: resourceKey(resource), namespace, name };
}

/** The caller's object as a copy of our own. BadRequest where it is not an object of the kind. */
export function readDocument(resource: ResourceType, object: unknown): Document {
  const { apiVersion, kind, metadata, ...content } = jsonCopy(object);
  if (apiVersion !== resource.apiVersion || kind !== resource.kind) {
    const found = `apiVersion ${JSON.stringify(apiVersion)} and kind ${JSON.stringify(kind)}`;
    const wanted = `${resource.apiVersion} and ${resource.kind}`;
    throw new ApiError('BadRequest', `the object has ${found}; ${resource.plural} have ${wanted}`);
  }
  return { apiVersion, kind, metadata: readMetadata(metadata), ...content };
}
