import { type LoadedManifests, parseManifests } from '../../experiments/manifest/parse-manifests.ts';
import { readTextFile } from './read-file.ts';

/** Reads a file of YAML or JSON documents; `-` reads standard input to its end. */
export function loadManifests(path: string): LoadedManifests {
  const read = readTextFile(path);
  return 'text' in read ? parseManifests(read.text, read.file) : { documents: [], issues: [read.issue] };
}
