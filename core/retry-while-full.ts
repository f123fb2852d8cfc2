import { sleep, type Clock } from './clock.ts';
import { isDiskFull, type DiskSpace } from './disk-space.ts';
import { errorMessage } from './errors.ts';
import type { Logger } from './logger.ts';

const RETRY_MS = 1_000;

export interface RetryServices {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly space: DiskSpace;
}

/**
 * Does `work` again and again while a full disk refuses it; `what` names it in the log. Rejects with any other error, and
 * with the last refusal as soon as the signal is aborted. What `work` did before it failed must not matter.
 */
export async function retryWhileFull<T>(
  what: string,
  { clock, logger, space }: RetryServices,
  signal: AbortSignal,
  work: () => T | Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!isDiskFull(error) || signal.aborted) throw error;
      space.noteFull();
      if (attempt === 1)
        logger.warn('no room on the disk, trying again', { what, error: errorMessage(error) });
    }
    await sleep(clock, RETRY_MS, signal).catch(() => undefined);
  }
}
