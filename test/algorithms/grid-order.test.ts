import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gridOrder } from '../../algorithms/grid-order.ts';
import { indexPermutation } from '../../algorithms/index-permutation.ts';
import { randomStream } from '../../core/random.ts';

const sizes = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 4 });

function cellsOf(levelCounts: readonly number[], seed: string, count: number): number[][] {
  const cellAt = gridOrder(levelCounts, randomStream(seed));
  return Array.from({ length: count }, (_, position) => cellAt(BigInt(position)));
}

describe('an index permutation', () => {
  it.each([1, 2, 3, 7, 64, 1000])('of %i indexes takes each once', (size) => {
    const permuted = indexPermutation(BigInt(size), randomStream('permutation'));
    const images = Array.from({ length: size }, (_, index) => Number(permuted(BigInt(index))));
    expect(images.toSorted((a, b) => a - b)).toEqual(Array.from({ length: size }, (_, index) => index));
  });

  it('has no order that shows', () => {
    const size = 1000;
    const permuted = indexPermutation(BigInt(size), randomStream('permutation'));
    const images = Array.from({ length: size }, (_, index) => Number(permuted(BigInt(index))));
    const ascents = images.filter((image, index) => index > 0 && image > (images[index - 1] ?? 0)).length;
    expect(ascents).toBeGreaterThan(450);
    expect(ascents).toBeLessThan(550);
    const early = images.slice(0, 100);
    const perTenth = Array.from(
      { length: 10 },
      (_, k) => early.filter((i) => Math.floor(i / 100) === k).length,
    );
    expect(Math.min(...perTenth)).toBeGreaterThan(2);
  });

  it('works for sizes beyond the whole numbers of a double', () => {
    const size = 10n ** 40n;
    const permuted = indexPermutation(size, randomStream('huge'));
    const images = new Set([0n, 1n, 2n, size - 1n].map(permuted));
    expect(images.size).toBe(4);
    expect([...images].every((image) => image >= 0n && image < size)).toBe(true);
  });
});

describe('the order of a grid', () => {
  it('visits every cell exactly once', () => {
    fc.assert(
      fc.property(sizes, fc.string(), (levelCounts, seed) => {
        const count = levelCounts.reduce((product, levels) => product * levels, 1);
        const cells = cellsOf(levelCounts, seed, count);
        expect(new Set(cells.map((cell) => cell.join())).size).toBe(count);
        for (const cell of cells) {
          cell.forEach((level, axis) => expect(level).toBeLessThan(levelCounts[axis] ?? 0));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('has visited the levels of every axis equally often whenever it is stopped', () => {
    const levelCounts = [10, 10, 4, 3];
    const seen = levelCounts.map((levels) => new Array<number>(levels).fill(0));
    for (const [position, cell] of cellsOf(levelCounts, 'balance', 200).entries()) {
      cell.forEach((level, axis) => {
        const counts = seen[axis] ?? [];
        counts[level] = (counts[level] ?? 0) + 1;
      });
      for (const counts of seen) {
        expect(Math.max(...counts) - Math.min(...counts), `after ${position + 1} cells`).toBeLessThanOrEqual(
          // A new diagonal may begin in the middle of a longer axis' round.
          1 + Math.ceil((position + 1) / 60),
        );
      }
    }
  });

  it('depends on the seed', () => expect(cellsOf([5, 5], 'a', 25)).not.toEqual(cellsOf([5, 5], 'b', 25)));

  it('needs no memory of the size of the grid', () => {
    const cellAt = gridOrder(Array<number>(30).fill(1_000_000_007), randomStream('huge'));
    expect(cellAt(10n ** 200n)).toHaveLength(30);
  });
});
