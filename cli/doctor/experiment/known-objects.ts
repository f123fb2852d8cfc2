import { silentLogger } from '../../../core/logger.ts';
import { systemClock } from '../../../core/clock.ts';
import type { CompanionObject } from '../../../experiments/companion-object.ts';
import type { KubeClient } from '../../../kube/client.ts';
import { openObjectStore } from '../../../local/object-store/object-store.ts';
import { podObjects, type PodObjects } from '../../../local/kubelet/pod-objects.ts';

/** The ConfigMaps, Secrets and claims of a namespace that a trial would find. */
export type KnownObjects = (namespace: string) => PodObjects;

/**
 * Calls `work` with the objects of the files and, behind them, those of the object store at `stored`, which is only read
 * (null or a damaged one: there are no others).
 */
export async function withKnownObjects<R>(
  others: readonly CompanionObject[],
  stored: string | null,
  work: (objects: KnownObjects) => Promise<R>,
): Promise<R> {
  const shared = { clock: systemClock, logger: silentLogger };
  const ofFiles = openObjectStore({ path: ':memory:', ...shared });
  const ofDirectory = stored === null ? null : openForReading(stored);
  try {
    for (const { resource, object } of others) await ofFiles.client.create(resource, object);
    const clients = [ofFiles.client, ...(ofDirectory ? [ofDirectory.client] : [])];
    return await work((namespace) => firstKnown(clients, namespace));
  } finally {
    ofFiles.close();
    ofDirectory?.close();
  }
}

function openForReading(path: string): ReturnType<typeof openObjectStore> | null {
  try {
    return openObjectStore({ path, clock: systemClock, logger: silentLogger, readOnly: true });
  } catch {
    // A check of its own says what is wrong with it.
    return null;
  }
}

function firstKnown(clients: readonly KubeClient[], namespace: string): PodObjects {
  const [first, ...rest] = clients.map((client) => podObjects(client, namespace));
  if (!first) throw new Error('no objects to look into');
  return rest.reduce(inFrontOf, first);
}

function inFrontOf(front: PodObjects, back: PodObjects): PodObjects {
  return {
    async entries(kind, name, optional) {
      return (await front.entries(kind, name, true)) ?? back.entries(kind, name, optional);
    },
    async entry(kind, name, key, optional) {
      const isInFront = (await front.entries(kind, name, true)) !== undefined;
      return (isInFront ? front : back).entry(kind, name, key, optional);
    },
    async claimIsDeclared(name) {
      return (await front.claimIsDeclared(name)) || back.claimIsDeclared(name);
    },
  };
}
