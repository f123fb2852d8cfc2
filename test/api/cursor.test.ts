import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cursorCodec } from '../../api/list/cursor.ts';
import { Problem } from '../../api/problem/problem.ts';
import '../support/property-seed.ts';

const KEY = Buffer.alloc(32, 'k');
const codec = cursorCodec(KEY, ['trials', '', '']);
const value = fc.oneof(fc.double(), fc.integer(), fc.string({ unit: 'binary' }), fc.constant(null));

describe('a cursor', () => {
  it('gives back what it was made of, NaN and the infinities included', () => {
    fc.assert(
      fc.property(fc.array(value), (keys) => {
        expect(codec.decode(codec.encode(keys))).toEqual(keys.map((key) => (Object.is(key, -0) ? 0 : key)));
      }),
    );
  });

  it('is refused for another list, with another key, changed, or made up', () => {
    const cursor = codec.encode(['a', 1]);
    const flipped = `${cursor.slice(0, 3)}${cursor[3] === 'A' ? 'B' : 'A'}${cursor.slice(4)}`;
    for (const other of [
      cursorCodec(KEY, ['trials', 'x = 1', '']),
      cursorCodec(Buffer.alloc(32, 'j'), ['trials', '', '']),
    ]) {
      expect(() => other.decode(cursor)).toThrow(Problem);
    }
    for (const text of ['', '.', cursor.slice(0, -1), `${cursor}.`, `${cursor}A`, flipped]) {
      expect(() => codec.decode(text)).toThrow(Problem);
    }
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (left, right) => {
        expect(() => codec.decode(`${left}.${right}`)).toThrow(Problem);
      }),
    );
  });
});
