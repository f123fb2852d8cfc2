/** Time as a dependency, so that tests and simulations decide how fast it passes. */
export interface Clock {
  /** Milliseconds since the epoch. May jump when the machine's clock is set. */
  now(): number;
  /** Runs `callback` once after `ms`; the result cancels it. A cancelled or finished timer may be cancelled again. */
  after(ms: number, callback: () => void): Cancel;
}

export type Cancel = () => void;

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

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
