import { describe, expect, it } from 'vitest';
import {
  formatSeries,
  meantSeries,
  requestedSeries,
  type Series,
} from '../../../metrics-collector/prometheus/series.ts';

function series(name: string, labels: Record<string, string> = {}): Series {
  return { name, labels: new Map(Object.entries(labels)) };
}

describe('requestedSeries', () => {
  it.each<[string, Series]>([
    ['loss', series('loss')],
    ['loss{split="val"}', series('loss', { split: 'val' })],
    [' loss { split = "val", a = "b" } ', series('loss', { split: 'val', a: 'b' })],
    ['{"val/loss",a="b"}', series('val/loss', { a: 'b' })],
    ['val/loss', series('val/loss')],
    ['loss{split=val}', series('loss{split=val}')],
    ['val loss', series('val loss')],
    ['', series('')],
  ])('of %j', (metric, expected) => {
    expect(requestedSeries(metric)).toEqual(expected);
  });
});

describe('meantSeries', () => {
  const plain = series('loss');
  const train = series('loss', { split: 'train' });
  const val = series('loss', { split: 'val', fold: '1' });
  const other = series('lossy');

  it.each<[string, Series[], Series[]]>([
    ['loss', [plain, train, other], [plain]],
    ['loss', [train, other], [train]],
    ['loss', [train, val], [train, val]],
    ['loss{split="val"}', [plain, train, val], [val]],
    ['loss{split="train"}', [train, series('loss', { split: 'train', fold: '1' })], [train]],
    ['loss{split="test"}', [plain, train, val], []],
    ['val/loss', [plain, series('val/loss')], [series('val/loss')]],
  ])('of %s among %j', (metric, candidates, expected) => {
    expect(meantSeries(requestedSeries(metric), candidates)).toEqual(expected);
  });
});

it('a series is shown as it can be asked for', () => {
  expect(formatSeries(series('loss', { split: 'a"b\\c\nd', fold: '1' }))).toBe(
    String.raw`loss{fold="1",split="a\"b\\c\nd"}`,
  );
  expect(formatSeries(series('val/loss', { 'a.b': 'c' }))).toBe('{"val/loss","a.b"="c"}');
});
