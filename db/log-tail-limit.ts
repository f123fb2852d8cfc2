/** What the log tails of one trial may take in all, in bytes; the oldest give way. */
export const LOG_TAIL_BYTES = 262_144;

/** What a tail counts for besides its text, so that empty ones do not pile up either. */
export const LOG_TAIL_OVERHEAD_BYTES = 256;

/** The end of `text` that fits in `maxBytes` of UTF-8, beginning with a whole character. */
export function lastBytes(text: string, maxBytes: number): string {
  // A character takes at most three bytes per UTF-16 unit: short texts need no look.
  if (text.length * 3 <= maxBytes) return text;
  const bytes = new TextEncoder().encode(text);
  if (bytes.length <= maxBytes) return text;
  let start = bytes.length - maxBytes;
  while (((bytes[start] ?? 0) & 0xc0) === 0x80) start++;
  return new TextDecoder().decode(bytes.subarray(start));
}
