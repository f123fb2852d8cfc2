import { AsyncQueue } from './async-queue.ts';
import { OutputPipe } from './output-pipe.ts';

/** One start of a container and what it puts out. */
export interface TappedStart {
  restartCount: number;
  output: OutputPipe;
}

/** Where a collector receives the output of one container: a pipe for each time that it is started. */
export class OutputTap implements AsyncIterable<TappedStart> {
  readonly #starts = new AsyncQueue<TappedStart>();
  #open = true;
  #current: OutputPipe | undefined;

  /** Undefined where nobody reads any more. */
  start(restartCount: number): OutputPipe | undefined {
    if (!this.#open) return undefined;
    this.#current = new OutputPipe();
    this.#starts.push({ restartCount, output: this.#current });
    return this.#current;
  }

  /** The container will not be started again. */
  end(): void {
    this.#open = false;
    this.#starts.end();
  }

  /** The collector has left: the container must not wait for it. */
  cancel(): void {
    this.end();
    this.#current?.cancel();
  }

  [Symbol.asyncIterator](): AsyncIterator<TappedStart> {
    return this.#starts[Symbol.asyncIterator]();
  }
}
