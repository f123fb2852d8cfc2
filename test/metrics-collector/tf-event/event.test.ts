import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readEvent } from '../../../metrics-collector/tf-event/event.ts';
import { MalformedMessage } from '../../../core/protobuf.ts';
import { bytes, double, encodeEvent, float, message, utf8, varint } from '../../support/tf-event-writer.ts';

const TIME = 1_767_225_600.123456;

/** A TensorProto of this DataType, with a shape without dimensions. */
function tensor(dtype: number, ...fields: Parameters<typeof message>): Uint8Array {
  return message([1, 'varint', dtype], [2, 'bytes', new Uint8Array(0)], ...fields);
}

function scalarOf(content: Uint8Array): number | undefined {
  const event = encodeEvent({ wallTimeSeconds: TIME, step: 1, values: [{ tag: 'loss', tensor: content }] });
  return readEvent(event).scalars[0]?.value;
}

describe('readEvent', () => {
  it('gives time, step and all scalars', () => {
    const values = [
      { tag: 'loss', simpleValue: 0.5 },
      { tag: 'acc', tensor: tensor(1, [5, 'fixed32', float(0.9)]) },
    ];
    expect(readEvent(encodeEvent({ wallTimeSeconds: TIME, step: 300, values }))).toEqual({
      timeMs: 1_767_225_600_123,
      step: 300,
      scalars: [
        { tag: 'loss', value: 0.5 },
        { tag: 'acc', value: 0.9 },
      ],
    });
  });

  it('gives no scalars for other events', () => {
    expect(
      readEvent(message([1, 'fixed64', double(TIME)], [3, 'bytes', utf8('brain.Event:2')])),
    ).toMatchObject({
      scalars: [],
    });
    expect(readEvent(message([4, 'bytes', utf8('graph')], [99, 'varint', 1])).scalars).toEqual([]);
  });

  it.each([0.9, 0.1, 1e-7, 123456.79, 16_777_216, 0, -0.3, NaN, Infinity, -Infinity])(
    'gives a 32-bit %d as people wrote it',
    (value) => {
      const event = encodeEvent({
        wallTimeSeconds: TIME,
        step: 1,
        values: [{ tag: 'x', simpleValue: value }],
      });
      expect(readEvent(event).scalars[0]?.value).toBe(value);
    },
  );

  it.each([
    ['float', tensor(1, [5, 'fixed32', float(0.9)]), 0.9],
    ['packed float', tensor(1, [5, 'bytes', float(0.9)]), 0.9],
    ['float content', tensor(1, [4, 'bytes', float(0.9)]), 0.9],
    ['double', tensor(2, [6, 'fixed64', double(0.1)]), 0.1],
    ['double content', tensor(2, [4, 'bytes', double(0.1)]), 0.1],
    ['int32', tensor(3, [7, 'varint', -5]), -5],
    ['packed int32', tensor(3, [7, 'bytes', varint(300)]), 300],
    ['int32 content', tensor(3, [4, 'bytes', Uint8Array.from([0xfb, 0xff, 0xff, 0xff])]), -5],
    ['uint8 content', tensor(4, [4, 'bytes', Uint8Array.from([200])]), 200],
    ['int64', tensor(9, [10, 'varint', -(2n ** 40n)]), -(2 ** 40)],
    ['uint64', tensor(23, [17, 'varint', 2n ** 40n]), 2 ** 40],
    ['half', tensor(19, [13, 'varint', 0x3800]), 0.5],
    ['half content', tensor(19, [4, 'bytes', Uint8Array.from([0x00, 0xbc])]), -1],
    ['half subnormal', tensor(19, [13, 'varint', 1]), 2 ** -24],
    ['half infinity', tensor(19, [13, 'varint', 0xfc00]), -Infinity],
    ['half NaN', tensor(19, [13, 'varint', 0x7e00]), NaN],
    ['bfloat16', tensor(14, [13, 'varint', 0x3f00]), 0.5],
    ['bfloat16 content', tensor(14, [4, 'bytes', Uint8Array.from([0x80, 0xbf])]), -1],
  ])('reads a tensor: %s', (_name, content, value) => {
    expect(scalarOf(content)).toBe(value);
  });

  it.each([
    ['of several elements', tensor(1, [5, 'bytes', bytes(float(1), float(2))])],
    ['of strings', tensor(7, [8, 'bytes', utf8('text')])],
    ['without elements', tensor(1)],
    ['without type', message([5, 'fixed32', float(1)])],
  ])('takes a tensor %s for no scalar', (_name, content) => {
    expect(scalarOf(content)).toBeUndefined();
  });

  it('refuses bytes that are no message, and throws nothing else', () => {
    expect(() => readEvent(Uint8Array.from([0x0a, 0x7f]))).toThrow(MalformedMessage);
    expect(() => readEvent(Uint8Array.from([0xff, 0xff]))).toThrow(MalformedMessage);
    expect(() => readEvent(Uint8Array.from([0x0f]))).toThrow(MalformedMessage);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (content) => {
        try {
          readEvent(bytes(message([5, 'bytes', content])));
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedMessage);
        }
      }),
    );
  });
});
