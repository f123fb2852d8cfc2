import { systemClock } from '../core/clock.ts';
import { KatydidError } from '../core/errors.ts';
import { silentLogger } from '../core/logger.ts';
import { isApiError } from '../kube/api-error.ts';
import type { KubeClient } from '../kube/client.ts';
import { createHttpClient, type HttpKubeClient } from '../kube/http-client.ts';
import { EXPERIMENTS } from '../kube/resource.ts';
import { createAdmission } from '../local/admission/admission.ts';
import { openObjectStore } from '../local/object-store/object-store.ts';
import { algorithmCatalog } from '../suggestion/algorithm-catalog.ts';
import { lockDataDirectory, type DataDirectory } from './data-directory.ts';
import { readAccess } from './serve/access-files.ts';
import { readServerFile, type ServerFile } from './serve/server-file.ts';

/** Something that changes objects of a data directory. */
export interface Control {
  readonly client: KubeClient;
  /** False where nothing carries out what is changed before the next service starts. */
  readonly isServed: boolean;
}

/**
 * Runs `work` with a client that may change what is in the data directory: through the service that works there, or
 * directly where there is none, with the directory locked meanwhile.
 *
 * @throws KatydidError SERVICE_UNREACHABLE, DATA_DIR_IN_USE, and what `work` throws
 */
export async function withControl<R>(
  directory: DataDirectory,
  work: (control: Control) => Promise<R>,
): Promise<R> {
  const server = readServerFile(directory);
  if (!server) return directly(directory, work);
  const client = serviceClient(directory, server);
  try {
    if (await answers(client)) return await work({ client, isServed: true });
  } finally {
    client.close();
  }
  return directly(directory, work).catch((error: unknown) => {
    throw isInUse(error) ? silent(directory, server) : error;
  });
}

function serviceClient(directory: DataDirectory, { kube }: ServerFile): HttpKubeClient {
  const { token, certificate } = readAccess(directory);
  return createHttpClient({ server: kube, token, ca: certificate });
}

/** False where nobody listens any more: the file stays behind when its process is killed. */
async function answers(client: KubeClient): Promise<boolean> {
  try {
    await client.list(EXPERIMENTS, { limit: 1 });
    return true;
  } catch (error) {
    if (isApiError(error, 'ServiceUnavailable', 'Unauthorized')) return false;
    throw error;
  }
}

async function directly<R>(directory: DataDirectory, work: (control: Control) => Promise<R>): Promise<R> {
  const lock = await lockDataDirectory(directory);
  try {
    const store = openObjectStore({
      path: directory.objects,
      clock: systemClock,
      logger: silentLogger,
      admission: createAdmission(algorithmCatalog),
    });
    try {
      return await work({ client: store.client, isServed: false });
    } finally {
      store.close();
    }
  } finally {
    lock.release();
  }
}

function isInUse(error: unknown): boolean {
  return error instanceof KatydidError && error.code === 'DATA_DIR_IN_USE';
}

function silent(directory: DataDirectory, { pid, kube }: ServerFile): KatydidError {
  const message = `The katydid (pid ${pid}) that works in ${directory.path} does not answer at ${kube}.`;
  return new KatydidError('SERVICE_UNREACHABLE', message, {
    remedy: 'If it is just starting, try again; if it hangs, end it and start it anew: nothing is lost.',
  });
}
