import type { Cancel, Clock } from '../../core/clock.ts';
import { ClockHistory } from '../../core/clock-history.ts';

interface Timer {
  dueMs: number;
  callback: () => void;
}

/** A clock that moves only when told to. Timers run in order of their due time, then of their creation. */
export class FakeClock implements Clock {
  /** What no setting changes, and timers go by. */
  #nowMs: number;
  /** What setting the clock has added. */
  #setMs = 0;
  #stoodStillMs = 0;
  readonly #history: ClockHistory;
  readonly #timers = new Set<Timer>();

  constructor(startMs = Date.UTC(2026, 0, 1)) {
    this.#nowMs = startMs;
    this.#history = new ClockHistory(
      () => this.#nowMs + this.#setMs,
      () => this.elapsed(),
    );
  }

  now(): number {
    return this.#history.now();
  }

  elapsed(): number {
    return this.#nowMs - this.#stoodStillMs;
  }

  momentOf(timeMs: number): number {
    return this.#history.momentOf(timeMs);
  }

  /** Sets the clock forward, or back. No time passes. */
  set(byMs: number): void {
    this.#setMs += byMs;
  }

  /** The process is stopped for so long: what is due runs afterwards, and not at its time. */
  async standStill(ms: number): Promise<void> {
    this.#nowMs += ms;
    this.#stoodStillMs += ms;
    await this.advance(0);
  }

  after(ms: number, callback: () => void): Cancel {
    const timer = { dueMs: this.#nowMs + ms, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Timers that have not run yet. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Lets `ms` pass, running due timers, and gives promises the chance to continue after each of them. */
  async advance(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    await settle();
    for (;;) {
      const next = this.#nextDue(endMs);
      if (!next) break;
      this.#timers.delete(next);
      this.#nowMs = Math.max(this.#nowMs, next.dueMs);
      next.callback();
      await settle();
    }
    this.#nowMs = endMs;
    await settle();
  }

  #nextDue(endMs: number): Timer | undefined {
    let earliest: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.dueMs <= endMs && (!earliest || timer.dueMs < earliest.dueMs)) earliest = timer;
    }
    return earliest;
  }
}

/** Lets every continuation that is ready run: promises, then one turn of the event loop. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
