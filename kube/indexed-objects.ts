import { objectKey, type KubeObject, type Stored } from '../core/kubernetes-object.ts';

/** The values under which an object is found. */
export type IndexFunction<T extends KubeObject> = (object: Stored<T>) => readonly string[];

type Bucket<T extends KubeObject> = Map<string, Stored<T>>;

const BY_NAMESPACE = ' namespace';

/** Objects by key and by any number of indexes. Finding costs no more than what is found. */
export class IndexedObjects<T extends KubeObject> {
  readonly #objects = new Map<string, Stored<T>>();
  readonly #functions: ReadonlyMap<string, IndexFunction<T>>;
  readonly #buckets = new Map<string, Map<string, Bucket<T>>>();

  constructor(indexes: Readonly<Record<string, IndexFunction<T>>>) {
    const byNamespace: IndexFunction<T> = (object) => [object.metadata.namespace ?? ''];
    this.#functions = new Map([[BY_NAMESPACE, byNamespace], ...Object.entries(indexes)]);
    for (const name of this.#functions.keys()) this.#buckets.set(name, new Map());
  }

  get(key: string): Stored<T> | undefined {
    return this.#objects.get(key);
  }

  keys(): string[] {
    return [...this.#objects.keys()];
  }

  list(namespace?: string): Stored<T>[] {
    return namespace === undefined ? [...this.#objects.values()] : this.byIndex(BY_NAMESPACE, namespace);
  }

  /** RangeError for an index that was not given to the constructor. */
  byIndex(index: string, value: string): Stored<T>[] {
    const values = this.#buckets.get(index);
    if (!values) throw new RangeError(`there is no index named ${JSON.stringify(index)}`);
    return [...(values.get(value)?.values() ?? [])];
  }

  /** Stores the object and returns what it replaces. */
  set(object: Stored<T>): Stored<T> | undefined {
    const key = objectKey(object);
    const previous = this.delete(key);
    this.#objects.set(key, object);
    for (const [index, value] of this.#places(object)) {
      const values = this.#buckets.get(index);
      const bucket = values?.get(value);
      if (bucket) bucket.set(key, object);
      else values?.set(value, new Map([[key, object]]));
    }
    return previous;
  }

  /** Removes and returns the object, or returns undefined where there is none. */
  delete(key: string): Stored<T> | undefined {
    const object = this.#objects.get(key);
    if (!object) return undefined;
    this.#objects.delete(key);
    for (const [index, value] of this.#places(object)) {
      const values = this.#buckets.get(index);
      const bucket = values?.get(value);
      bucket?.delete(key);
      if (bucket?.size === 0) values?.delete(value);
    }
    return object;
  }

  *#places(object: Stored<T>): Generator<[index: string, value: string]> {
    for (const [index, valuesOf] of this.#functions) {
      for (const value of valuesOf(object)) yield [index, value];
    }
  }
}
