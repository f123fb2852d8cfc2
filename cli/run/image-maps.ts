import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SpecError } from '../../core/errors.ts';
import { combineImageMaps, readImageMap, type ImageMap } from '../../local/kubelet/image-map.ts';

export const CONFIG_FILE = 'katydid.config.yaml';

/**
 * The image map of the file with this name, or of the ones beside each experiment file, of which the first that knows an
 * image decides. SpecError for a file that is wrong, or that was named and is not there.
 */
export function imageMapOf(files: readonly string[], config: string | undefined): ImageMap {
  if (config !== undefined) return readNamed(config);
  const folders = new Set(files.map((file) => (file === '-' ? '.' : dirname(file))));
  return combineImageMaps([...folders].map((folder) => readImageMap(join(folder, CONFIG_FILE))));
}

function readNamed(file: string): ImageMap {
  if (existsSync(file)) return readImageMap(file);
  const message = 'There is no such file.';
  throw new SpecError(file, [{ code: 'CONFIG_INVALID', path: [], message, remedy: 'Check --config.' }]);
}
