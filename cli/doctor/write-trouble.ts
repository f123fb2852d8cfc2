import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { errorMessage } from '../../core/errors.ts';

/** Null where a file can be made, written and removed in the directory, which is tried; else what forbids it. */
export function writeTrouble(directory: string): string | null {
  const file = join(directory, `.katydid-doctor-${process.pid}`);
  try {
    const descriptor = openSync(file, 'wx');
    try {
      writeSync(descriptor, 'x');
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
      rmSync(file, { force: true });
    }
    return null;
  } catch (error) {
    return errorMessage(error);
  }
}
