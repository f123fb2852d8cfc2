import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseExposition, type Sample } from '../../../metrics-collector/prometheus/exposition.ts';
import { formatSeries } from '../../../metrics-collector/prometheus/series.ts';

type Row = [name: string, labels: Record<string, string>, value: number, timeMs?: number];

function rows(text: string, format: 'text' | 'openmetrics' = 'text'): Row[] {
  return parseExposition(text, format).samples.map(({ name, labels, value, timeMs }) =>
    timeMs === null
      ? [name, Object.fromEntries(labels), value]
      : [name, Object.fromEntries(labels), value, timeMs],
  );
}

describe('parseExposition', () => {
  it('reads what a client of Prometheus writes', () => {
    const text = `# HELP loss Loss of the last batch.
# TYPE loss gauge
loss 0.25

# TYPE accuracy gauge
accuracy{split="train"} 0.9
accuracy{split="val",} 8.1e-01 1700000000123
# TYPE seconds histogram
seconds_bucket{le="+Inf"} 3
seconds_sum 1.5\r
`;
    expect(rows(text)).toEqual([
      ['loss', {}, 0.25],
      ['accuracy', { split: 'train' }, 0.9],
      ['accuracy', { split: 'val' }, 0.81, 1_700_000_000_123],
      ['seconds_bucket', { le: '+Inf' }, 3],
      ['seconds_sum', {}, 1.5],
    ]);
    expect(parseExposition(text, 'text').malformed).toEqual([]);
  });

  it.each<[string, Row]>([
    ['a:b_c 1', ['a:b_c', {}, 1]],
    ['  a\t 1  ', ['a', {}, 1]],
    ['a{} 1', ['a', {}, 1]],
    ['a { b = "c" , d = "e" } 1', ['a', { b: 'c', d: 'e' }, 1]],
    ['a{b="c"}1', ['a', { b: 'c' }, 1]],
    ['a{b="}{,= #"} 1', ['a', { b: '}{,= #' }, 1]],
    [String.raw`a{b="x\"y\\z\n\t"} 1`, ['a', { b: 'x"y\\z\n\\t' }, 1]],
    ['{"val/loss",b="c"} 1', ['val/loss', { b: 'c' }, 1]],
    ['{"val/loss"} 1', ['val/loss', {}, 1]],
    ['a{"b.c"="d"} 1', ['a', { 'b.c': 'd' }, 1]],
    ['a NaN', ['a', {}, NaN]],
    ['a +Inf', ['a', {}, Infinity]],
    ['a -Inf -5', ['a', {}, -Infinity, -5]],
    ['a{__proto__="x"} 1', ['a', Object.fromEntries([['__proto__', 'x']]), 1]],
  ])('reads %s', (line, expected) => {
    expect(rows(line)).toEqual([expected]);
  });

  it.each(['a 1 # {trace="x"} 0.6 1.2', 'a 1 1.5 # {trace="x"} 0.6'])(
    'passes over the exemplar in %s',
    (line) => {
      expect(rows(line, 'openmetrics')[0]?.slice(0, 3)).toEqual(['a', {}, 1]);
    },
  );

  it('takes times of OpenMetrics for seconds', () => {
    expect(rows('a 1 1700000000.123\n# EOF', 'openmetrics')).toEqual([['a', {}, 1, 1_700_000_000_123]]);
  });

  it.each([
    'a',
    'a x',
    'a 1 2 3',
    'a 1 noon',
    'a 1 1e300',
    'loss-1',
    'val/loss 1',
    '1a 1',
    'a{b} 1',
    'a{b=c} 1',
    'a{b="c} 1',
    'a{b="c" d="e"} 1',
    'a{,} 1',
    'a{b="c"',
    '{} 1',
    '{b="c"} 1',
    'a{"b","c"} 1',
    '<html>',
    'a{b="c\\',
  ])('gives up the line %s and no other', (line) => {
    const { samples, malformed } = parseExposition(`before 1\n${line}\nafter 2`, 'text');
    expect(samples.map(({ name }) => name)).toEqual(['before', 'after']);
    expect(malformed).toEqual([line]);
  });

  it('reads back every series as it is formatted', () => {
    const series = fc.record({
      name: fc.oneof(fc.stringMatching(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/), fc.string({ minLength: 1 })),
      labels: fc
        .dictionary(fc.oneof(fc.stringMatching(/^[a-zA-Z_]\w*$/), fc.string()), fc.string({ unit: 'binary' }))
        .map((labels) => new Map(Object.entries(labels))),
    });
    const sample = fc.record({ series, value: fc.double(), timeMs: fc.option(fc.integer()) });
    fc.assert(
      fc.property(fc.array(sample), (written) => {
        const lines = written.map(
          ({ series, value, timeMs }) => `${formatSeries(series)} ${value} ${timeMs ?? ''}`,
        );
        const { samples, malformed } = parseExposition(lines.join('\n'), 'text');
        expect(malformed).toEqual([]);
        const expected = written.map(({ series, value, timeMs }) => ({ ...series, value, timeMs }));
        expect(samples.map(comparable)).toEqual(expected.map(comparable));
      }),
    );
  });

  it('never throws, and accounts for every line of whatever it is given', () => {
    const piece = fc.constantFrom(
      'a',
      '{',
      '}',
      '"',
      '\\',
      '=',
      ',',
      ' ',
      '\n',
      '#',
      '1',
      'e',
      'NaN',
      '\0',
      'é',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(piece).map((pieces) => pieces.join('')),
    );
    fc.assert(
      fc.property(text, fc.constantFrom('text', 'openmetrics'), (hostile, format) => {
        const { samples, malformed } = parseExposition(hostile, format);
        const lines = hostile.split('\n').map((line) => line.trim());
        const counted = lines.filter((line) => line !== '' && !line.startsWith('#'));
        expect(samples.length + malformed.length).toBe(counted.length);
      }),
    );
  });

  it.each([
    ['an open brace', '{'.repeat(2_000_000)],
    ['an open label', `a{b="${'\\\\'.repeat(1_000_000)}`],
    ['many labels', `a{${'b="c",'.repeat(300_000)}} 1`],
    ['a long value', `a ${'1'.repeat(2_000_000)}`],
    ['many blanks', `a${' '.repeat(2_000_000)}`],
  ])('is done at once with %s', (_, hostile) => {
    const { samples, malformed } = parseExposition(hostile, 'text');
    expect(samples.length + malformed.length).toBe(1);
  });
});

/** A `-0` is written as 0. */
function comparable({ labels, value, ...rest }: Sample): unknown {
  return { ...rest, value: value + 0, labels: Object.fromEntries(labels) };
}
