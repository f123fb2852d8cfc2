const BEAT_MS = 500;
/** A beat that comes later than this was kept from coming: the process was stopped, or busy and deaf for as long. */
const STANDSTILL_MS = 2_500;

/** Measures how long this process has been awake, from a clock that is never set. */
export class AwakeTime {
  readonly #monotonic: () => number;
  #watchers = 0;
  #beat: ReturnType<typeof setInterval> | undefined;
  /** The last beat. */
  #seenMs: number;
  /** When it was last asked for. */
  #askedMs: number;
  #stoodStillMs = 0;

  constructor(monotonic: () => number) {
    this.#monotonic = monotonic;
    this.#askedMs = this.#seenMs = monotonic();
  }

  /** Milliseconds; a standstill counts only where nobody watches for it. */
  elapsed(): number {
    const nowMs = this.#monotonic();
    if (this.#watchers > 0 && nowMs - this.#seenMs > STANDSTILL_MS) {
      this.#stoodStillMs += nowMs - Math.max(this.#seenMs, this.#askedMs);
      this.#seenMs = nowMs;
    }
    this.#askedMs = nowMs;
    return nowMs - this.#stoodStillMs;
  }

  /** Watches for standstills until the result is called. Keeps no process from ending. */
  watch(): () => void {
    this.#watchers++;
    this.#seenMs = this.#monotonic();
    this.#beat ??= this.#startBeat();
    let isWatching = true;
    return () => {
      if (!isWatching) return;
      isWatching = false;
      this.#watchers--;
      if (this.#watchers > 0) return;
      clearInterval(this.#beat);
      this.#beat = undefined;
    };
  }

  #startBeat(): ReturnType<typeof setInterval> {
    const beat = setInterval(() => {
      this.elapsed();
      this.#seenMs = this.#monotonic();
    }, BEAT_MS);
    beat.unref();
    return beat;
  }
}
