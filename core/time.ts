/** Kubernetes' `metav1.Time`: RFC 3339 in UTC, whole seconds. */
export function rfc3339Seconds(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19)}Z`;
}

/** Milliseconds since the epoch, or NaN where the text is not a time. */
export function parseTime(text: string): number {
  return Date.parse(text);
}
