import { sleep, type Clock } from '../core/clock.ts';

const POLL_INTERVAL_MS = 500;

/** Paces a loop that looks again and again: `while (await poll.next()) …`. */
export interface Poll {
  /**
   * True at once the first time, then after the interval or as soon as the writers have ended. False after the first
   * round that began when the writers had ended: that round has seen everything they wrote.
   */
  next(): Promise<boolean>;
}

export function createPoll(options: {
  clock: Clock;
  /** Aborted when nothing more is written. */
  ended: AbortSignal;
  /** Aborted when the loop must stop at once. */
  signal: AbortSignal;
  /** How long to wait for the next round, in milliseconds; half a second where absent. */
  intervalMs?: () => number;
}): Poll {
  const { clock, ended, signal, intervalMs = () => POLL_INTERVAL_MS } = options;
  const wake = AbortSignal.any([ended, signal]);
  let isFirst = true;
  let isLast = false;
  return {
    async next() {
      if (isLast) return false;
      if (!isFirst) await sleep(clock, intervalMs(), wake).catch(() => undefined);
      isFirst = false;
      isLast = ended.aborted;
      return !signal.aborted;
    },
  };
}
