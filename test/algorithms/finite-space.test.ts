import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pointCount, pointOfRank, randomBelow, rankOf } from '../../algorithms/finite-space.ts';
import { randomStream } from '../../core/random.ts';
import { anySmallProblem, categorical, double, int } from './spaces.ts';

describe('finite spaces', () => {
  it('number every point once', () => {
    fc.assert(
      fc.property(anySmallProblem, ({ parameters }) => {
        const count = pointCount(parameters) ?? 0n;
        const points = new Set<string>();
        for (let rank = 0n; rank < count; rank++) {
          const point = pointOfRank(parameters, rank);
          points.add(point.join());
          expect(rankOf(parameters, point)).toBe(rank);
        }
        expect(BigInt(points.size)).toBe(count);
      }),
      { numRuns: 30 },
    );
  });

  it('have no count with a continuous parameter', () =>
    expect(pointCount([int(1, 3), double(0, 1)])).toBeNull());

  it('are counted exactly beyond the whole numbers of a double', () => {
    const wide = int(1, 1_000_003);
    const parameters = Array.from({ length: 5 }, () => wide);
    expect(pointCount(parameters)).toBe(1_000_003n ** 5n);
    const rank = 1_000_003n ** 5n - 2n;
    expect(rankOf(parameters, pointOfRank(parameters, rank))).toBe(rank);
  });

  it('give no rank to a point outside', () =>
    expect(rankOf([int(1, 3), categorical('a')], Float64Array.of(4, 0))).toBeUndefined());

  it('draw ranks below any bound', () => {
    const random = randomStream('ranks');
    for (const bound of [1n, 2n, 10n, 2n ** 40n, 10n ** 30n]) {
      const drawn = Array.from({ length: 50 }, () => randomBelow(bound, random));
      expect(drawn.every((rank) => rank >= 0n && rank < bound)).toBe(true);
      if (bound > 1n) expect(new Set(drawn).size).toBeGreaterThan(1);
    }
  });
});
