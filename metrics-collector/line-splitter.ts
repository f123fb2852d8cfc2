/** Characters of a line that are kept. What follows up to the line's end is dropped. */
export const MAX_LINE_LENGTH = 65_536;

const LINE_END = /\r\n|\r|\n/;

/** Turns chunks of bytes into lines. Where the chunks were cut makes no difference. */
export interface LineSplitter {
  /** The lines that `chunk` completes, without their ends. */
  push(chunk: Uint8Array): string[];
  /** The last line, if the bytes did not end with a line end. */
  end(): string[];
  /** How many lines were longer than `MAX_LINE_LENGTH`. */
  readonly cutLines: number;
}

/**
 * Lines end with `\n`, `\r\n`, or `\r` alone: each state of a progress bar is a line. Bytes that are not UTF-8 become
 * U+FFFD. Keeps at most one unfinished line.
 */
export function createLineSplitter(): LineSplitter {
  const decoder = new TextDecoder('utf-8');
  let unfinished = '';
  let unfinishedIsCut = false;
  let afterCarriageReturn = false;
  let cutLines = 0;

  const append = (part: string): void => {
    unfinished += part.slice(0, MAX_LINE_LENGTH - unfinished.length + 1);
    if (unfinished.length <= MAX_LINE_LENGTH) return;
    unfinished = unfinished.slice(0, MAX_LINE_LENGTH);
    unfinishedIsCut = true;
  };
  const take = (): string => {
    const line = unfinished;
    if (unfinishedIsCut) cutLines++;
    unfinished = '';
    unfinishedIsCut = false;
    return line;
  };
  const split = (decoded: string): string[] => {
    if (decoded === '') return [];
    const text = afterCarriageReturn && decoded.startsWith('\n') ? decoded.slice(1) : decoded;
    afterCarriageReturn = decoded.endsWith('\r');
    const parts = text.split(LINE_END);
    return parts.flatMap((part, at) => {
      append(part);
      return at < parts.length - 1 ? [take()] : [];
    });
  };

  return {
    push: (chunk) => split(decoder.decode(chunk, { stream: true })),
    end() {
      const lines = split(decoder.decode());
      return unfinished === '' ? lines : [...lines, take()];
    },
    get cutLines() {
      return cutLines;
    },
  };
}
