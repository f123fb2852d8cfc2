import { parseTime } from '../core/time.ts';

/** When `seconds` after a status time have passed, in milliseconds since the epoch; undefined where either is missing. */
export function dueAtMs(
  time: string | null | undefined,
  seconds: number | null | undefined,
): number | undefined {
  if (time == null || seconds == null) return undefined;
  const startMs = parseTime(time);
  return Number.isNaN(startMs) ? undefined : startMs + seconds * 1000;
}

/** The earliest of several moments; undefined where there is none. */
export function earliest(...moments: (number | undefined)[]): number | undefined {
  const known = moments.filter((moment) => moment !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
