import type { KubeObject, ObjectMeta, OwnerReference, Stored } from '../../core/kubernetes-object.ts';
import { silentLogger } from '../../core/logger.ts';
import type { KubeClient } from '../../kube/client.ts';
import { CONFIG_MAPS, type ConfigMap, SECRETS } from '../../kube/resource.ts';
import { type Admission, openObjectStore, type ObjectStore } from '../../local/object-store/object-store.ts';
import { FakeClock, settle } from '../support/fake-clock.ts';

export const NAMESPACE = 'store';
const HISTORY_LIMIT = 250;

/** A store in memory whose time stands still. */
export interface StoreFixture {
  readonly store: ObjectStore;
  readonly client: KubeClient;
  readonly clock: FakeClock;
  /** Creates a ConfigMap in `NAMESPACE`. */
  create(name: string, metadata?: Partial<ObjectMeta>): Promise<Stored<ConfigMap>>;
  /** Names of all ConfigMaps. */
  names(): Promise<string[]>;
}

export function openStoreFixture(admission?: Admission): StoreFixture {
  const clock = new FakeClock();
  const store = openObjectStore({
    path: ':memory:',
    clock,
    logger: silentLogger,
    historyLimit: HISTORY_LIMIT,
    ...(admission && { admission }),
  });
  const { client } = store;
  return {
    store,
    client,
    clock,
    create: (name, metadata) => client.create(CONFIG_MAPS, configMap(name, metadata)),
    async names() {
      const { items } = await client.list(CONFIG_MAPS);
      return items.map(({ metadata }) => metadata.name);
    },
  };
}

export function configMap(name: string, metadata: Partial<ObjectMeta> = {}): ConfigMap {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: NAMESPACE, name, ...metadata } };
}

export function blockingOwner(object: Stored<KubeObject>): OwnerReference {
  const { apiVersion, kind, metadata } = object;
  return { apiVersion, kind, name: metadata.name, uid: metadata.uid, blockOwnerDeletion: true };
}

/** Lets the garbage collector finish: it works on later turns of the event loop. */
export async function settleAll(turns = 20): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await settle();
}

/** Enough writes, of another kind, for everything before them to be compacted. */
export async function age(client: KubeClient): Promise<void> {
  const metadata = { namespace: 'aging', generateName: 'write-' };
  for (let write = 0; write < 2 * HISTORY_LIMIT; write++) {
    await client.create(SECRETS, { apiVersion: 'v1', kind: 'Secret', metadata });
  }
}
