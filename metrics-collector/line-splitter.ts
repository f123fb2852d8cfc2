import { isAscii } from 'node:buffer';

/** Characters of a line that are kept. What follows up to the line's end is dropped. */
export const MAX_LINE_LENGTH = 65_536;

/** A piece has no more characters than a line may have, so that only a line that goes on from before can be too long. */
const PIECE_BYTES = MAX_LINE_LENGTH;

const BYTE_ORDER_MARK = '\ufeff';

/** Turns chunks of bytes into blocks of whole lines. Where the chunks were cut makes no difference to the lines. */
export interface LineSplitter {
  /** The lines that `chunk` completes, with their ends; empty where it completes none. */
  push(chunk: Uint8Array): string;
  /** The last line, if the bytes did not end with a line end. */
  end(): string;
  /** How many lines were longer than `MAX_LINE_LENGTH`. */
  readonly cutLines: number;
}

/**
 * Lines end with `\n`, `\r\n`, or `\r` alone: each state of a progress bar is a line. Bytes that are not UTF-8 become
 * U+FFFD. Keeps at most one unfinished line.
 */
export function createLineSplitter(): LineSplitter {
  const decode = createDecoder();
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
  const wholeLines = (decoded: string): string => {
    if (decoded === '') return '';
    const text = afterCarriageReturn && decoded.startsWith('\n') ? decoded.slice(1) : decoded;
    afterCarriageReturn = decoded.endsWith('\r');
    const linesEnd = Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r')) + 1;
    if (linesEnd === 0) {
      append(text);
      return '';
    }
    let block = text.slice(0, linesEnd);
    if (unfinished !== '') {
      const firstEnd = firstLineEnd(text);
      append(text.slice(0, firstEnd));
      block = take() + block.slice(firstEnd);
    }
    append(text.slice(linesEnd));
    return block;
  };

  return {
    push(chunk) {
      if (chunk.length <= PIECE_BYTES) return wholeLines(decode(chunk));
      let block = '';
      for (let from = 0; from < chunk.length; from += PIECE_BYTES) {
        block += wholeLines(decode(chunk.subarray(from, from + PIECE_BYTES)));
      }
      return block;
    },
    end: () => wholeLines(decode(null)) + take(),
    get cutLines() {
      return cutLines;
    },
  };
}

function firstLineEnd(text: string): number {
  const newline = text.indexOf('\n');
  const carriageReturn = text.indexOf('\r');
  return newline < 0 || (carriageReturn >= 0 && carriageReturn < newline) ? carriageReturn : newline;
}

/** Decodes UTF-8 piece by piece, ASCII without looking at it twice. Null ends the stream. */
function createDecoder(): (bytes: Uint8Array | null) => string {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let isAtStart = true;
  let isInsideCharacter = false;
  const decoded = (bytes: Uint8Array): string => {
    if (!isInsideCharacter && isAscii(bytes)) {
      return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
    }
    isInsideCharacter = (bytes.at(-1) ?? 0) >= 0x80;
    return decoder.decode(bytes, { stream: true });
  };
  return (bytes) => {
    if (bytes === null) return decoder.decode();
    if (bytes.length === 0) return '';
    const text = decoded(bytes);
    if (!isAtStart || text === '') return text;
    isAtStart = false;
    return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
  };
}
