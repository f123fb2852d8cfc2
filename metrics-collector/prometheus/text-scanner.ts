/** Reads a text from left to right. */
export class TextScanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#text.length;
  }

  /** The character read last; empty at the beginning. */
  get previous(): string {
    return this.#text[this.#at - 1] ?? '';
  }

  skipBlanks(): void {
    while (this.#text[this.#at] === ' ' || this.#text[this.#at] === '\t') this.#at++;
  }

  isAt(character: string): boolean {
    return this.#text[this.#at] === character;
  }

  /** Whether `character` was there; then it is read. */
  take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  /** What a sticky expression finds here, or null. */
  match(sticky: RegExp): string | null {
    sticky.lastIndex = this.#at;
    const found = sticky.exec(this.#text)?.[0];
    if (found === undefined) return null;
    this.#at += found.length;
    return found;
  }

  /** A text in double quotes, with `\\`, `\"` and `\n` taken for what they stand for; null where there is none. */
  quoted(): string | null {
    if (!this.take('"')) return null;
    let unquoted = '';
    for (let from = this.#at; this.#at < this.#text.length; this.#at++) {
      const character = this.#text[this.#at];
      if (character === '"') return unquoted + this.#text.slice(from, this.#at++);
      if (character !== '\\') continue;
      const escape = unescaped(this.#text[this.#at + 1] ?? '');
      unquoted += this.#text.slice(from, this.#at) + escape;
      from = this.#at + 2;
      this.#at++;
    }
    return null;
  }
}

/** Other escapes do not exist; they are left as they stand. */
function unescaped(character: string): string {
  if (character === 'n') return '\n';
  return character === '"' || character === '\\' ? character : `\\${character}`;
}
