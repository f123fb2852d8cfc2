import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32c, maskedCrc32c } from '../../../metrics-collector/tf-event/crc32c.ts';
import { createRecordReader, MAX_PAYLOAD_SIZE } from '../../../metrics-collector/tf-event/record-reader.ts';
import { bytes, record, utf8 } from '../../support/tf-event-writer.ts';

function readAll(...chunks: Uint8Array[]): {
  payloads: string[];
  problems: string[];
  isInsideRecord: boolean;
} {
  const problems: string[] = [];
  const reader = createRecordReader((problem) => problems.push(problem));
  const payloads = chunks.flatMap((chunk) => reader.push(chunk));
  const { isInsideRecord } = reader;
  return { payloads: payloads.map((payload) => Buffer.from(payload).toString()), problems, isInsideRecord };
}

describe('crc32c', () => {
  it.each([
    [utf8(''), 0],
    [utf8('123456789'), 0xe3069283],
    [new Uint8Array(32), 0x8a9136aa],
    [new Uint8Array(32).fill(0xff), 0x62a8ab43],
  ])('gives the checksums of RFC 3720', (content, checksum) => {
    expect(crc32c(content)).toBe(checksum);
  });

  it('is masked the way TensorFlow does, as in the first bytes of every event file', () => {
    expect(maskedCrc32c(Uint8Array.from([0x18, 0, 0, 0, 0, 0, 0, 0]))).toBe(0x224b7fa3);
  });
});

describe('createRecordReader', () => {
  const file = bytes(record(utf8('one')), record(utf8('')), record(utf8('three')));

  it('gives the payloads of a file', () => {
    expect(readAll(file)).toEqual({ payloads: ['one', '', 'three'], problems: [], isInsideRecord: false });
  });

  it('waits for the rest of a record', () => {
    expect(readAll(file.subarray(0, -1))).toMatchObject({ payloads: ['one', ''], isInsideRecord: true });
    expect(readAll(file.subarray(0, -1), file.subarray(-1))).toMatchObject({
      payloads: ['one', '', 'three'],
    });
  });

  it('leaves a damaged record out and goes on', () => {
    const damaged = file.slice();
    damaged[12] = 0x58;
    expect(readAll(damaged)).toMatchObject({ payloads: ['', 'three'], problems: ['damaged record'] });
  });

  it('gives up the file after a damaged header', () => {
    const damaged = file.slice();
    damaged[0] = 0x58;
    expect(readAll(damaged, file)).toMatchObject({ payloads: [], problems: ['damaged record header'] });
  });

  it('passes over records too large to hold a scalar', () => {
    const large = record(new Uint8Array(MAX_PAYLOAD_SIZE + 1));
    const whole = bytes(record(utf8('a')), large, record(utf8('b')));
    expect(readAll(whole)).toMatchObject({ payloads: ['a', 'b'], problems: [] });
    expect(readAll(whole.subarray(0, 40), whole.subarray(40))).toMatchObject({ payloads: ['a', 'b'] });
  });

  it('gives the same payloads however the file is cut into chunks, and never throws', () => {
    const records = fc.array(fc.uint8Array({ maxLength: 20 })).map((list) => bytes(...list.map(record)));
    const content = fc.oneof(
      records,
      fc.tuple(records, fc.uint8Array()).map(([a, b]) => bytes(a, b)),
    );
    fc.assert(
      fc.property(content, fc.array(fc.nat({ max: 200 })), (whole, cuts) => {
        const edges = [0, ...cuts.map((cut) => Math.min(cut, whole.length)).toSorted((a, b) => a - b)];
        const chunks = edges.map((edge, at) => whole.subarray(edge, edges[at + 1]));
        expect(readAll(...chunks)).toEqual(readAll(whole));
      }),
    );
  });
});
