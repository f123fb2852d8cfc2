import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { rotatedLog } from './log-file.ts';

const BLOCK_BYTES = 64 * 1024;
const NEWLINE = 0x0a;

/** A file that is being read from some place on, line by line. */
interface OpenFile {
  descriptor: number;
  position: number;
  decoder: StringDecoder;
  partial: string;
}

/** Reads the lines of one log as they are written, through rotations of the file. */
export class LogFileReader {
  readonly #file: string;
  #open: OpenFile | undefined;
  /** The older part, to be read first. */
  #older: OpenFile | undefined;

  /** Begins `tailLines` before the end, or at the beginning. */
  constructor(file: string, tailLines: number | undefined) {
    this.#file = file;
    this.#open = openFile(file);
    const older = openFile(rotatedLog(file));
    let missing = tailLines ?? Number.POSITIVE_INFINITY;
    if (this.#open) missing -= skipToLast(this.#open, missing);
    if (older && missing > 0) {
      skipToLast(older, missing);
      this.#older = older;
    } else if (older) closeSync(older.descriptor);
  }

  /** The lines that have been written since the last call. */
  *read(): Generator<string, void> {
    if (this.#older) {
      yield* readLines(this.#older);
      closeSync(this.#older.descriptor);
      this.#older = undefined;
    }
    this.#open ??= openFile(this.#file);
    if (!this.#open) return;
    const replaced = isReplaced(this.#open, this.#file);
    yield* readLines(this.#open);
    if (!replaced) return;
    closeSync(this.#open.descriptor);
    this.#open = openFile(this.#file);
    if (this.#open) yield* readLines(this.#open);
  }

  close(): void {
    for (const file of [this.#open, this.#older]) if (file) closeSync(file.descriptor);
    this.#open = undefined;
    this.#older = undefined;
  }
}

function openFile(file: string): OpenFile | undefined {
  try {
    const descriptor = openSync(file, 'r');
    return { descriptor, position: 0, decoder: new StringDecoder('utf8'), partial: '' };
  } catch {
    return undefined;
  }
}

/** The name belongs to a newer file: this one is complete. */
function isReplaced({ descriptor }: OpenFile, file: string): boolean {
  const named = statSync(file, { throwIfNoEntry: false });
  return named !== undefined && named.ino !== fstatSync(descriptor).ino;
}

function* readLines(file: OpenFile): Generator<string, void> {
  const block = Buffer.alloc(BLOCK_BYTES);
  for (;;) {
    const length = readSync(file.descriptor, block, 0, BLOCK_BYTES, file.position);
    if (length === 0) return;
    file.position += length;
    const lines = (file.partial + file.decoder.write(block.subarray(0, length))).split('\n');
    file.partial = lines.pop() ?? '';
    yield* lines;
  }
}

/** Moves to where the last `count` lines begin, reading backwards. Returns how many lines follow from there. */
function skipToLast(file: OpenFile, count: number): number {
  if (!Number.isFinite(count)) return 0;
  const block = Buffer.alloc(BLOCK_BYTES);
  let lines = 0;
  for (let end = fstatSync(file.descriptor).size; end > 0;) {
    const from = Math.max(0, end - BLOCK_BYTES);
    const length = readSync(file.descriptor, block, 0, end - from, from);
    for (let index = length - 1; index >= 0; index--) {
      if (block[index] !== NEWLINE) continue;
      if (lines === count) {
        file.position = from + index + 1;
        return lines;
      }
      lines++;
    }
    end = from;
  }
  return lines;
}
