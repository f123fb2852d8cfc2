/** Kubernetes' `metav1.Time`: RFC 3339 in UTC, whole seconds. */
export function rfc3339Seconds(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19)}Z`;
}

/** Milliseconds since the epoch, or NaN where the text is not a time. */
export function parseTime(text: string): number {
  return Date.parse(text);
}

/** `nowMs` as RFC 3339, or the time given where that is later: a clock that was set back must not let a thing end before it began. */
export function notBefore(time: string | null | undefined, nowMs: number): string {
  const startMs = parseTime(time ?? '');
  return rfc3339Seconds(Number.isNaN(startMs) ? nowMs : Math.max(startMs, nowMs));
}
