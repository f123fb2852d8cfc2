import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDuration, formatTook, parseDuration } from '../../cli/duration.ts';

describe('a duration is read', () => {
  it.each([
    ['90s', 90_000],
    ['10m', 600_000],
    ['2h', 7_200_000],
    ['1h30m', 5_400_000],
    ['1d', 86_400_000],
    ['250ms', 250],
    ['1.5s', 1500],
    ['1m500ms', 60_500],
  ])('from %s', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each(['', '5', '0s', '-5s', 's', '5 s', '5s ', '5x', '1h30', 'h1', '1..5s', '１0s', '5S'])(
    'but not from %j',
    (text) => {
      expect(parseDuration(text)).toBeUndefined();
    },
  );

  it('or refused, whatever the text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const ms = parseDuration(text);
        expect(ms === undefined || ms > 0).toBe(true);
      }),
    );
  });
});

describe('a duration is shown', () => {
  it.each([
    [0, '<1s'],
    [999, '<1s'],
    [1000, '1s'],
    [59_400, '59s'],
    [59_600, '1m 00s'],
    [185_000, '3m 05s'],
    [3_599_600, '1h 00m'],
    [7_440_000, '2h 04m'],
    [180_000_000, '50h 00m'],
  ])('%d ms as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it('as a dash while something has not begun or not ended', () => {
    expect([formatTook(null, null), formatTook(1, null), formatTook(0, 2000)]).toEqual(['-', '-', '2s']);
  });
});
