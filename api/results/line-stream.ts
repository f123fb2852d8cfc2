import { Readable } from 'node:stream';

/** Lines go out in pieces of about this many characters: one write for each would cost more than the line. */
const PIECE_LENGTH = 64 * 1024;

/** The texts one after the other, read only as fast as the client takes them. */
export function textStream(texts: AsyncIterable<string>): Readable {
  return Readable.from(inPieces(texts), { objectMode: false });
}

async function* inPieces(texts: AsyncIterable<string>): AsyncGenerator<string> {
  let piece = '';
  for await (const text of texts) {
    piece += text;
    if (piece.length < PIECE_LENGTH) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}
