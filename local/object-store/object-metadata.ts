import { formatPath } from '../../core/errors.ts';
import { type ObjectMeta, objectMetaSchema, type StoredMeta } from '../../core/kubernetes-object.ts';
import { rfc3339Seconds } from '../../core/time.ts';
import { ApiError, type ApiErrorCause } from '../../kube/api-error.ts';
import type { ResourceType } from '../../kube/resource.ts';
import { failedPrecondition, forbiddenValue, invalid, invalidValue } from './api-errors.ts';
import { isRecord, without } from './document.ts';
import { metadataProblems } from './metadata-syntax.ts';

/** Fields that nothing here keeps: they come along in manifests that were exported from a cluster. */
const DROPPED_FIELDS: ReadonlySet<string> = new Set(['managedFields', 'selfLink']);

/**
 * The metadata that a writer sent, without what the API does not know and without empty fields, which Kubernetes does
 * not store either. BadRequest where a field has the wrong type.
 */
export function readMetadata(input: unknown): ObjectMeta {
  if (!isRecord(input)) throw new ApiError('BadRequest', 'metadata: an object is required');
  const known = Object.entries(input).filter(
    ([key, value]) => key in objectMetaSchema.shape && !DROPPED_FIELDS.has(key) && !isEmpty(value),
  );
  const result = objectMetaSchema.safeParse(Object.fromEntries(known));
  if (result.success) return result.data;
  const problems = result.error.issues.map(
    (issue) => `${formatPath(['metadata', ...(issue.path as (string | number)[])])}: ${issue.message}`,
  );
  throw new ApiError('BadRequest', problems.join(', '));
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === '') return true;
  return Array.isArray(value) ? value.length === 0 : isRecord(value) && Object.keys(value).length === 0;
}

/** What the store itself decides about a new object. */
export interface NewIdentity {
  readonly name: string;
  readonly uid: string;
  readonly nowMs: number;
}

/** Metadata of a new object; it gets its version when it is written. Invalid. */
export function createdMetadata(resource: ResourceType, sent: ObjectMeta, identity: NewIdentity): StoredMeta {
  const { labels, annotations, finalizers, ownerReferences, generateName, namespace } = sent;
  const metadata: StoredMeta = {
    name: identity.name,
    ...(generateName !== undefined && { generateName }),
    ...(namespace !== undefined && { namespace }),
    uid: identity.uid,
    resourceVersion: '',
    // Kinds without a status subresource count no generations: there is nothing that would observe them.
    ...(resource.hasStatus && { generation: 1 }),
    creationTimestamp: rfc3339Seconds(identity.nowMs),
    ...(labels && { labels }),
    ...(annotations && { annotations }),
    ...(ownerReferences && { ownerReferences }),
    ...(finalizers && { finalizers }),
  };
  refuse(resource, identity.name, metadataProblems(resource, metadata));
  return metadata;
}

/** Conflict where a writer means another object of the same name: one that was deleted meanwhile. */
export function checkSameObject(resource: ResourceType, old: StoredMeta, sent: ObjectMeta): void {
  if (sent.uid === undefined || sent.uid === old.uid) return;
  throw failedPrecondition(resource, old.name, 'UID', sent.uid, old.uid);
}

/**
 * Metadata after an update: labels, annotations, owners and finalizers are the writer's, everything else stays. Invalid
 * where the writer tries to change what cannot change.
 */
export function updatedMetadata(resource: ResourceType, old: StoredMeta, sent: ObjectMeta): StoredMeta {
  const { labels, annotations, ownerReferences, finalizers } = sent;
  const metadata = {
    ...without(old, 'labels', 'annotations', 'ownerReferences', 'finalizers'),
    ...(labels && { labels }),
    ...(annotations && { annotations }),
    ...(ownerReferences && { ownerReferences }),
    ...(finalizers && { finalizers }),
  } as StoredMeta;
  refuse(resource, old.name, [...immutableProblems(old, sent), ...metadataProblems(resource, metadata)]);
  return metadata;
}

function immutableProblems(old: StoredMeta, sent: ObjectMeta): ApiErrorCause[] {
  const causes: ApiErrorCause[] = [];
  for (const field of ['name', 'namespace'] as const) {
    if (sent[field] !== undefined && sent[field] !== old[field]) {
      causes.push(invalidValue(`metadata.${field}`, sent[field], 'field is immutable'));
    }
  }
  if (sent.deletionTimestamp != null && old.deletionTimestamp == null) {
    causes.push(invalidValue('metadata.deletionTimestamp', sent.deletionTimestamp, 'field is immutable'));
  }
  const added = sent.finalizers?.filter((finalizer) => !old.finalizers?.includes(finalizer)) ?? [];
  if (old.deletionTimestamp != null && added.length > 0) {
    const problem = `no new finalizers can be added if the object is being deleted, found new finalizers ${JSON.stringify(added)}`;
    causes.push(forbiddenValue('metadata.finalizers', problem));
  }
  return causes;
}

function refuse(resource: ResourceType, name: string, causes: readonly ApiErrorCause[]): void {
  if (causes.length > 0) throw invalid(resource, name, causes);
}
