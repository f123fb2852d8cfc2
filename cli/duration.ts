const UNIT_MS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const PART = /(\d+(?:\.\d+)?)(ms|s|m|h|d)/gy;

/**
 * Milliseconds of a duration such as `90s`, `10m`, `2h` or `1h30m`; undefined where the text is none. Units are
 * required: a bare number would leave open which unit it means.
 */
export function parseDuration(text: string): number | undefined {
  let totalMs = 0;
  let end = 0;
  for (const match of text.matchAll(PART)) {
    const [whole, amount, unit] = match;
    totalMs += Number(amount) * (UNIT_MS[unit ?? ''] ?? Number.NaN);
    end = match.index + whole.length;
  }
  return text !== '' && end === text.length && totalMs > 0 ? totalMs : undefined;
}

/** A duration for people: `<1s`, `12s`, `3m 05s`, `2h 04m`. Times of objects are whole seconds: less would be a guess. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return '<1s';
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m ${pad(seconds % 60)}s`;
  return `${Math.floor(minutes / 60)}h ${pad(minutes % 60)}m`;
}

/** How long something took; `-` while it has not begun or not ended. */
export function formatTook(startedMs: number | null, completedMs: number | null): string {
  return startedMs === null || completedMs === null ? '-' : formatDuration(completedMs - startedMs);
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
