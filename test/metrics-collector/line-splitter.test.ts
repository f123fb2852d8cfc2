import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linesOfBlock } from '../../metrics-collector/block-lines.ts';
import { createLineSplitter, MAX_LINE_LENGTH } from '../../metrics-collector/line-splitter.ts';

function split(...chunks: Uint8Array[]): string[] {
  const splitter = createLineSplitter();
  return [...chunks.flatMap((chunk) => linesIn(splitter.push(chunk))), ...linesIn(splitter.end())];
}

function linesIn(block: string): string[] {
  const lines: string[] = [];
  for (const found = linesOfBlock(block); found.next();) lines.push(block.slice(found.start, found.end));
  return lines;
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
    expect(splitter.push(utf8('lo'))).toBe('');
    expect(splitter.push(utf8('ss=1\r'))).toBe('loss=1\r');
    expect(splitter.push(utf8('\nacc'))).toBe('');
    expect(splitter.end()).toBe('acc');
  });

  it('replaces bytes that are not UTF-8 and goes on', () => {
    expect(split(Uint8Array.from([0x61, 0xff, 0xfe, 0x0a, 0x62]))).toEqual(['a\ufffd\ufffd', 'b']);
    expect(split(utf8('ok\n'), Uint8Array.from([0xe2, 0x82]))).toEqual(['ok', '\ufffd']);
  });

  it('cuts a line that never ends, and counts it', () => {
    const splitter = createLineSplitter();
    const chunk = utf8('x'.repeat(50_000));
    expect(Array.from({ length: 20 }, () => splitter.push(chunk)).join('')).toBe('');
    expect(splitter.push(utf8('\nnext\n'))).toBe(`${'x'.repeat(MAX_LINE_LENGTH)}\nnext\n`);
    expect(splitter.cutLines).toBe(1);
  });

  it('cuts lines also inside of one large chunk', () => {
    const splitter = createLineSplitter();
    const line = 'x'.repeat(100_000);
    const cut = 'x'.repeat(MAX_LINE_LENGTH);
    expect(splitter.push(utf8(`a\n${line}\n${line}\r\nb`))).toBe(`a\n${cut}\n${cut}\r\n`);
    expect(splitter.end()).toBe('b');
    expect(splitter.cutLines).toBe(2);
  });

  it('drops a byte order mark at the very beginning', () => {
    expect(split(Uint8Array.from([0xef, 0xbb]), Uint8Array.from([0xbf]), utf8('a\n\ufeffb'))).toEqual([
      'a',
      '\ufeffb',
    ]);
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
