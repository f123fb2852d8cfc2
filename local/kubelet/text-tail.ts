/** The last lines of a text, bounded in bytes. */
export class TextTail {
  readonly #maxBytes: number;
  #lines: string[] = [];
  #first = 0;
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  push(line: string): void {
    this.#lines.push(line);
    this.#bytes += Buffer.byteLength(line) + 1;
    while (this.#bytes > this.#maxBytes && this.#first < this.#lines.length - 1) {
      this.#bytes -= Buffer.byteLength(this.#lines[this.#first] ?? '') + 1;
      this.#first++;
    }
    // Removing lines one by one from the front would move all others each time.
    if (this.#first > 1_000 && this.#first * 2 > this.#lines.length) {
      this.#lines = this.#lines.slice(this.#first);
      this.#first = 0;
    }
  }

  /** At most the last `maxLines` lines and the last `maxBytes` bytes, without cutting a character. */
  last(maxLines = Number.POSITIVE_INFINITY, maxBytes = this.#maxBytes): string {
    const from = Math.max(this.#first, this.#lines.length - maxLines);
    return lastBytes(this.#lines.slice(from).join('\n'), maxBytes);
  }
}

function lastBytes(text: string, maxBytes: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= maxBytes) return text;
  let from = bytes.length - maxBytes;
  // Bytes 10xxxxxx continue a character that began before.
  while (((bytes[from] ?? 0) & 0xc0) === 0x80) from++;
  return bytes.toString('utf8', from);
}
