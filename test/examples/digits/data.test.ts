import { describe, expect, it } from 'vitest';
import {
  heldOutSet,
  loadDigits,
  shardOf,
  shuffledBatches,
  trainingSet,
} from '../../../examples/digits/data.ts';

const digits = loadDigits();

describe('the digits', () => {
  it('are 1,797 images of 64 shades of grey', () => {
    expect(digits.count).toBe(1797);
    expect(digits.pixels).toHaveLength(1797 * 64);
    expect(digits.pixels.every((grey) => grey >= 0 && grey <= 1 && Number.isInteger(grey * 16))).toBe(true);
    expect(Math.max(...digits.pixels.subarray(0, 64 * 100))).toBe(1);
  });

  it('show each digit about equally often', () => {
    const counts = Array.from(
      { length: 10 },
      (_, digit) => digits.labels.filter((label) => label === digit).length,
    );
    expect(counts).toEqual([178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
  });

  it('are split into 1,437 for training and 360 held out', () => {
    expect([trainingSet(digits).count, heldOutSet(digits).count]).toEqual([1437, 360]);
    expect([...heldOutSet(digits).labels.subarray(0, 3)]).toEqual([
      digits.labels[0],
      digits.labels[5],
      digits.labels[10],
    ]);
  });
});

describe('shardOf', () => {
  it.each([1, 2, 3, 7])('gives every image to one of %i workers', (workers) => {
    const set = trainingSet(digits);
    const shards = Array.from({ length: workers }, (_, worker) => shardOf(set, worker, workers));
    const counts = shards.map(({ count }) => count);
    expect(counts.reduce((sum, count) => sum + count)).toBe(set.count);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
  });
});

describe('shuffledBatches', () => {
  const set = heldOutSet(digits);

  it('gives each image once, with its label, in batches of the size asked for', () => {
    const batches = [...shuffledBatches(set, 100, 'a')];
    expect(batches.map(({ count }) => count)).toEqual([100, 100, 100, 60]);
    const imagesOf = (part: typeof set): string[] =>
      Array.from(
        part.labels,
        (label, row) => `${label}:${part.pixels.slice(row * 64, row * 64 + 64).join()}`,
      );
    expect(batches.flatMap(imagesOf).sort()).toEqual(imagesOf(set).sort());
  });

  it('orders the images by the seed alone', () => {
    const order = (seed: string): number[] =>
      [...shuffledBatches(set, 360, seed)].flatMap(({ labels }) => [...labels]);
    expect(order('a')).toEqual(order('a'));
    expect(order('a')).not.toEqual(order('b'));
  });
});
