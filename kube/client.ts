import type { KubeObject, Stored } from '../core/kubernetes-object.ts';
import type { ResourceType } from './resource.ts';

/** Names one object. `namespace` is required for namespaced kinds and must be absent for the others. */
export interface ObjectRef {
  namespace?: string | undefined;
  name: string;
}

export interface ListOptions {
  /** One namespace; absent means all. */
  namespace?: string | undefined;
  /** Kubernetes' label selector text: `a=b,c!=d,e in (x,y),f notin (z),g,!h`. */
  labelSelector?: string;
  /** `metadata.name=x`, `metadata.namespace=y`, and for Pods `status.phase=z`; `=`, `==` and `!=`, comma-separated. */
  fieldSelector?: string;
  /** At most this many objects; the rest follows through `continue`. */
  limit?: number;
  /** Token of the previous page. All pages of a list show one version of the collection. */
  continue?: string;
}

export interface ObjectList<T extends KubeObject> {
  items: Stored<T>[];
  /** The version of the whole collection: where a watch goes on without gap or repetition. */
  resourceVersion: string;
  /** Absent on the last page. */
  continue?: string;
  remainingItemCount?: number;
}

export interface WatchOptions {
  namespace?: string | undefined;
  labelSelector?: string;
  fieldSelector?: string;
  /** Events after this version. An empty or absent one begins with an ADDED event for everything that exists. */
  resourceVersion?: string;
  /** Send BOOKMARK events, which carry nothing but a version to resume from. */
  allowBookmarks?: boolean;
  /** Ends the watch: the iteration finishes without an error. */
  signal?: AbortSignal;
}

/**
 * With a selector, an object that comes to match is ADDED and one that no longer matches is DELETED, as in Kubernetes.
 */
export type WatchEvent<T extends KubeObject> =
  | { type: 'ADDED' | 'MODIFIED' | 'DELETED'; object: Stored<T> }
  | { type: 'BOOKMARK'; resourceVersion: string };

export type Patch =
  /** RFC 7386. */
  | { type: 'merge'; body: Record<string, unknown> }
  /** RFC 6902. */
  | { type: 'json'; body: JsonPatchOperation[] };

export interface JsonPatchOperation {
  op: 'add' | 'remove' | 'replace' | 'move' | 'copy' | 'test';
  path: string;
  from?: string;
  value?: unknown;
}

export type PropagationPolicy = 'Background' | 'Foreground' | 'Orphan';

export interface DeleteOptions {
  /** Background where absent. */
  propagationPolicy?: PropagationPolicy;
  /** Pods only: seconds between asking the processes to end and killing them; 0 removes the object at once. */
  gracePeriodSeconds?: number;
  /** Conflict unless the stored object has this uid or version. */
  preconditions?: { uid?: string; resourceVersion?: string };
}

/**
 * The whole of what a controller may ask of a Kubernetes-style API. test/contract/kube-client.ts holds every
 * implementation to one behaviour.
 *
 * Objects that are returned are the caller's own: changing them changes nothing stored. All methods reject with
 * `ApiError` (kube/api-error.ts).
 */
export interface KubeClient {
  /** NotFound. */
  get<T extends KubeObject>(resource: ResourceType<T>, ref: ObjectRef): Promise<Stored<T>>;

  /** Expired for a `continue` token that is too old; BadRequest for selectors that do not parse. */
  list<T extends KubeObject>(resource: ResourceType<T>, options?: ListOptions): Promise<ObjectList<T>>;

  /**
   * Changes in order, each version of each object once. Throws Expired when `resourceVersion` is older than the
   * history that is kept: list again and watch from there.
   */
  watch<T extends KubeObject>(
    resource: ResourceType<T>,
    options?: WatchOptions,
  ): AsyncIterable<WatchEvent<T>>;

  /** AlreadyExists, Invalid. `generateName` gets five random characters. `status` is dropped where the kind has one. */
  create<T extends KubeObject>(resource: ResourceType<T>, object: T): Promise<Stored<T>>;

  /**
   * Replaces everything but `status`. NotFound, Invalid; Conflict when `metadata.resourceVersion` is given and stale.
   * A write that changes nothing keeps the version.
   */
  update<T extends KubeObject>(resource: ResourceType<T>, object: T): Promise<Stored<T>>;

  /** Replaces `status` and nothing else. Same errors as `update`. */
  updateStatus<T extends KubeObject>(resource: ResourceType<T>, object: T): Promise<Stored<T>>;

  /** Changes everything but `status`. Invalid when the patch does not apply. */
  patch<T extends KubeObject>(resource: ResourceType<T>, ref: ObjectRef, patch: Patch): Promise<Stored<T>>;

  /** Changes `status` and nothing else. */
  patchStatus<T extends KubeObject>(
    resource: ResourceType<T>,
    ref: ObjectRef,
    patch: Patch,
  ): Promise<Stored<T>>;

  /**
   * Marks the object for deletion, and removes it at once where nothing holds it back (finalizers, grace period).
   * Resolves to the object's last state: with `deletionTimestamp` where it is still there. NotFound, Conflict.
   */
  delete<T extends KubeObject>(
    resource: ResourceType<T>,
    ref: ObjectRef,
    options?: DeleteOptions,
  ): Promise<Stored<T>>;
}
