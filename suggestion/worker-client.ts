import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { errorMessage } from '../core/errors.ts';
import type { Logger } from '../core/logger.ts';
import { workerEnvironment } from './worker-environment.ts';
import type { ForgetMessage, FromWorker, SuggestMessage } from './worker-protocol.ts';

/** Beside this file, TypeScript or compiled as this file is. */
const WORKER_FILE = new URL(`./search-worker${extname(import.meta.url)}`, import.meta.url);

/** The worker thread ended before it answered, and with it all that it was told. */
export class WorkerLostError extends Error {
  override readonly name = 'WorkerLostError';
}

interface Waiting {
  resolve: (reply: FromWorker) => void;
  reject: (error: Error) => void;
}

/**
 * One worker thread, started when it is first needed and again after it was lost. It keeps the process alive only
 * while an answer is awaited.
 */
export class WorkerClient {
  readonly #logger: Logger;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #closed = false;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** WorkerLostError when the thread ends first, or when the client is closed. */
  request(message: SuggestMessage): Promise<FromWorker> {
    if (this.#closed) return Promise.reject(new WorkerLostError('the suggestion service is closed'));
    const worker = (this.#worker ??= this.#start());
    return new Promise((resolve, reject) => {
      this.#waiting.set(message.requestId, { resolve, reject });
      worker.ref();
      const { points, rows, states, values } = message.delta;
      worker.postMessage(message, [points.buffer, rows.buffer, states.buffer, values.buffer]);
    });
  }

  forget(message: ForgetMessage): void {
    this.#worker?.postMessage(message);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#worker?.terminate();
  }

  #start(): Worker {
    // Flags of this process (a loader, an inspector) are not meant for the thread.
    const worker = new Worker(WORKER_FILE, {
      name: 'katydid-search',
      execArgv: [],
      env: workerEnvironment(),
    });
    let cause = 'it ended';
    worker.on('message', (reply: FromWorker) => this.#settle(worker, reply));
    worker.on('error', (error) => (cause = errorMessage(error)));
    worker.on('exit', () => this.#lose(cause));
    worker.unref();
    return worker;
  }

  #settle(worker: Worker, reply: FromWorker): void {
    this.#waiting.get(reply.requestId)?.resolve(reply);
    this.#waiting.delete(reply.requestId);
    if (this.#waiting.size === 0) worker.unref();
  }

  #lose(cause: string): void {
    this.#worker = undefined;
    if (!this.#closed) this.#logger.warn('search worker lost', { error: cause, waiting: this.#waiting.size });
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(new WorkerLostError(`the search worker was lost: ${cause}`));
  }
}
