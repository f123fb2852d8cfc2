import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeFrame, frameDecoder, message, MESSAGE_KINDS } from '../../../examples/digits/network/wire.ts';

const messages = fc.array(
  fc
    .tuple(fc.constantFrom(...MESSAGE_KINDS), fc.float32Array({ maxLength: 20 }))
    .map(([kind, values]) => message(kind, values)),
  { maxLength: 6 },
);

describe('frameDecoder', () => {
  it('gives back every message, in whatever pieces its bytes come', () => {
    fc.assert(
      fc.property(messages, fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), (sent, sizes) => {
        const decode = frameDecoder();
        const bytes = Buffer.concat(sent.map(encodeFrame));
        const received = [];
        for (let start = 0, turn = 0; start < bytes.length; turn += 1) {
          const end = start + (sizes[turn % sizes.length] ?? 1);
          received.push(...decode(bytes.subarray(start, end)));
          start = end;
        }
        expect(received).toEqual(sent);
      }),
    );
  });

  it.each([
    ['an unknown kind', Buffer.from([0, 0, 0, 0, 99, 0, 0, 0])],
    ['a length that is no multiple of a float', Buffer.from([3, 0, 0, 0, 0, 0, 0, 0])],
    ['another protocol', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
  ])('refuses %s', (_, bytes) => {
    expect(() => frameDecoder()(bytes)).toThrow('does not speak the protocol');
  });
});
