import { sleep, type Cancel, type Clock } from '../core/clock.ts';
import { errorMessage } from '../core/errors.ts';
import type { Logger } from '../core/logger.ts';
import type {
  CollectionReport,
  Observation,
  ObservationSink,
  ObservationSource,
} from '../core/observation.ts';

const MAX_BATCH = 1_000;
const REPORT_INTERVAL_MS = 500;
/** More than this waiting to be sent makes `add` wait: a sink that is away must not fill the memory. */
const MAX_WAITING = 10_000;
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 30_000;

export interface ReporterOptions {
  source: ObservationSource;
  sink: ObservationSink;
  clock: Clock;
  logger: Logger;
  /** Aborted: nothing more is sent, and waiting calls reject. */
  signal: AbortSignal;
}

/** Sends observations in order and in batches, again and again until the sink has taken them. */
export interface ObservationReporter {
  /** Forgets what the source reported in an earlier life. */
  discard(): Promise<void>;
  /** Takes observations; waits while too many are unsent. */
  add(observations: readonly Observation[]): Promise<void>;
  /** Sends the rest at once, then the report. To be called once, at the end. */
  finish(report: CollectionReport): Promise<void>;
}

export function createObservationReporter(options: ReporterOptions): ObservationReporter {
  const { source, sink, clock } = options;
  const waiting: Observation[] = [];
  let sending: Promise<void> | null = null;
  let cancelTimer: Cancel | null = null;

  const sendDownTo = async (rest: number): Promise<void> => {
    while (waiting.length > rest) {
      const batch = waiting.slice(0, MAX_BATCH);
      await untilTaken(options, () => sink.report(source, batch));
      waiting.splice(0, batch.length);
    }
  };
  /** Starts to send unless it is going on already; what is left over is sent after the interval. */
  const send = (rest: number): Promise<void> => {
    cancelTimer?.();
    cancelTimer = null;
    sending ??= sendDownTo(rest).finally(() => {
      sending = null;
      scheduleSend();
    });
    return sending;
  };
  const scheduleSend = (): void => {
    if (waiting.length === 0 || options.signal.aborted) return;
    // A rejection means that the signal was aborted: `add` and `finish` say so to their callers.
    const sendQuietly = (rest: number): void => void send(rest).catch(() => undefined);
    if (waiting.length >= MAX_BATCH) sendQuietly(MAX_BATCH - 1);
    else cancelTimer ??= clock.after(REPORT_INTERVAL_MS, () => sendQuietly(0));
  };

  options.signal.addEventListener('abort', () => cancelTimer?.(), { once: true });

  return {
    discard: () => untilTaken(options, () => sink.discard(source)),
    async add(observations) {
      options.signal.throwIfAborted();
      for (const observation of observations) waiting.push(observation);
      if (!sending) scheduleSend();
      while (waiting.length >= MAX_WAITING) await send(MAX_BATCH - 1);
    },
    async finish(report) {
      while (waiting.length > 0) await send(0);
      await untilTaken(options, () => sink.finish(source, report));
    },
  };
}

/** Repeats `call` with growing pauses until it succeeds; rejects as soon as the signal is aborted. */
async function untilTaken(
  { clock, logger, signal }: ReporterOptions,
  call: () => Promise<void>,
): Promise<void> {
  for (let pauseMs = FIRST_RETRY_MS; ; pauseMs = Math.min(2 * pauseMs, LAST_RETRY_MS)) {
    signal.throwIfAborted();
    try {
      await call();
      return;
    } catch (error) {
      logger.warn('observations not taken, trying again', { error: errorMessage(error), pauseMs });
    }
    await sleep(clock, pauseMs, signal);
  }
}
