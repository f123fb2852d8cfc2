/**
 * Goes through the lines of a block one after the other. Lines end with `\n`, `\r\n`, or `\r` alone; the last one may have
 * no end. Neither line ends that are far away nor a mixture of both make it look twice at the same characters.
 */
export interface BlockLines {
  /** To the next line; false where there is none. */
  next(): boolean;
  /** Where the line starts and ends in the block, without its line end. */
  readonly start: number;
  readonly end: number;
}

export function linesOfBlock(block: string): BlockLines {
  return new Lines(block);
}

class Lines implements BlockLines {
  start = 0;
  end = 0;
  readonly #block: string;
  #at = 0;
  #newline: number;
  #carriageReturn: number;

  constructor(block: string) {
    this.#block = block;
    this.#newline = this.#find('\n', 0);
    this.#carriageReturn = this.#find('\r', 0);
  }

  next(): boolean {
    const at = this.#at;
    const block = this.#block;
    if (at >= block.length) return false;
    if (this.#newline < at) this.#newline = this.#find('\n', at);
    if (this.#carriageReturn < at) this.#carriageReturn = this.#find('\r', at);
    this.start = at;
    if (this.#newline < this.#carriageReturn) {
      this.end = this.#newline;
      this.#at = this.end + 1;
    } else {
      this.end = this.#carriageReturn;
      this.#at = this.#newline === this.end + 1 ? this.end + 2 : this.end + 1;
    }
    return true;
  }

  #find(lineEnd: string, from: number): number {
    const at = this.#block.indexOf(lineEnd, from);
    return at < 0 ? this.#block.length : at;
  }
}
