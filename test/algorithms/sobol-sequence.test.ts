import { describe, expect, it } from 'vitest';
import { owenScramble } from '../../algorithms/owen-scramble.ts';
import { SOBOL_TABLE_DIMENSIONS, sobolBits, sobolDirections } from '../../algorithms/sobol-sequence.ts';
import { scrambledSobol } from '../../algorithms/sobol.ts';
import { randomStream } from '../../core/random.ts';

/** FNV-1a over 32-bit words: one number for a block of points. */
function digest(points: number, dimensions: number): number {
  const directions = sobolDirections(dimensions);
  let hash = 2166136261;
  for (let index = 0; index < points; index++) {
    for (let dimension = 0; dimension < dimensions; dimension++) {
      hash = Math.imul(hash ^ sobolBits(directions, dimension, index), 16777619) >>> 0;
    }
  }
  return hash;
}

describe('the Sobol sequence', () => {
  it('begins as published', () => {
    const directions = sobolDirections(5);
    const points = Array.from({ length: 8 }, (_, index) =>
      Array.from({ length: 5 }, (_value, dimension) => sobolBits(directions, dimension, index) / 2 ** 32),
    );
    expect(points).toEqual([
      [0, 0, 0, 0, 0],
      [0.5, 0.5, 0.5, 0.5, 0.5],
      [0.75, 0.25, 0.25, 0.25, 0.75],
      [0.25, 0.75, 0.75, 0.75, 0.25],
      [0.375, 0.375, 0.625, 0.875, 0.375],
      [0.875, 0.875, 0.125, 0.375, 0.875],
      [0.625, 0.125, 0.875, 0.625, 0.625],
      [0.125, 0.625, 0.375, 0.125, 0.125],
    ]);
  });

  // Digests of SciPy's qmc.Sobol(d, scramble=False, bits=32).
  it.each([
    [1024, 32, 1530305989],
    [256, 1024, 3723271621],
  ])('agrees with SciPy for %i points of %i dimensions', (points, dimensions, expected) =>
    expect(digest(points, dimensions)).toBe(expected),
  );

  it('has no dimensions beyond its table', () =>
    expect(() => sobolDirections(SOBOL_TABLE_DIMENSIONS + 1)).toThrow(RangeError));

  it('reaches any index at once', () =>
    expect(sobolBits(sobolDirections(2), 1, 2 ** 32 - 1)).toBeGreaterThanOrEqual(0));
});

describe('Owen scrambling', () => {
  it('keeps numbers that share their leading bits together', () => {
    const random = randomStream('scrambling');
    for (let trial = 0; trial < 200; trial++) {
      const [a, b, seed] = [random.bits32(), random.bits32(), random.bits32()];
      const shared = Math.clz32(a ^ b);
      expect(Math.clz32(owenScramble(a, seed) ^ owenScramble(b, seed))).toBe(shared);
    }
  });
});

describe('the scrambled Sobol sequence', () => {
  it.each([3, 20, 1024])('puts one of 2^k points into each 2^k-th of each of %i dimensions', (dimensions) => {
    const coordinatesAt = scrambledSobol(dimensions, randomStream('strata'));
    for (const [block, size] of [
      [0, 16],
      [16, 16],
      [64, 64],
    ] as const) {
      const points = Array.from({ length: size }, (_, offset) => coordinatesAt(block + offset));
      for (let dimension = 0; dimension < dimensions; dimension++) {
        const cells = new Set(points.map((point) => Math.floor((point[dimension] ?? 0) * size)));
        expect(cells.size).toBe(size);
      }
    }
  });

  it('is a (0, m, 2)-net: one of 64 points in each elementary interval of the first two dimensions', () => {
    const coordinatesAt = scrambledSobol(2, randomStream('net'));
    const points = Array.from({ length: 64 }, (_, index) => coordinatesAt(index));
    for (let bits = 0; bits <= 6; bits++) {
      const cells = new Set(
        points.map(([x = 0, y = 0]) => `${Math.floor(x * 2 ** bits)},${Math.floor(y * 2 ** (6 - bits))}`),
      );
      expect(cells.size).toBe(64);
    }
  });

  it('does not begin in the corner and the centre', () => {
    const coordinatesAt = scrambledSobol(4, randomStream('start'));
    expect([...coordinatesAt(0)]).not.toEqual([0, 0, 0, 0]);
    expect([...coordinatesAt(1)]).not.toEqual([0.5, 0.5, 0.5, 0.5]);
  });

  it('is padded with independent random coordinates beyond the table', () => {
    const coordinatesAt = scrambledSobol(SOBOL_TABLE_DIMENSIONS + 3, randomStream('padding'));
    const tail = [...coordinatesAt(7)].slice(SOBOL_TABLE_DIMENSIONS);
    expect(new Set(tail).size).toBe(3);
    expect([...coordinatesAt(7)].slice(SOBOL_TABLE_DIMENSIONS)).toEqual(tail);
    expect([...coordinatesAt(8)].slice(SOBOL_TABLE_DIMENSIONS)).not.toEqual(tail);
  });

  it('stays inside the open unit interval', () => {
    const coordinatesAt = scrambledSobol(1, randomStream('open'));
    for (let index = 0; index < 4096; index++) {
      const [x = 0] = coordinatesAt(index);
      expect(x > 0 && x < 1).toBe(true);
    }
  });
});
