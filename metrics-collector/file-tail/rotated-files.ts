import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { identityOf, inodeOf } from './followed-file.ts';
import { ifThere } from './if-there.ts';

/** What rotation puts behind the name of a log: `.1`, `-20260131`, `.2026-01-31_12:00`. Not `.gz`, nor `.lock`. */
const ROTATED_SUFFIX = /^[.\-_]\d[\d.\-_:T]*$/;

interface RotatedFile {
  path: string;
  identity: string;
  inode: string;
  mtimeMs: number;
  /** Orders files of the same time by their names, the oldest first. */
  order: number;
}

/** The files beside a log that rotation made of it: moved there, or copied. */
export interface RotatedFiles {
  /** Paths of those that have not been known so far, oldest first. From now on they are known. `isOpen`: by inode. */
  takeNew(isOpen: (inode: string) => boolean): Promise<string[]>;
  /** The file with this identity is read otherwise. */
  know(identity: string): void;
}

export function createRotatedFiles(logPath: string): RotatedFiles {
  const known = new Set<string>();
  return {
    async takeNew(isOpen) {
      const found = (await listRotated(logPath)).filter(
        ({ identity, inode }) => !known.has(identity) && !isOpen(inode),
      );
      for (const { identity } of found) known.add(identity);
      return found.toSorted((a, b) => a.mtimeMs - b.mtimeMs || a.order - b.order).map(({ path }) => path);
    },
    know: (identity) => void known.add(identity),
  };
}

async function listRotated(logPath: string): Promise<RotatedFile[]> {
  const directory = dirname(logPath);
  const name = basename(logPath);
  const entries = (await ifThere(readdir(directory, { withFileTypes: true }))) ?? [];
  const rotated = entries.filter(
    (entry) =>
      entry.isFile() && entry.name.startsWith(name) && ROTATED_SUFFIX.test(entry.name.slice(name.length)),
  );
  const files = await Promise.all(
    rotated.map(async (entry) => {
      const path = join(directory, entry.name);
      const found = await ifThere(stat(path));
      return found
        ? [
            {
              path,
              identity: identityOf(found),
              inode: inodeOf(found),
              mtimeMs: found.mtimeMs,
              order: orderOf(entry.name),
            },
          ]
        : [];
    }),
  );
  return files.flat();
}

/** Of `.1` and `.2` the higher number is the older file; of dates, and of times after dates, the lower. */
function orderOf(name: string): number {
  const number = Number(/\d+$/.exec(name)?.[0] ?? 0);
  return /\.\d{1,3}$/.test(name) ? -number : number;
}
