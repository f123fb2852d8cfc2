import { isDeepStrictEqual } from 'node:util';
import type { KubeObject } from '../../core/kubernetes-object.ts';
import type { ObjectRef, Patch } from '../../kube/client.ts';
import type { ResourceType } from '../../kube/resource.ts';
import { notFound, staleVersion } from './api-errors.ts';
import { isReadyToGo } from './deletion.ts';
import { type Document, resourceKey, type StoredDocument, without, withStatus } from './document.ts';
import { applyJsonPatch } from './json-patch.ts';
import { withKindRules } from './kind-rules.ts';
import { applyMergePatch } from './merge-patch.ts';
import { checkSameObject, readMetadata, updatedMetadata } from './object-metadata.ts';
import { addressOf, readDocument, type StoreContext } from './store-context.ts';

/** `main` is everything but `status` for kinds that have one. */
export type EditedPart = 'main' | 'status';

/** `KubeClient.update` and `updateStatus`. */
export function replaceObject(
  context: StoreContext,
  resource: ResourceType,
  part: EditedPart,
  object: unknown,
): StoredDocument {
  const sent = readDocument(resource, object);
  const { namespace, name = '' } = sent.metadata;
  return editObject(context, resource, { namespace, name }, part, () => sent);
}

/** `KubeClient.patch` and `patchStatus`. A version in the patch is a precondition. */
export function patchObject(
  context: StoreContext,
  resource: ResourceType,
  ref: ObjectRef,
  part: EditedPart,
  patch: Patch,
): StoredDocument {
  return editObject(context, resource, ref, part, (old) =>
    readDocument(
      resource,
      patch.type === 'merge' ? applyMergePatch(old, patch.body) : applyJsonPatch(old, patch.body),
    ),
  );
}

function editObject(
  context: StoreContext,
  resource: ResourceType,
  ref: ObjectRef,
  part: EditedPart,
  edit: (old: StoredDocument) => Document,
): StoredDocument {
  if (part === 'status' && !resource.hasStatus) throw notFound(resource, `${ref.name}/status`);
  return context.commit((writer) => {
    const old = context.log.find(addressOf(resource, ref));
    if (!old) throw notFound(resource, ref.name);
    const sent = edit(old);
    checkSameObject(resource, old.metadata, sent.metadata);
    const version = sent.metadata.resourceVersion;
    if (version !== undefined && version !== old.metadata.resourceVersion)
      throw staleVersion(resource, ref.name);
    const next =
      part === 'status'
        ? withNewStatus(context, resource, old, sent)
        : withNewContent(context, resource, old, sent);
    if (isDeepStrictEqual(old, next)) return old;
    const key = resourceKey(resource);
    // The update may have removed the last finalizer of an object that is being deleted.
    return isReadyToGo(next) ? writer.remove(key, old, next) : writer.put(key, old, next);
  });
}

function withNewStatus(
  { admission }: StoreContext,
  resource: ResourceType,
  old: StoredDocument,
  sent: Document,
): StoredDocument {
  const object = withStatus(old, sent['status']);
  const admitted = admission({ operation: 'UPDATE_STATUS', resource, object, old });
  return withStatus(old, (admitted as StoredDocument)['status']);
}

function withNewContent(
  { admission }: StoreContext,
  resource: ResourceType,
  old: StoredDocument,
  sent: Document,
): StoredDocument {
  const accept = (object: KubeObject): StoredDocument => {
    const metadata = updatedMetadata(resource, old.metadata, readMetadata(object.metadata));
    const document = { ...object, metadata } as StoredDocument;
    return resource.hasStatus ? withStatus(document, old['status']) : document;
  };
  const admitted = admission({ operation: 'UPDATE', resource, object: accept(sent), old });
  const next = withKindRules(resource, accept(admitted)) as StoredDocument;
  const { generation } = old.metadata;
  if (generation === undefined || isDeepStrictEqual(contentOf(old), contentOf(next))) return next;
  return { ...next, metadata: { ...next.metadata, generation: generation + 1 } };
}

/** What `generation` counts the changes of. */
function contentOf(object: StoredDocument): Record<string, unknown> {
  return without(object, 'metadata', 'status');
}
