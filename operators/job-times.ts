import { parseTime } from '../core/time.ts';

/** Tells a written time by how the clock is set now: `Clock.momentOf`. */
export type MomentOf = (timeMs: number) => number;

/** For times that were written by the clock as it is now. */
export const asWritten: MomentOf = (timeMs) => timeMs;

/** When `seconds` after a status time have passed, in milliseconds since the epoch; undefined where either is missing. */
export function dueAtMs(
  time: string | null | undefined,
  seconds: number | null | undefined,
  momentOf: MomentOf = asWritten,
): number | undefined {
  if (time == null || seconds == null) return undefined;
  const startMs = parseTime(time);
  return Number.isNaN(startMs) ? undefined : momentOf(startMs) + seconds * 1000;
}

/** The earliest of several moments; undefined where there is none. */
export function earliest(...moments: (number | undefined)[]): number | undefined {
  const known = moments.filter((moment) => moment !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
