import { setImmediate } from 'node:timers/promises';
import { AsyncQueue } from './async-queue.ts';

/** Bytes that may wait for a slow reader before the writer is asked to pause. */
const HIGH_WATER_BYTES = 1024 * 1024;

/**
 * Carries a container's raw output to one reader with bounded memory: the writer waits for the reader. A reader that
 * leaves does not hold the writer up: what comes later is dropped.
 */
export class OutputPipe implements AsyncIterable<Uint8Array> {
  readonly #queue = new AsyncQueue<Uint8Array>();
  readonly #ended = new AbortController();
  #waitingBytes = 0;
  #drained: PromiseWithResolvers<undefined> | undefined;

  /** Aborted when the writer has ended, or the reader has left. */
  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  /** A promise where the writer should wait until it is settled. */
  write(chunk: Uint8Array): Promise<undefined> | undefined {
    if (this.ended.aborted) return undefined;
    this.#queue.push(chunk);
    this.#waitingBytes += chunk.length;
    if (this.#waitingBytes < HIGH_WATER_BYTES) return undefined;
    this.#drained ??= Promise.withResolvers<undefined>();
    return this.#drained.promise;
  }

  /** No more will be written. */
  end(): void {
    this.#queue.end();
    this.#ended.abort();
  }

  /** No more will be read. */
  cancel(): void {
    this.end();
    this.#queue.clear();
    this.#letWriterGoOn();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void> {
    try {
      for await (const chunk of this.#queue) {
        yield chunk;
        this.#waitingBytes -= chunk.length;
        if (this.#waitingBytes < HIGH_WATER_BYTES) this.#letWriterGoOn();
        // A reader that never has to wait would keep everything else from running until the pipe is empty.
        await setImmediate();
      }
    } finally {
      this.cancel();
    }
  }

  #letWriterGoOn(): void {
    this.#drained?.resolve(undefined);
    this.#drained = undefined;
  }
}
