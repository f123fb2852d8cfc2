import type { Clock } from '../../core/clock.ts';

/** Lets a loop sleep until something has changed. */
export interface WakeUp {
  /** Something has changed: ends the sleep, or the next one before it begins. */
  readonly call: () => void;
  /** Resolves after `ms`, or earlier when called. */
  sleep(ms: number): Promise<void>;
}

export function wakeUp(clock: Clock): WakeUp {
  let isCalled = false;
  let wake: () => void = () => undefined;
  return {
    call: () => {
      isCalled = true;
      wake();
    },
    async sleep(ms) {
      if (!isCalled) {
        await new Promise<void>((resolve) => {
          const cancel = clock.after(ms, resolve);
          wake = () => {
            cancel();
            resolve();
          };
        });
      }
      isCalled = false;
      wake = () => undefined;
    },
  };
}
