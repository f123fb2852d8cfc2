/** A smaller change is drift, which is followed; what is written down has whole seconds anyway. */
const STEP_MS = 1_000;
/** Times are written down without their fraction. */
const LOST_FRACTION_MS = 1_000;
const MAX_SETTINGS = 64;

/** How the clock was set from one moment of elapsed time on, until the next setting. */
interface Setting {
  readonly fromMs: number;
  /** What the clock showed beyond elapsed time. */
  offsetMs: number;
}

/**
 * Remembers how a clock was set while it was looked at, so that a time that it once showed can still be told in terms of
 * how it is set now. `elapsed` must never jump.
 */
export class ClockHistory {
  readonly #clock: () => number;
  readonly #elapsed: () => number;
  /** The latest first. */
  #settings: Setting[];
  /** Elapsed time of the last look. */
  #seenMs: number;

  constructor(clock: () => number, elapsed: () => number) {
    this.#clock = clock;
    this.#elapsed = elapsed;
    this.#seenMs = elapsed();
    this.#settings = [{ fromMs: -Infinity, offsetMs: clock() - this.#seenMs }];
  }

  now(): number {
    return this.#look().nowMs;
  }

  /** What the clock would have shown then, set as it is now; see Clock. Of two moments with the same time the later. */
  momentOf(timeMs: number): number {
    const { nowMs, offsetMs } = this.#look();
    let untilMs = this.#seenMs;
    for (const setting of this.#settings) {
      const atMs = timeMs - setting.offsetMs;
      if (atMs > setting.fromMs - LOST_FRACTION_MS && atMs <= untilMs)
        return Math.min(nowMs, timeMs + offsetMs - setting.offsetMs);
      untilMs = setting.fromMs;
    }
    return timeMs;
  }

  #look(): { nowMs: number; offsetMs: number } {
    const nowMs = this.#clock();
    this.#seenMs = this.#elapsed();
    const offsetMs = nowMs - this.#seenMs;
    const [latest] = this.#settings;
    if (latest && Math.abs(offsetMs - latest.offsetMs) < STEP_MS) latest.offsetMs = offsetMs;
    else this.#settings = [{ fromMs: this.#seenMs, offsetMs }, ...this.#settings].slice(0, MAX_SETTINGS);
    return { nowMs, offsetMs };
  }
}
