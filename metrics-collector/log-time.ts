const RFC3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;

const MAX_TIME_MS = 8.64e15;

/** Milliseconds since the epoch of an RFC 3339 time with up to nine digits after the second; null for anything else. */
export function parseRfc3339(text: string): number | null {
  if (!RFC3339.test(text)) return null;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : ms;
}

/** Katib's rule: the text before the first blank, where it is an RFC 3339 time. */
export function leadingTime(line: string): number | null {
  const blank = line.indexOf(' ');
  return blank < 20 ? null : parseRfc3339(line.slice(0, blank));
}

/** A time as JSON logs carry it: RFC 3339, or a number of seconds (with fraction), ms, µs or ns since the epoch. */
export function parseJsonTime(value: unknown): number | null {
  if (typeof value === 'string') return parseRfc3339(value);
  if (typeof value !== 'number') return null;
  const ms = value * millisecondsPerUnit(Math.abs(value));
  return Math.abs(ms) <= MAX_TIME_MS ? Math.round(ms) : null;
}

/** The unit follows from the size: 1e11 seconds are the year 5138, 1e11 milliseconds the year 1973. */
function millisecondsPerUnit(size: number): number {
  if (size < 1e11) return 1e3;
  if (size < 1e14) return 1;
  return size < 1e17 ? 1e-3 : 1e-6;
}
