import { closeSync, existsSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { Cancel, Clock } from '../../core/clock.ts';
import { isDiskFull, type DiskSpace } from '../../core/disk-space.ts';
import { errorMessage } from '../../core/errors.ts';
import type { Logger } from '../../core/logger.ts';

export interface LogFileOptions {
  file: string;
  /** Size from which the file becomes the rotated one, replacing the one before. */
  maxBytes: number;
  clock: Clock;
  logger: Logger;
  /** Hears of a write that found no room. */
  space: Pick<DiskSpace, 'noteFull'>;
}

/** Bytes that may wait for room on the disk before whoever writes should pause. */
const MAX_WAITING_BYTES = 1024 * 1024;
const RETRY_MS = 1_000;

/** Where the older part of a log is once the file has become too big. */
export function rotatedLog(file: string): string {
  return `${file}.1`;
}

/**
 * A file that is written from its beginning, synchronously, and rotated. What finds the disk full waits in memory and is
 * tried again until there is room. Any other error is logged and ends the file: the rest is dropped.
 */
export class LogFile {
  readonly #options: LogFileOptions;
  #descriptor: number | undefined;
  #state: 'new' | 'begun' | 'ended' = 'new';
  #bytes = 0;
  /** What could not be written yet, in order. */
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #written: PromiseWithResolvers<undefined> | undefined;
  #cancelRetry: Cancel | undefined;

  /** Makes the file. */
  constructor(options: LogFileOptions) {
    this.#options = options;
    this.append(Buffer.alloc(0));
  }

  append(bytes: Buffer): void {
    if (this.#state === 'ended') return;
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    if (!this.#cancelRetry) this.#writeWaiting();
  }

  /** A promise, where so much waits for room that whoever writes should wait until it is settled. */
  get heldUp(): Promise<undefined> | undefined {
    return this.#waitingBytes > MAX_WAITING_BYTES ? this.#written?.promise : undefined;
  }

  /** Resolves when nothing waits any more, or never will be written. */
  written(): Promise<undefined> {
    return this.#written?.promise ?? Promise.resolve(undefined);
  }

  /** What still waits is lost. */
  close(): void {
    const lost = this.#waitingBytes;
    const { file, logger } = this.#options;
    if (lost > 0) logger.warn('end of a container log not written: the disk is full', { file, bytes: lost });
    this.#end();
  }

  #writeWaiting(): void {
    this.#cancelRetry = undefined;
    try {
      this.#begin();
      for (let bytes = this.#waiting[0]; bytes; bytes = this.#waiting[0]) {
        if (this.#bytes > 0 && this.#bytes + bytes.length > this.#options.maxBytes) this.#rotate();
        this.#writeFirst(bytes);
      }
      this.#allWritten();
    } catch (error) {
      this.#failed(error);
    }
  }

  #begin(): void {
    const { file } = this.#options;
    if (this.#state === 'new') {
      mkdirSync(path.dirname(file), { recursive: true });
      keepPrevious(file);
      this.#state = 'begun';
    }
    this.#descriptor ??= openSync(file, 'a');
  }

  /** A disk that becomes full takes a part: what it took does not wait any more. */
  #writeFirst(bytes: Buffer): void {
    let rest = bytes;
    while (rest.length > 0 && this.#descriptor !== undefined) {
      const written = writeSync(this.#descriptor, rest);
      this.#bytes += written;
      this.#waitingBytes -= written;
      rest = rest.subarray(written);
      this.#waiting[0] = rest;
    }
    this.#waiting.shift();
  }

  #rotate(): void {
    this.#closeFile();
    renameSync(this.#options.file, rotatedLog(this.#options.file));
    this.#bytes = 0;
    this.#begin();
  }

  #failed(error: unknown): void {
    const { file, clock, logger, space } = this.#options;
    const fields = { file, error: errorMessage(error) };
    if (!isDiskFull(error)) {
      logger.error('container log cannot be written', fields);
      this.#end();
      return;
    }
    space.noteFull();
    if (!this.#written) logger.warn('container log waits for room on the disk', fields);
    this.#written ??= Promise.withResolvers<undefined>();
    this.#cancelRetry = clock.after(RETRY_MS, () => this.#writeWaiting());
  }

  #end(): void {
    this.#state = 'ended';
    this.#cancelRetry?.();
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#closeFile();
    this.#allWritten();
  }

  #allWritten(): void {
    this.#written?.resolve(undefined);
    this.#written = undefined;
  }

  #closeFile(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }
}

/** An earlier pod of the same name, or the same one before a crash, may have left a log: one of them is kept. */
function keepPrevious(file: string): void {
  if (existsSync(file)) renameSync(file, `${file}.previous`);
  rmSync(rotatedLog(file), { force: true });
}
