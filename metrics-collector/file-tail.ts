import { open, stat, type FileHandle } from 'node:fs/promises';
import { errorMessage } from '../core/errors.ts';
import type { Poll } from './poll.ts';

const READ_SIZE = 65_536;
const LINE_END = Buffer.from('\n');

interface OpenFile {
  handle: FileHandle;
  inode: number;
  position: number;
}

/**
 * The bytes of a file from its beginning, while it grows. Waits for the file to appear; follows it when it is replaced
 * (after reading the old one to its end) or cut short (from the beginning again), with a line end in between. Ends with
 * the poll, after a last reading. `onProblem` is told what went wrong; it is never thrown.
 */
export async function* tailFile(
  path: string,
  poll: Poll,
  onProblem: (description: string) => void,
): AsyncGenerator<Uint8Array> {
  let file: OpenFile | null = null;
  let failed = false;
  try {
    while (await poll.next()) {
      try {
        file ??= await openIfThere(path);
        while (file) {
          yield* readToEnd(file);
          const replacement: OpenFile | null = await replacementOf(file, path);
          if (!replacement) break;
          yield LINE_END;
          file = replacement;
        }
      } catch (error) {
        failed = true;
        onProblem(`cannot read ${path}: ${errorMessage(error)}`);
      }
    }
  } finally {
    await file?.handle.close();
  }
  if (!file && !failed) onProblem(`${path} never appeared`);
}

async function* readToEnd(file: OpenFile): AsyncGenerator<Uint8Array> {
  for (;;) {
    const buffer = Buffer.allocUnsafe(READ_SIZE);
    const { bytesRead } = await file.handle.read(buffer, 0, READ_SIZE, file.position);
    if (bytesRead === 0) return;
    file.position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

/** What is to be read instead of `file`, or null while it is still the one. */
async function replacementOf(file: OpenFile, path: string): Promise<OpenFile | null> {
  const { size } = await file.handle.stat();
  if (size < file.position) return { ...file, position: 0 };
  const found = await ifThere(stat(path));
  if (!found || found.ino === file.inode) return null;
  const replacement = await openIfThere(path);
  if (replacement) await file.handle.close();
  return replacement;
}

async function openIfThere(path: string): Promise<OpenFile | null> {
  const handle = await ifThere(open(path, 'r'));
  return handle && { handle, inode: (await handle.stat()).ino, position: 0 };
}

async function ifThere<T>(found: Promise<T>): Promise<T | null> {
  try {
    return await found;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
