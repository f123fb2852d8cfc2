import { randomStream, type RandomStream } from '../core/random.ts';

/** How waiting grows with consecutive failures. */
export interface BackoffPolicy {
  /** Wait after the first failure, in milliseconds. */
  readonly baseMs: number;
  /** Longest wait, in milliseconds. */
  readonly capMs: number;
}

/**
 * Milliseconds to wait after `failures` consecutive failures (at least 1): the base doubles with each, up to the cap.
 * The upper half of the wait is random, so that those who failed together do not come back together.
 */
export function backoffMs(policy: BackoffPolicy, failures: number, random: RandomStream): number {
  const fullMs = Math.min(policy.capMs, policy.baseMs * 2 ** (failures - 1));
  return fullMs * (0.5 + 0.5 * random.next());
}

/** A stream that differs in every process: what jitter is for. */
export function processRandom(): RandomStream {
  return randomStream(`${process.pid}-${process.hrtime.bigint()}`);
}
