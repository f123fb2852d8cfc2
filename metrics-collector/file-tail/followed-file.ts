import type { Stats } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { ifThere } from './if-there.ts';

/** So much of what was read last is remembered, to find its place again in a file that is written anew. */
const RECENT_BYTES = 65_536;
/** So many bytes at the beginning, and before the place read up to, tell whether a file is still the same. */
const MARK_BYTES = 256;
const NEWLINE = 0x0a;

/** A file that is read bit by bit while others write, move, copy or truncate it. */
export class FollowedFile {
  /** What the file is, whatever it is called, as long as it is open. */
  readonly inode: string;
  /** As long as it exists. */
  readonly identity: string;
  readonly #handle: FileHandle;
  readonly #buffer: Buffer;
  #position: number;
  #head = Buffer.alloc(0);
  /** The end of what was read. */
  #recent = Buffer.alloc(0);
  #checkedState = '';
  #skipsZeros = false;

  private constructor(handle: FileHandle, stats: Stats, buffer: Buffer) {
    this.#handle = handle;
    this.inode = inodeOf(stats);
    this.identity = identityOf(stats);
    this.#buffer = buffer;
    this.#position = 0;
  }

  /** Null where there is none. `buffer` holds what is read and may be shared by all files. */
  static async open(path: string, buffer: Buffer): Promise<FollowedFile | null> {
    const handle = await ifThere(open(path, 'r'));
    if (!handle) return null;
    try {
      return new FollowedFile(handle, await handle.stat(), buffer);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** What was read ends with a line end, or is nothing. */
  get isAtLineStart(): boolean {
    return this.#recent.length === 0 || this.#recent.at(-1) === NEWLINE;
  }

  /** From the place read up to, to the end. Each part is valid until the next is asked for. */
  async *rest(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const { bytesRead } = await this.#handle.read(this.#buffer, 0, this.#buffer.length, this.#position);
      if (bytesRead === 0) return;
      this.#position += bytesRead;
      const bytes = this.#buffer.subarray(0, bytesRead);
      this.#remember(bytes);
      const kept = this.#withoutZeros(bytes);
      if (kept.length > 0) yield kept;
    }
  }

  /**
   * How the file stands to what was read of it: it may have been truncated, and may have grown again since. One of which
   * nothing was read may always have been.
   */
  async state(): Promise<'same' | 'shorter' | 'other'> {
    if (this.#position === 0) return 'other';
    const { size, mtimeMs } = await this.#handle.stat();
    if (size < this.#position) return 'shorter';
    const state = `${size} ${mtimeMs}`;
    if (state === this.#checkedState) return 'same';
    this.#checkedState = state;
    return (await this.#isContainedIn(this.#handle)) ? 'same' : 'other';
  }

  /** Begins again. A writer that goes on where it was leaves nothing but zeros before: they are passed over. */
  startOver(): void {
    this.#position = 0;
    this.#head = this.#recent = Buffer.alloc(0);
    this.#checkedState = '';
    this.#skipsZeros = true;
  }

  /** Where this is a copy of what was read of `original`, and more of it: goes on where that was left. Says whether it is. */
  async continueFrom(original: FollowedFile): Promise<boolean> {
    if (original.#position === 0 || !(await original.#isContainedIn(this.#handle))) return false;
    this.#position = original.#position;
    this.#head = original.#head;
    this.#recent = original.#recent;
    return true;
  }

  /**
   * Where this file was written anew with a part of what was read of `original` at its beginning, which may be the file
   * itself: goes on behind that part. So write those who keep only their last reports. Says what was found: a part with
   * `more` behind it, a part `alone`, which may be about to grow, or `nothing`.
   */
  async continueBehind(original: FollowedFile): Promise<'more' | 'alone' | 'nothing'> {
    if (original.#recent.length === 0) return 'nothing';
    const { bytesRead } = await this.#handle.read(this.#buffer, 0, this.#buffer.length, 0);
    const content = this.#buffer.subarray(0, bytesRead);
    const known = knownLength(original.#recent, content);
    if (known === 0) return 'nothing';
    // Of one that is being written the place is not known yet.
    if (known === bytesRead && this === original) return 'alone';
    this.#position = known;
    this.#head = Buffer.from(content.subarray(0, Math.min(known, MARK_BYTES)));
    this.#recent = Buffer.from(content.subarray(Math.max(0, known - RECENT_BYTES), known));
    return known < bytesRead ? 'more' : 'alone';
  }

  /** It has no name any more: another took it. */
  async isReplaced(): Promise<boolean> {
    return (await this.#handle.stat()).nlink === 0;
  }

  close(): Promise<void> {
    return this.#handle.close();
  }

  /** Whether a file holds what was read of this one, as far as the marks tell. */
  async #isContainedIn(handle: FileHandle): Promise<boolean> {
    const tail = this.#recent.subarray(-MARK_BYTES);
    return (await holds(handle, this.#head, 0)) && (await holds(handle, tail, this.#position - tail.length));
  }

  #remember(bytes: Buffer): void {
    if (this.#head.length < MARK_BYTES) {
      this.#head = Buffer.concat([this.#head, bytes.subarray(0, MARK_BYTES - this.#head.length)]);
    }
    this.#recent =
      bytes.length >= RECENT_BYTES
        ? Buffer.from(bytes.subarray(-RECENT_BYTES))
        : Buffer.concat([this.#recent.subarray(bytes.length - RECENT_BYTES), bytes]);
  }

  #withoutZeros(bytes: Buffer): Buffer {
    if (!this.#skipsZeros) return bytes;
    const first = bytes.findIndex((byte) => byte !== 0);
    if (first < 0) return bytes.subarray(bytes.length);
    this.#skipsZeros = false;
    return bytes.subarray(first);
  }
}

/** Numbers of device and file. The number of a file that is gone may be given to another. */
export function inodeOf({ dev, ino }: Stats): string {
  return `${dev} ${ino}`;
}

export function identityOf(stats: Stats): string {
  return `${inodeOf(stats)} ${stats.birthtimeMs}`;
}

/**
 * How many bytes at the beginning of `content` are known: they are the last lines of `recent`, or lie within it where
 * `content` has no more than they. 0 where it begins with something else.
 */
function knownLength(recent: Buffer, content: Buffer): number {
  if (content.length === 0) return 0;
  // More was kept than is remembered.
  const whole = recent.length === RECENT_BYTES ? content.indexOf(recent) : -1;
  if (whole >= 0) return whole + recent.length;
  for (let start = 0; start < recent.length; start = recent.indexOf(NEWLINE, start) + 1) {
    const length = Math.min(recent.length - start, content.length);
    if (recent.compare(content, 0, length, start, start + length) === 0) return length;
    if (recent.indexOf(NEWLINE, start) < 0) return 0;
  }
  return 0;
}

async function holds(handle: FileHandle, expected: Buffer, position: number): Promise<boolean> {
  if (expected.length === 0) return true;
  const found = Buffer.alloc(expected.length);
  const { bytesRead } = await handle.read(found, 0, found.length, position);
  return bytesRead === expected.length && found.equals(expected);
}
