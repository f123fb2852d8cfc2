import type { KubeObject, Stored } from '../../core/kubernetes-object.ts';
import { ApiError } from '../../kube/api-error.ts';
import type { ResourceType } from '../../kube/resource.ts';

/** An object of any kind, with its fields in reach. */
export type Document = KubeObject & Record<string, unknown>;
export type StoredDocument = Stored<Document>;

/** Where an object lives. `namespace` is empty for cluster-scoped kinds. */
export interface Address {
  /** `resourceKey` of the kind. */
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
}

/** Names a collection: `kubeflow.org/v1/tfjobs` and `kubeflow.org/v1beta2/tfjobs` are two. */
export function resourceKey(resource: ResourceType): string {
  return `${resource.apiVersion}/${resource.plural}`;
}

/** `experiments.kubeflow.org`, `pods`: how Kubernetes names a collection in messages. */
export function groupResource(resource: ResourceType): string {
  const [group, version] = resource.apiVersion.split('/');
  return version === undefined || group === undefined ? resource.plural : `${resource.plural}.${group}`;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A deep copy that holds nothing but JSON. BadRequest where the value is not an object or cannot be written as JSON. */
export function jsonCopy(value: unknown): Record<string, unknown> {
  let copy: unknown;
  try {
    copy = JSON.parse(JSON.stringify(value)) as unknown;
  } catch {
    copy = null;
  }
  if (!isRecord(copy)) throw new ApiError('BadRequest', 'the object is not a JSON object');
  return copy;
}

export function parseStored(body: string): StoredDocument {
  return JSON.parse(body) as StoredDocument;
}

/** A record without some of its fields. */
export function without(record: object, ...fields: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([field]) => !fields.includes(field)));
}

/** The object with another `status`; undefined and null leave it without one. */
export function withStatus<T extends Document>(object: T, status: unknown): T {
  const rest = without(object, 'status');
  return (status === undefined || status === null ? rest : { ...rest, status }) as T;
}
