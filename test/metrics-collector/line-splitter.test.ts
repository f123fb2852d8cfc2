import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLineSplitter, MAX_LINE_LENGTH } from '../../metrics-collector/line-splitter.ts';

function split(...chunks: Uint8Array[]): string[] {
  const splitter = createLineSplitter();
  return [...chunks.flatMap((chunk) => splitter.push(chunk)), ...splitter.end()];
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('createLineSplitter', () => {
  it.each([
    { text: '', lines: [] },
    { text: 'a', lines: ['a'] },
    { text: 'a\nb', lines: ['a', 'b'] },
    { text: 'a\r\nb\r\n', lines: ['a', 'b'] },
    { text: '10%\r20%\r30%\n', lines: ['10%', '20%', '30%'] },
    { text: '\n\na\n', lines: ['', '', 'a'] },
    { text: 'a\r\r\nb', lines: ['a', '', 'b'] },
  ])('splits $text', ({ text, lines }) => {
    expect(split(utf8(text))).toEqual(lines);
  });

  it('gives a line as soon as its end is there, also at a carriage return', () => {
    const splitter = createLineSplitter();
    expect(splitter.push(utf8('lo'))).toEqual([]);
    expect(splitter.push(utf8('ss=1\r'))).toEqual(['loss=1']);
    expect(splitter.push(utf8('\nacc'))).toEqual([]);
    expect(splitter.end()).toEqual(['acc']);
  });

  it('replaces bytes that are not UTF-8 and goes on', () => {
    expect(split(Uint8Array.from([0x61, 0xff, 0xfe, 0x0a, 0x62]))).toEqual(['a\ufffd\ufffd', 'b']);
    expect(split(utf8('ok\n'), Uint8Array.from([0xe2, 0x82]))).toEqual(['ok', '\ufffd']);
  });

  it('cuts a line that never ends, and counts it', () => {
    const splitter = createLineSplitter();
    const chunk = utf8('x'.repeat(50_000));
    expect(Array.from({ length: 20 }, () => splitter.push(chunk)).flat()).toEqual([]);
    expect(splitter.push(utf8('\nnext\n'))).toEqual(['x'.repeat(MAX_LINE_LENGTH), 'next']);
    expect(splitter.cutLines).toBe(1);
  });

  it('gives the same lines however the bytes are cut into chunks', () => {
    const content = fc
      .array(fc.constantFrom('loss=1', '\n', '\r', '\r\n', 'ü', '\u{1f642}', ' '))
      .map((parts) => utf8(parts.join('')));
    const bytes = fc.oneof(content, fc.uint8Array({ max: 0x20 }), fc.uint8Array());
    fc.assert(
      fc.property(bytes, fc.array(fc.nat({ max: 40 })), (whole, cuts) => {
        const edges = [0, ...cuts.map((cut) => Math.min(cut, whole.length)).toSorted((a, b) => a - b)];
        const chunks = edges.map((edge, at) => whole.subarray(edge, edges[at + 1]));
        expect(split(...chunks)).toEqual(split(whole));
      }),
    );
  });
});
