import { getCompileCacheDir } from 'node:module';
import { dirname } from 'node:path';

/** A thread uses the compile cache of this process only where it is told so. The cache's own directory is one for each Node. */
export function workerEnvironment(): NodeJS.ProcessEnv {
  const directory = getCompileCacheDir();
  return directory === undefined ? process.env : { ...process.env, NODE_COMPILE_CACHE: dirname(directory) };
}
