import { z } from 'zod';

/** Names the object that caused another to exist; the garbage collector deletes dependents without a living owner. */
export const ownerReferenceSchema = z.strictObject({
  apiVersion: z.string(),
  kind: z.string(),
  name: z.string(),
  uid: z.string(),
  controller: z.boolean().optional(),
  blockOwnerDeletion: z.boolean().optional(),
});
export type OwnerReference = z.infer<typeof ownerReferenceSchema>;

/**
 * Kubernetes object metadata. Everything is optional because a manifest that has not been stored yet carries only what
 * its author wrote; objects read back from a `KubeClient` are `Stored` and always have name, uid and version.
 */
export const objectMetaSchema = z.strictObject({
  name: z.string().optional(),
  generateName: z.string().optional(),
  namespace: z.string().optional(),
  labels: z.record(z.string(), z.string()).optional(),
  annotations: z.record(z.string(), z.string()).optional(),
  finalizers: z.array(z.string()).optional(),
  ownerReferences: z.array(ownerReferenceSchema).optional(),
  uid: z.string().optional(),
  /** Opaque; compare for equality only. */
  resourceVersion: z.string().optional(),
  /** Counts changes of `spec`; status writes leave it alone. */
  generation: z.number().int().optional(),
  /** RFC 3339, seconds, UTC. */
  creationTimestamp: z.string().nullable().optional(),
  /** Set while finalizers hold a deletion back; null and absent both mean "not being deleted". */
  deletionTimestamp: z.string().nullable().optional(),
  deletionGracePeriodSeconds: z.number().int().nullable().optional(),
  selfLink: z.string().optional(),
  managedFields: z.array(z.unknown()).optional(),
});
export type ObjectMeta = z.infer<typeof objectMetaSchema>;

/** The least that every object of a Kubernetes-style API has. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
}

/** Metadata as the store returns it. */
export type StoredMeta = ObjectMeta & {
  name: string;
  uid: string;
  resourceVersion: string;
  creationTimestamp: string;
};

/** An object that the API has stored: its identity and version are known. */
export type Stored<T extends KubeObject> = T & { metadata: StoredMeta };

/** One entry of `status.conditions`. Katib's shape: the newest change stands last. */
export const conditionSchema = z.strictObject({
  type: z.string(),
  status: z.enum(['True', 'False', 'Unknown']),
  reason: z.string().optional(),
  message: z.string().optional(),
  lastUpdateTime: z.string().optional(),
  lastTransitionTime: z.string().optional(),
});
export type Condition = z.infer<typeof conditionSchema>;

/** `namespace/name` of a namespaced object, `name` of a cluster-scoped one. The key of work queues and caches. */
export function objectKey(object: KubeObject): string {
  const { namespace, name } = object.metadata;
  return namespace ? `${namespace}/${name ?? ''}` : (name ?? '');
}

/** Takes `objectKey` apart. A key without a slash has no namespace. */
export function parseObjectKey(key: string): { namespace: string | undefined; name: string } {
  const slash = key.indexOf('/');
  return slash < 0
    ? { namespace: undefined, name: key }
    : { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}

export function isBeingDeleted(object: KubeObject): boolean {
  return object.metadata.deletionTimestamp != null;
}

/** The owner whose controller manages the object, if any. */
export function controllerOf(object: KubeObject): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find((owner) => owner.controller);
}

/** The reference that makes `owner` the managing controller of an object: deleting the owner deletes the object. */
export function controllerReference(owner: Stored<KubeObject>): OwnerReference {
  const { apiVersion, kind, metadata } = owner;
  return {
    apiVersion,
    kind,
    name: metadata.name,
    uid: metadata.uid,
    controller: true,
    blockOwnerDeletion: true,
  };
}
