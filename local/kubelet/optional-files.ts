import { readdirSync, readFileSync } from 'node:fs';

/** The names in a directory; none where it is not there, or not to be read. */
export function listDirectory(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

/** A file's text; undefined where it is not there (any more), or not to be read. */
export function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
