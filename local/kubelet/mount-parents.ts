import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import type { PathMapping } from './path-rewriting.ts';

/**
 * Stand-ins for the directories above mounts, below `base`. A program that is told `/logs` writes to `/logs/test`, and
 * where a volume is mounted there it has to find it. A directory that exists on this computer or in the image, or that a
 * mapping covers, is that one and gets no stand-in.
 */
export function mountParents(
  mounts: readonly PathMapping[],
  others: readonly PathMapping[],
  imageRoot: string | null,
  base: string,
): PathMapping[] {
  const covered = [...mounts, ...others].map(({ from }) => from);
  return mounts.flatMap((mount) => {
    const parents = ancestors(mount.from);
    if (parents.some((parent) => covered.some((from) => isWithin(parent, from)))) return [];
    const missing = parents.filter((parent) => !existsHere(parent, imageRoot));
    if (missing.length === 0) return [];
    linkMount(mount, base);
    return missing.map((parent) => ({ from: parent, to: path.join(base, parent) }));
  });
}

/** `/a/b/c` → `/a/b`, `/a`; the root directory is nobody's stand-in. */
function ancestors(directory: string): string[] {
  const parent = path.posix.dirname(directory);
  return parent === '/' ? [] : [parent, ...ancestors(parent)];
}

function isWithin(directory: string, base: string): boolean {
  return directory === base || directory.startsWith(`${base}/`);
}

function existsHere(directory: string, imageRoot: string | null): boolean {
  return existsSync(directory) || (imageRoot !== null && existsSync(path.join(imageRoot, directory)));
}

function linkMount({ from, to }: PathMapping, base: string): void {
  const link = path.join(base, from);
  mkdirSync(path.dirname(link), { recursive: true });
  // It is there already when the container is started again.
  if (!existsSync(link)) symlinkSync(to, link);
}
