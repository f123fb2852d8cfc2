import type { Cancel, Clock } from '../core/clock.ts';
import type { RandomStream } from '../core/random.ts';
import { backoffMs, processRandom, type BackoffPolicy } from './backoff.ts';

const DEFAULT_BACKOFF: BackoffPolicy = { baseMs: 5, capMs: 60_000 };

interface DelayedKey {
  dueMs: number;
  cancel: Cancel;
}

/**
 * The queue between events and reconciles. A key waits at most once, however often it is added, and is never handed
 * out twice at the same time: added while it is being processed, it waits again as soon as that has ended.
 *
 * Every key that `take` returned must come back through `done`.
 */
export class WorkQueue {
  readonly #clock: Clock;
  readonly #random: RandomStream;
  readonly #backoff: BackoffPolicy;
  readonly #ready: string[] = [];
  /** Keys in `#ready`, and those that go there when their processing ends. */
  readonly #wanted = new Set<string>();
  readonly #processing = new Set<string>();
  readonly #delayed = new Map<string, DelayedKey>();
  readonly #failures = new Map<string, number>();
  readonly #takers: ((key: string | undefined) => void)[] = [];
  #closed = false;

  constructor(options: { clock: Clock; random?: RandomStream; backoff?: BackoffPolicy }) {
    this.#clock = options.clock;
    this.#random = options.random ?? processRandom();
    this.#backoff = options.backoff ?? DEFAULT_BACKOFF;
  }

  /** Keys that wait to be taken; delayed ones and those being processed do not count. */
  get length(): number {
    return this.#ready.length;
  }

  /** Wants the key processed. Ignored after `shutDown`. */
  add(key: string): void {
    if (this.#closed || this.#wanted.has(key)) return;
    this.#wanted.add(key);
    if (!this.#processing.has(key)) this.#makeReady(key);
  }

  /** Adds the key when `ms` have passed. Of several delays for one key the earliest counts. */
  addAfter(key: string, ms: number): void {
    if (this.#closed) return;
    if (ms <= 0) {
      this.add(key);
      return;
    }
    const dueMs = this.#clock.elapsed() + ms;
    const pending = this.#delayed.get(key);
    if (pending && pending.dueMs <= dueMs) return;
    pending?.cancel();
    const cancel = this.#clock.after(ms, () => {
      this.#delayed.delete(key);
      this.add(key);
    });
    this.#delayed.set(key, { dueMs, cancel });
  }

  /** Adds the key after a wait that grows with its failures since the last `forget`. Returns the wait in ms. */
  retry(key: string): number {
    const failures = (this.#failures.get(key) ?? 0) + 1;
    this.#failures.set(key, failures);
    const delayMs = backoffMs(this.#backoff, failures, this.#random);
    this.addAfter(key, delayMs);
    return delayMs;
  }

  /** Ends the key's series of failures. */
  forget(key: string): void {
    this.#failures.delete(key);
  }

  /** The next key, as soon as there is one; undefined once the queue is shut down. */
  take(): Promise<string | undefined> {
    if (this.#closed) return Promise.resolve(undefined);
    const key = this.#ready.shift();
    if (key === undefined) return new Promise((resolve) => this.#takers.push(resolve));
    this.#start(key);
    return Promise.resolve(key);
  }

  /** Ends the processing of a key that `take` returned. */
  done(key: string): void {
    this.#processing.delete(key);
    if (this.#wanted.has(key) && !this.#closed) this.#makeReady(key);
  }

  /** Drops everything that waits and lets every present and later `take` return undefined. */
  shutDown(): void {
    this.#closed = true;
    for (const { cancel } of this.#delayed.values()) cancel();
    this.#delayed.clear();
    this.#ready.length = 0;
    this.#wanted.clear();
    for (const resolve of this.#takers.splice(0)) resolve(undefined);
  }

  #makeReady(key: string): void {
    const taker = this.#takers.shift();
    if (!taker) {
      this.#ready.push(key);
      return;
    }
    this.#start(key);
    taker(key);
  }

  #start(key: string): void {
    this.#wanted.delete(key);
    this.#processing.add(key);
  }
}
