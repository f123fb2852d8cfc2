import { deadlineAfter, type Clock } from '../../core/clock.ts';
import type { RunEnd } from './report.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Why a run should end before its experiments are finished. */
export interface StopRequest {
  /** Aborted at the first request. */
  readonly signal: AbortSignal;
  /** What was asked for; `finished` while nothing was. */
  readonly end: RunEnd;
  /** Gives the signals back. */
  dispose(): void;
}

export interface StopListener {
  /** The first request, which asks politely. */
  onAsked(end: Exclude<RunEnd, 'finished'>): void;
  /** A signal after it, by somebody who does not want to wait. */
  onImpatient(): void;
}

/** Listens for Ctrl-C, SIGTERM, the end of the terminal, and the time-out. A null time-out never passes. */
export function listenForStop(clock: Clock, timeoutMs: number | null, listener: StopListener): StopRequest {
  const controller = new AbortController();
  let end: RunEnd = 'finished';
  const ask = (why: Exclude<RunEnd, 'finished'>): void => {
    if (controller.signal.aborted) return;
    end = why;
    listener.onAsked(why);
    controller.abort();
  };
  const onSignal = (): void => {
    if (controller.signal.aborted) listener.onImpatient();
    else ask('interrupted');
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  const cancelTimeout = timeoutMs === null ? null : deadlineAfter(clock, timeoutMs, () => ask('timedOut'));
  return {
    signal: controller.signal,
    get end() {
      return end;
    },
    dispose() {
      for (const signal of SIGNALS) process.off(signal, onSignal);
      cancelTimeout?.();
    },
  };
}
