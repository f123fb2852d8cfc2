import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { DataDirectory } from '../data-directory.ts';
import { writePrivate } from './access-files.ts';

const schema = z.object({ pid: z.int().min(1), rest: z.url(), kube: z.url() });

/** Where the servers of a data directory listen, for other commands. It stays behind when its process is killed. */
export type ServerFile = z.infer<typeof schema>;

export function serverFile(directory: DataDirectory): string {
  return join(directory.path, 'server.json');
}

export function writeServerFile(directory: DataDirectory, places: ServerFile): void {
  writePrivate(serverFile(directory), `${JSON.stringify(places)}\n`);
}

/** Null where no server has listened yet, or where the file is damaged. */
export function readServerFile(directory: DataDirectory): ServerFile | null {
  try {
    return schema.parse(JSON.parse(readFileSync(serverFile(directory), 'utf8')));
  } catch {
    return null;
  }
}
