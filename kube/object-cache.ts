import type { KubeObject, Stored } from '../core/kubernetes-object.ts';
import type { ResourceType } from './resource.ts';

/** One step of a cache's content. An object that was deleted and created anew under its old name is two steps. */
export interface CacheChange<T extends KubeObject> {
  type: 'added' | 'changed' | 'removed';
  /** The new state; the last known one where the object is gone. */
  object: Stored<T>;
  /** The state before, undefined for `added`. */
  previous: Stored<T> | undefined;
}

/**
 * What a controller reads: a local copy of all objects of one kind, some moments behind the API. Objects are shared
 * between all readers: never change them.
 */
export interface ObjectCache<T extends KubeObject> {
  readonly resource: ResourceType<T>;
  /** The object of an `objectKey`, or undefined where there is none. */
  get(key: string): Stored<T> | undefined;
  /** Every object, or those of one namespace, in no particular order. */
  list(namespace?: string): Stored<T>[];
  /** The objects whose index function returned `value`. RangeError where the cache has no such index. */
  byIndex(index: string, value: string): Stored<T>[];
  /** Called for every later change, in order. Register before the cache runs to see everything. */
  onChange(listener: (change: CacheChange<T>) => void): void;
  /** Resolves when the first list is in. */
  synced(): Promise<void>;
}
