import { StringDecoder } from 'node:string_decoder';
import type { Clock } from '../../core/clock.ts';
import { LogFile, type LogFileOptions } from './log-file.ts';
import { onAbort } from './stop-request.ts';
import { TextTail } from './text-tail.ts';

export type OutputStream = 'stdout' | 'stderr';

/** A longer line is written as several. */
const MAX_LINE_LENGTH = 64 * 1024;
export const TAIL_BYTES = 64 * 1024;

interface StreamState {
  decoder: StringDecoder;
  partial: string;
}

/**
 * Writes what one start of a container puts out, as lines `<RFC 3339 time> <stream> <text>` in the order of arrival.
 * Writes are synchronous: they set the pace of reading, and what was read is on disk when the service is killed. A full
 * disk holds the container up once much waits for room; what else keeps the log from being written does not.
 */
export class ContainerLog {
  /** The newest lines, without time and stream. */
  readonly tail = new TextTail(TAIL_BYTES);
  readonly #file: LogFile;
  readonly #clock: Clock;
  readonly #streams: Record<OutputStream, StreamState> = { stdout: newStream(), stderr: newStream() };

  constructor(options: LogFileOptions) {
    this.#clock = options.clock;
    this.#file = new LogFile(options);
  }

  /** A promise, where the container should be held up until it is settled. */
  get heldUp(): Promise<unknown> | undefined {
    return this.#file.heldUp;
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

  /** Ends as `close` does, but waits before until everything is written or the signal is aborted. */
  async finish(signal: AbortSignal): Promise<void> {
    this.#writeRests();
    await untilAborted(this.#file.written(), signal);
    this.#file.close();
  }

  /** What waits for room on the disk is lost. May be called again. */
  close(): void {
    this.#writeRests();
    this.#file.close();
  }

  /** What came without a line end. */
  #writeRests(): void {
    for (const stream of ['stdout', 'stderr'] as const) {
      const state = this.#streams[stream];
      const rest = state.partial + state.decoder.end();
      state.partial = '';
      if (rest !== '') this.#append(stream, [rest]);
    }
  }

  #append(stream: OutputStream, lines: readonly string[]): void {
    if (lines.length === 0) return;
    const prefix = `${new Date(this.#clock.now()).toISOString()} ${stream} `;
    for (const line of lines) this.tail.push(line);
    this.#file.append(Buffer.from(lines.map((line) => `${prefix}${line}\n`).join('')));
  }
}

function untilAborted(promise: Promise<unknown>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const forget = onAbort(signal, resolve);
    void promise.then(() => {
      forget();
      resolve();
    });
  });
}

function newStream(): StreamState {
  return { decoder: new StringDecoder('utf8'), partial: '' };
}

function splitLine(line: string, into: string[]): void {
  for (let from = 0; from === 0 || from < line.length; from += MAX_LINE_LENGTH) {
    into.push(line.slice(from, from + MAX_LINE_LENGTH));
  }
}
