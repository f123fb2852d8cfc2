import { randomUUID } from 'node:crypto';
import type { ObjectMeta } from '../../core/kubernetes-object.ts';
import { ApiError } from '../../kube/api-error.ts';
import { NAMESPACES, type ResourceType } from '../../kube/resource.ts';
import { alreadyExists, invalid, requiredValue } from './api-errors.ts';
import { type Document, groupResource, resourceKey, type StoredDocument, withStatus } from './document.ts';
import { initialStatus, withKindRules } from './kind-rules.ts';
import { generatedName } from './name-generator.ts';
import { createdMetadata, readMetadata } from './object-metadata.ts';
import type { RevisionLog } from './revision-log.ts';
import { addressOf, readDocument, type StoreContext } from './store-context.ts';

/** A generated name that is taken is drawn again this often, as in Kubernetes. */
const NAME_ATTEMPTS = 8;

/** `KubeClient.create`. The object's namespace need not exist: on one computer nobody has to make it first. */
export function createObject(context: StoreContext, resource: ResourceType, object: unknown): StoredDocument {
  const { log, commit, clock, admission } = context;
  const sent = readDocument(resource, object);
  const { metadata } = sent;
  if (metadata.resourceVersion !== undefined) {
    throw new ApiError('BadRequest', 'resourceVersion should not be set on objects to be created');
  }
  return commit((writer) => {
    const name = freeName(log, resource, metadata);
    checkNamespace(log, resource, metadata, name);
    const identity = { name, uid: randomUUID(), nowMs: clock.now() };
    const identified = (given: ObjectMeta): ObjectMeta => createdMetadata(resource, given, identity);
    const first = withFirstStatus(resource, { ...sent, metadata: identified(metadata) });
    const admitted = admission({ operation: 'CREATE', resource, object: first, old: null });
    const accepted = { ...admitted, metadata: identified(readMetadata(admitted.metadata)) };
    const stored = withKindRules(resource, accepted) as StoredDocument;
    return writer.put(resourceKey(resource), null, stored);
  });
}

function freeName(log: RevisionLog, resource: ResourceType, metadata: ObjectMeta): string {
  const isTaken = (name: string): boolean =>
    log.find(addressOf(resource, { namespace: metadata.namespace, name })) !== null;
  if (metadata.name !== undefined) {
    if (isTaken(metadata.name)) throw alreadyExists(resource, metadata.name);
    return metadata.name;
  }
  if (metadata.generateName === undefined) {
    throw invalid(resource, '', [requiredValue('metadata.name', 'name or generateName is required')]);
  }
  for (let attempt = 0; attempt < NAME_ATTEMPTS; attempt++) {
    const name = generatedName(metadata.generateName);
    if (!isTaken(name)) return name;
  }
  throw alreadyExists(resource, metadata.generateName);
}

/** Whatever came into a namespace while it is emptied would keep it from ever going. */
function checkNamespace(log: RevisionLog, resource: ResourceType, metadata: ObjectMeta, name: string): void {
  if (metadata.namespace === undefined) return;
  const namespace = log.find(addressOf(NAMESPACES, { name: metadata.namespace }));
  if (namespace?.metadata.deletionTimestamp == null) return;
  throw new ApiError(
    'Forbidden',
    `${groupResource(resource)} "${name}" is forbidden: unable to create new content in namespace ${metadata.namespace} because it is being terminated`,
  );
}

function withFirstStatus(resource: ResourceType, object: Document): Document {
  return resource.hasStatus ? withStatus(object, initialStatus(resource)) : object;
}
