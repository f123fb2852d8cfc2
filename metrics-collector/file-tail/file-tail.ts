import { stat } from 'node:fs/promises';
import { errorMessage } from '../../core/errors.ts';
import type { Poll } from '../poll.ts';
import { FollowedFile, inodeOf } from './followed-file.ts';
import { ifThere } from './if-there.ts';
import { createRotatedFiles } from './rotated-files.ts';

const READ_SIZE = 262_144;
const LINE_END = Buffer.from('\n');

/** Writers may go on with a file that was moved away until they notice: so many such files stay open. */
const MAX_FORMER = 4;
/** So many rounds the rest of a line is waited for in a file that was moved away. */
const MAX_ROUNDS_INSIDE_LINE = 20;

/**
 * The bytes of a file from its beginning, while it grows. Waits for the file to appear, and follows it through rotation:
 * moved away and made anew, once or several times between two looks, or copied and truncated. What can still be read of
 * the former ones is read, and nothing twice, also of a file that is written anew with its last lines and more. Where a
 * file ends inside a line, a line end comes in between.
 *
 * Ends with the poll, after a last reading. `onProblem` is told what went wrong; it is never thrown. Each part is valid
 * until the next is asked for.
 */
export async function* tailFile(
  path: string,
  poll: Poll,
  onProblem: (description: string) => void,
): AsyncGenerator<Uint8Array> {
  const tail = new FileTail(path, onProblem);
  try {
    while (await poll.next()) yield* tail.round(false);
    yield* tail.round(true);
  } finally {
    await tail.close();
  }
  tail.tellWhetherItAppeared();
}

class FileTail {
  readonly #path: string;
  readonly #onProblem: (description: string) => void;
  readonly #buffer = Buffer.allocUnsafe(READ_SIZE);
  readonly #rotated: ReturnType<typeof createRotatedFiles>;
  readonly #former: FollowedFile[] = [];
  #current: FollowedFile | null = null;
  #isBegun = false;
  #failure: string | null = null;
  #hasAppeared = false;
  /** Whose bytes came last, and whether they ended inside a line. */
  #last: FollowedFile | null = null;
  #isInsideLine = false;
  /** The file was shorter than what was read of it when it was last looked at: its writer may be about to write it anew. */
  #wasShorter = false;
  #roundsInsideLine = 0;

  constructor(path: string, onProblem: (description: string) => void) {
    this.#path = path;
    this.#onProblem = onProblem;
    this.#rotated = createRotatedFiles(path);
  }

  /** Reads what there is now. `isLast`: nobody writes any more, and nothing is waited for. */
  async *round(isLast: boolean): AsyncGenerator<Uint8Array> {
    try {
      await this.#begin();
      for (const file of this.#former) yield* this.#readRest(file);
      yield* this.#openFirst(isLast);
      while (this.#current && (yield* this.#readCurrent(this.#current, isLast)));
    } catch (error) {
      this.#fail(`cannot read ${this.#path}: ${errorMessage(error)}`);
    }
  }

  async close(): Promise<void> {
    for (const file of [...this.#former, ...(this.#current ? [this.#current] : [])]) await file.close();
  }

  tellWhetherItAppeared(): void {
    if (!this.#hasAppeared && this.#failure === null) this.#onProblem(`${this.#path} never appeared`);
  }

  #fail(problem: string): void {
    if (problem !== this.#failure) this.#onProblem(problem);
    this.#failure = problem;
  }

  /** What lies beside the file before it is followed is of somebody else. */
  async #begin(): Promise<void> {
    if (this.#isBegun) return;
    await this.#rotated.takeNew(() => false);
    this.#isBegun = true;
  }

  async *#openFirst(isLast: boolean): AsyncGenerator<Uint8Array> {
    if (this.#current) return;
    this.#current = await this.#open(this.#path);
    // Without a file of the name, the newest one beside it may still be written to.
    if (this.#current || isLast) yield* this.#readRotated(null);
    this.#hasAppeared ||= this.#current !== null;
  }

  async #open(path: string): Promise<FollowedFile | null> {
    const file = await FollowedFile.open(path, this.#buffer);
    if (file) this.#rotated.know(file.identity);
    return file;
  }

  /** Whether there is another file to read now. */
  async *#readCurrent(file: FollowedFile, isLast: boolean): AsyncGenerator<Uint8Array, boolean> {
    const state = await file.state();
    if (state !== 'same') {
      const isRotated = yield* this.#readRotated(file);
      const found = isRotated ? 'nothing' : await file.continueBehind(file);
      const mayWait = state === 'shorter' && !isRotated && !this.#wasShorter && !isLast;
      if (found !== 'more' && mayWait) {
        this.#wasShorter = true;
        return false;
      }
      if (found === 'nothing') {
        file.startOver();
        this.#last = null;
      }
    }
    this.#wasShorter = false;
    yield* this.#readRest(file);
    return yield* this.#replace(file, isLast);
  }

  /** Goes on to the file that has taken the name, if one has. */
  async *#replace(file: FollowedFile, isLast: boolean): AsyncGenerator<Uint8Array, boolean> {
    const named = await ifThere(stat(this.#path));
    if (!named && isLast) yield* this.#readRotated(null);
    if (!named || inodeOf(named) === file.inode) return false;
    // What was written before the other took its name.
    yield* this.#readRest(file);
    if (!file.isAtLineStart && !isLast && this.#roundsInsideLine++ < MAX_ROUNDS_INSIDE_LINE) return false;
    const next = await this.#open(this.#path);
    if (!next) return false;
    const isRotated = yield* this.#readRotated(null);
    if (!isRotated && (await file.isReplaced()) && (await next.continueBehind(file)) !== 'nothing')
      this.#last = this.#last === file ? next : null;
    this.#roundsInsideLine = 0;
    this.#former.push(file);
    if (this.#former.length > MAX_FORMER) await this.#former.shift()?.close();
    this.#current = next;
    return true;
  }

  /**
   * Reads the files that rotation has made since: whole ones that nobody has seen, and what is new in a copy of `copied`,
   * the oldest of them. Says whether there were any.
   */
  async *#readRotated(copied: FollowedFile | null): AsyncGenerator<Uint8Array, boolean> {
    let original = copied;
    let isAny = false;
    for (const path of await this.#rotated.takeNew((inode) => this.#isOpen(inode))) {
      const file = await FollowedFile.open(path, this.#buffer);
      if (!file) continue;
      isAny = this.#hasAppeared = true;
      try {
        if (original && (await file.continueFrom(original))) {
          this.#last = this.#last === original ? file : null;
          original = null;
        }
        yield* this.#readRest(file);
      } finally {
        await file.close();
      }
    }
    return isAny;
  }

  #isOpen(inode: string): boolean {
    return this.#current?.inode === inode || this.#former.some((file) => file.inode === inode);
  }

  async *#readRest(file: FollowedFile): AsyncGenerator<Uint8Array> {
    for await (const bytes of file.rest()) {
      if (this.#last !== file && this.#isInsideLine) yield LINE_END;
      this.#last = file;
      this.#isInsideLine = !file.isAtLineStart;
      yield bytes;
    }
  }
}
