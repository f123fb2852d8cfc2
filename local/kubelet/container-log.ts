import { closeSync, existsSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import type { Clock } from '../../core/clock.ts';
import { errorMessage } from '../../core/errors.ts';
import type { Logger } from '../../core/logger.ts';
import { TextTail } from './text-tail.ts';

export type OutputStream = 'stdout' | 'stderr';

/** A longer line is written as several. */
const MAX_LINE_LENGTH = 64 * 1024;
export const TAIL_BYTES = 64 * 1024;

/** Where the older part of a log is once the file has become too big. */
export function rotatedLog(file: string): string {
  return `${file}.1`;
}

interface StreamState {
  decoder: StringDecoder;
  partial: string;
}

export interface ContainerLogOptions {
  file: string;
  /** Size from which the file becomes the rotated one, replacing the one before. */
  maxBytes: number;
  clock: Clock;
  logger: Logger;
}

/**
 * Writes what one start of a container puts out, as lines `<RFC 3339 time> <stream> <text>` in the order of arrival.
 * Writes are synchronous: they set the pace of reading, and what was read is on disk when the service is killed. A full
 * disk ends the log, not the container.
 */
export class ContainerLog {
  /** The newest lines, without time and stream. */
  readonly tail = new TextTail(TAIL_BYTES);
  readonly #options: ContainerLogOptions;
  readonly #streams: Record<OutputStream, StreamState> = { stdout: newStream(), stderr: newStream() };
  #descriptor: number | undefined;
  #bytes = 0;

  constructor(options: ContainerLogOptions) {
    this.#options = options;
    this.#attempt(() => {
      mkdirSync(path.dirname(options.file), { recursive: true });
      keepPrevious(options.file);
      this.#descriptor = openSync(options.file, 'w');
    });
  }

  write(stream: OutputStream, chunk: Uint8Array): void {
    const state = this.#streams[stream];
    const lines = (state.partial + state.decoder.write(Buffer.from(chunk))).split('\n');
    state.partial = lines.pop() ?? '';
    const pieces: string[] = [];
    for (const line of lines) splitLine(line, pieces);
    while (state.partial.length > MAX_LINE_LENGTH) {
      pieces.push(state.partial.slice(0, MAX_LINE_LENGTH));
      state.partial = state.partial.slice(MAX_LINE_LENGTH);
    }
    this.#append(stream, pieces);
  }

  /** Writes what came without a line end. */
  close(): void {
    for (const stream of ['stdout', 'stderr'] as const) {
      const state = this.#streams[stream];
      const rest = state.partial + state.decoder.end();
      state.partial = '';
      if (rest !== '') this.#append(stream, [rest]);
    }
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  #append(stream: OutputStream, lines: readonly string[]): void {
    if (lines.length === 0) return;
    const prefix = `${new Date(this.#options.clock.now()).toISOString()} ${stream} `;
    for (const line of lines) this.tail.push(line);
    const bytes = Buffer.from(lines.map((line) => `${prefix}${line}\n`).join(''));
    this.#attempt(() => {
      if (this.#bytes > 0 && this.#bytes + bytes.length > this.#options.maxBytes) this.#rotate();
      if (this.#descriptor !== undefined) writeFully(this.#descriptor, bytes);
      this.#bytes += bytes.length;
    });
  }

  #rotate(): void {
    if (this.#descriptor === undefined) return;
    closeSync(this.#descriptor);
    this.#descriptor = undefined;
    renameSync(this.#options.file, rotatedLog(this.#options.file));
    this.#descriptor = openSync(this.#options.file, 'w');
    this.#bytes = 0;
  }

  #attempt(write: () => void): void {
    try {
      write();
    } catch (error) {
      const { file, logger } = this.#options;
      logger.error('container log cannot be written', { file, error: errorMessage(error) });
      if (this.#descriptor !== undefined) closeSync(this.#descriptor);
      this.#descriptor = undefined;
    }
  }
}

function newStream(): StreamState {
  return { decoder: new StringDecoder('utf8'), partial: '' };
}

function splitLine(line: string, into: string[]): void {
  for (let from = 0; from === 0 || from < line.length; from += MAX_LINE_LENGTH) {
    into.push(line.slice(from, from + MAX_LINE_LENGTH));
  }
}

/** An earlier pod of the same name, or the same one before a crash, may have left a log: one of them is kept. */
function keepPrevious(file: string): void {
  if (existsSync(file)) renameSync(file, `${file}.previous`);
  rmSync(rotatedLog(file), { force: true });
}

function writeFully(descriptor: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length;) written += writeSync(descriptor, bytes, written);
}
