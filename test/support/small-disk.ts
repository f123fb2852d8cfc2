import { spawnSync } from 'node:child_process';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './command.ts';

/** A disk of its own, in memory, that can be filled up. Unmounted when it is disposed of. */
export interface SmallDisk {
  readonly path: string;
  /** Writes a file until nothing more fits. */
  fill(): void;
  /** Removes that file. */
  relieve(): void;
  [Symbol.dispose](): void;
}

/** Null where this user may not mount file systems. */
export function mountSmallDisk(mebibytes: number): SmallDisk | null {
  const folder = temporaryFolder();
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', folder.path]);
  if (mounted.status !== 0) {
    folder[Symbol.dispose]();
    return null;
  }
  const ballast = join(folder.path, 'ballast');
  return {
    path: folder.path,
    fill: () => fillUp(ballast),
    relieve: () => rmSync(ballast, { force: true }),
    [Symbol.dispose]() {
      spawnSync('umount', ['--lazy', folder.path]);
      folder[Symbol.dispose]();
    },
  };
}

/** Whether `mountSmallDisk` gives one. */
export function canMount(): boolean {
  const disk = mountSmallDisk(1);
  disk?.[Symbol.dispose]();
  return disk !== null;
}

function fillUp(file: string): void {
  const descriptor = openSync(file, 'a');
  try {
    for (const size of [1 << 20, 1 << 12, 1]) writeUntilFull(descriptor, Buffer.alloc(size, 'x'));
  } finally {
    closeSync(descriptor);
  }
}

function writeUntilFull(descriptor: number, piece: Buffer): void {
  try {
    while (writeSync(descriptor, piece) > 0);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
  }
}
