import { isApiError } from '../../kube/api-error.ts';
import type { KubeClient } from '../../kube/client.ts';
import { CONFIG_MAPS, PERSISTENT_VOLUME_CLAIMS, SECRETS } from '../../kube/resource.ts';
import { localError } from '../../core/failure-codes/local-codes.ts';

export type ObjectKind = 'ConfigMap' | 'Secret';

/** The ConfigMaps, Secrets and claims of one namespace, as pods refer to them. */
export interface PodObjects {
  /** All entries of an object. An absent object: undefined where `optional`, else LOCAL_OBJECT_MISSING. */
  entries(kind: ObjectKind, name: string, optional: boolean): Promise<Map<string, Buffer> | undefined>;
  /** One entry as text; undefined where it is absent and `optional`, else LOCAL_OBJECT_MISSING. */
  entry(kind: ObjectKind, name: string, key: string, optional: boolean): Promise<string | undefined>;
  claimIsDeclared(name: string): Promise<boolean>;
}

export function podObjects(client: KubeClient, namespace: string): PodObjects {
  const entries: PodObjects['entries'] = async (kind, name, optional) => {
    const found = await notFoundAsUndefined(readEntries(client, kind, { namespace, name }));
    if (found || optional) return found;
    throw localError('LOCAL_OBJECT_MISSING', `${kind} "${name}" does not exist in namespace "${namespace}".`);
  };
  return {
    entries,
    async entry(kind, name, key, optional) {
      const value = (await entries(kind, name, optional))?.get(key);
      if (value !== undefined || optional) return value?.toString('utf8');
      throw localError(
        'LOCAL_OBJECT_MISSING',
        `${kind} "${name}" in namespace "${namespace}" has no key "${key}".`,
      );
    },
    async claimIsDeclared(name) {
      const claim = client.get(PERSISTENT_VOLUME_CLAIMS, { namespace, name });
      return (await notFoundAsUndefined(claim)) !== undefined;
    },
  };
}

async function readEntries(
  client: KubeClient,
  kind: ObjectKind,
  ref: { namespace: string; name: string },
): Promise<Map<string, Buffer>> {
  const entries = new Map<string, Buffer>();
  if (kind === 'Secret') {
    const secret = await client.get(SECRETS, ref);
    addEntries(entries, secret.data, 'base64');
    addEntries(entries, secret.stringData, 'utf8');
    return entries;
  }
  const configMap = await client.get(CONFIG_MAPS, ref);
  addEntries(entries, configMap.data, 'utf8');
  addEntries(entries, configMap.binaryData, 'base64');
  return entries;
}

function addEntries(
  into: Map<string, Buffer>,
  data: Readonly<Record<string, string>> | undefined,
  encoding: BufferEncoding,
): void {
  for (const [key, value] of Object.entries(data ?? {})) into.set(key, Buffer.from(value, encoding));
}

async function notFoundAsUndefined<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (isApiError(error, 'NotFound')) return undefined;
    throw error;
  }
}
