import { parseTime } from '../../core/time.ts';

/** Milliseconds since the epoch; null where there is none. */
export function readTime(text: string | null | undefined): number | null {
  return text ? parseTime(text) : null;
}

/** Null where one of them is missing. */
export function secondsBetween(startMs: number | null, endMs: number | null): number | null {
  return startMs === null || endMs === null ? null : Math.max(0, endMs - startMs) / 1000;
}
