import type { Clock } from '../../core/clock.ts';
import { EXIT } from '../exit-code.ts';
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

/**
 * Listens for Ctrl-C, SIGTERM and the time-out. The first asks politely; a second Ctrl-C ends the process at once
 * (what it leaves behind is ended by the next start). A null time-out never passes.
 */
export function listenForStop(
  clock: Clock,
  timeoutMs: number | null,
  onAsked: (end: RunEnd) => void,
): StopRequest {
  const controller = new AbortController();
  let end: RunEnd = 'finished';
  const ask = (why: RunEnd): void => {
    if (controller.signal.aborted) return;
    end = why;
    onAsked(why);
    controller.abort();
  };
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    ask('interrupted');
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  const cancelTimeout = timeoutMs === null ? null : clock.after(timeoutMs, () => ask('timedOut'));
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
