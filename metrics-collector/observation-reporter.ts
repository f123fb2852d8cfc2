import { sleep, type Cancel, type Clock } from '../core/clock.ts';
import { isDiskFull } from '../core/disk-space.ts';
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
/** A disk that is full costs nobody anything to ask, and may have room for a moment only. */
const FULL_RETRY_MS = 1_000;

export interface ReporterOptions {
  source: ObservationSource;
  sink: ObservationSink;
  clock: Clock;
  logger: Logger;
  /** Aborted: nothing more is sent, and waiting calls reject with `notReported`. */
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
  let inFlight = 0;
  let sending: Promise<void> | null = null;
  let cancelTimer: Cancel | null = null;

  const sendDownTo = async (rest: number): Promise<void> => {
    while (waiting.length > rest) {
      // Taken out before it is sent: whatever the sink answers, the loop comes to an end.
      const batch = waiting.splice(0, MAX_BATCH);
      inFlight = batch.length;
      await untilTaken(options, () => sink.report(source, batch)).finally(() => (inFlight = 0));
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
      if (options.signal.aborted) throw notReported();
      for (const observation of observations) waiting.push(observation);
      if (!sending) scheduleSend();
      while (waiting.length + inFlight >= MAX_WAITING) await send(MAX_BATCH - 1);
    },
    async finish(report) {
      // The first call also waits for what is being sent already.
      do await send(0);
      while (waiting.length > 0);
      await untilTaken(options, () => sink.finish(source, report));
    },
  };
}

/** What a source that had to end too early says; `refusal` is the sink's last answer, where it refused. */
export function notReported(refusal?: unknown): Error {
  const why = refusal === undefined ? '' : ` The store said last: ${errorMessage(refusal)}`;
  return new Error(`It was ended before everything was reported.${why}`, { cause: refusal });
}

/**
 * Repeats `call` until it succeeds, with growing pauses unless a full disk is why it fails; rejects as soon as the signal
 * is aborted.
 */
async function untilTaken(
  { clock, logger, signal }: ReporterOptions,
  call: () => Promise<void>,
): Promise<void> {
  let refusal: unknown;
  let growingMs = FIRST_RETRY_MS;
  for (;;) {
    if (signal.aborted) throw notReported(refusal);
    try {
      await call();
      return;
    } catch (error) {
      if (refusal === undefined || errorMessage(refusal) !== errorMessage(error))
        logger.warn('observations not taken, trying again', { error: errorMessage(error) });
      refusal = error;
    }
    await sleep(clock, isDiskFull(refusal) ? FULL_RETRY_MS : growingMs, signal).catch(() => undefined);
    growingMs = Math.min(2 * growingMs, LAST_RETRY_MS);
  }
}
