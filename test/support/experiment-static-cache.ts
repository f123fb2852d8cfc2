import { objectKey, type KubeObject, type Stored } from '../../core/kubernetes-object.ts';
import type { ObjectCache } from '../../kube/object-cache.ts';
import type { ResourceType } from '../../kube/resource.ts';

/** A cache that stands still: what it shows is what the test says, whatever the API has by now. */
export function staticCache<T extends KubeObject>(
  resource: ResourceType<T>,
  objects: readonly Stored<T>[],
  indexes: Record<string, (object: Stored<T>) => readonly string[]> = {},
): ObjectCache<T> {
  return {
    resource,
    get: (key) => objects.find((object) => objectKey(object) === key),
    list: () => [...objects],
    byIndex: (index, value) => objects.filter((object) => indexes[index]?.(object).includes(value)),
    onChange: () => undefined,
    synced: () => Promise.resolve(),
  };
}
