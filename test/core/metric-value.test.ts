import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatMetricValue, isMetricNumber, parseMetricValue } from '../../core/metric-value.ts';

describe('parseMetricValue', () => {
  it.each([
    ['0.5', 0.5],
    ['-0.5', -0.5],
    ['+3', 3],
    ['.98', 0.98],
    ['5.', 5],
    ['1e-05', 1e-5],
    ['1E+5', 1e5],
    [' 0.5\t', 0.5],
    ['nan', NaN],
    ['NaN', NaN],
    ['-nan', NaN],
    ['inf', Infinity],
    ['+Inf', Infinity],
    ['-Infinity', -Infinity],
  ])('reads %j as %d', (text, value) => {
    expect(parseMetricValue(text)).toBe(value);
    expect(isMetricNumber(text)).toBe(true);
  });

  it.each(['', ' ', '.', '1_000', '0x10', '1,5', 'abc', 'info', '1e', '--1', '5 5', 'tensor(0.5)'])(
    'takes %j for no number',
    (text) => {
      expect(parseMetricValue(text)).toBe(NaN);
      expect(isMetricNumber(text)).toBe(false);
    },
  );
});

describe('formatMetricValue', () => {
  it.each([
    [0.1, '0.1'],
    [1e21, '1e+21'],
    [NaN, 'NaN'],
    [Infinity, '+Inf'],
    [-Infinity, '-Inf'],
  ])('writes %d as %j', (value, text) => {
    expect(formatMetricValue(value)).toBe(text);
  });

  it('leaves text as it is', () => {
    expect(formatMetricValue(NaN, 'Genotype()')).toBe('Genotype()');
    expect(formatMetricValue(NaN, null)).toBe('NaN');
  });

  it('is read back to the same number', () => {
    fc.assert(
      fc.property(fc.double(), (value) => {
        expect(parseMetricValue(formatMetricValue(value))).toBe(value === 0 ? 0 : value);
      }),
    );
  });
});
