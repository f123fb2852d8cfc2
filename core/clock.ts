import { AwakeTime } from './awake-time.ts';
import { ClockHistory } from './clock-history.ts';

/** Time as a dependency, so that tests and simulations decide how fast it passes. */
export interface Clock {
  /** Milliseconds since the epoch, to be written down. Jumps when the machine's clock is set: not for measuring. */
  now(): number;
  /**
   * Milliseconds that this process has been awake, from some moment on. Never goes back and never jumps: neither the
   * setting of the machine's clock counts nor, where it is watched for, time for which the process was stopped.
   */
  elapsed(): number;
  /**
   * What `now()` would have given at a moment for which it gave `timeMs`, had the clock been set then as it is now, and
   * had the process not been stopped since: times that were written down can be compared with `now()` by it. A time that
   * this process has not seen is taken as it is.
   */
  momentOf(timeMs: number): number;
  /** Runs `callback` once after `ms`; the result cancels it. A cancelled or finished timer may be cancelled again. */
  after(ms: number, callback: () => void): Cancel;
}

export type Cancel = () => void;

const awake = new AwakeTime(() => performance.now());
const history = new ClockHistory(
  () => Date.now(),
  () => awake.elapsed(),
);

export const systemClock: Clock = {
  now: () => history.now(),
  elapsed: () => awake.elapsed(),
  momentOf: (timeMs) => history.momentOf(timeMs),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

/** From now on `systemClock` does not count time for which this process is stopped. Until the result is called. */
export function watchForStandstill(): Cancel {
  return awake.watch();
}

/** Resolves after `ms`, or rejects with the signal's reason as soon as it is aborted. */
export function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const rejectAborted = (): void => {
      cancel();
      reject(signal?.reason instanceof Error ? signal.reason : new Error('aborted'));
    };
    const cancel = clock.after(ms, () => {
      signal?.removeEventListener('abort', rejectAborted);
      resolve();
    });
    if (signal?.aborted) rejectAborted();
    else signal?.addEventListener('abort', rejectAborted, { once: true });
  });
}

/**
 * Runs `callback` once this process has been awake for `ms`. For whatever is ended when its time is up: after a standstill
 * it hears first what happened meanwhile.
 */
export function deadlineAfter(clock: Clock, ms: number, callback: () => void): Cancel {
  const endMs = clock.elapsed() + ms;
  let cancel: Cancel = () => undefined;
  const wait = (leftMs: number): void => {
    cancel = clock.after(leftMs, () => {
      const stillMs = endMs - clock.elapsed();
      if (stillMs > 0) wait(stillMs);
      else callback();
    });
  };
  wait(ms);
  return () => cancel();
}
