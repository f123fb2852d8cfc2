import type { RandomStream } from '../core/random.ts';
import { indexPermutation } from './index-permutation.ts';

/** Visits the cells of a grid: position from 0 to the number of cells − 1 → one level per axis. */
export type GridOrder = (position: bigint) => number[];

/**
 * An order in which a search that is stopped early has still seen all of the space: at any moment every level of every
 * axis has been visited equally often, give or take one per axis. It needs no memory of the grid's size.
 *
 * All axes advance together, so that position r stands on level r mod m of an axis with m levels. Such a diagonal comes
 * back to its start after L = lcm(m₁, m₂, …) positions; the cells off it lie on diagonals that are shifted. Shifts of
 * axis j by 0 … gⱼ − 1, gⱼ = gcd(lcm(m₁, …, mⱼ₋₁), mⱼ), give every cell exactly once. The shifts are taken in random
 * order and the levels of each axis are relabelled at random, which makes every diagonal a random Latin hypercube.
 */
export function gridOrder(levelCounts: readonly number[], random: RandomStream): GridOrder {
  const sizes = levelCounts.map(BigInt);
  const { period, shiftCounts } = diagonal(sizes);
  const relabel = sizes.map((size, axis) => indexPermutation(size, random.fork(axis)));
  const diagonals = shiftCounts.reduce((product, count) => product * count, 1n);
  const diagonalAt = indexPermutation(diagonals, random.fork('diagonals'));
  return (position) => {
    const shifts = digits(diagonalAt(position / period), shiftCounts);
    return sizes.map((size, axis) => {
      const level = ((position % period) + (shifts[axis] ?? 0n)) % size;
      return Number(relabel[axis]?.(level) ?? 0n);
    });
  };
}

function diagonal(sizes: readonly bigint[]): { period: bigint; shiftCounts: bigint[] } {
  let period = 1n;
  const shiftCounts = sizes.map((size) => {
    const common = greatestCommonDivisor(period, size);
    period *= size / common;
    return common;
  });
  return { period, shiftCounts };
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : greatestCommonDivisor(b, a % b);
}

/** The number as mixed-radix digits, the fastest first. */
function digits(number: bigint, radices: readonly bigint[]): bigint[] {
  let rest = number;
  return radices.map((radix) => {
    const digit = rest % radix;
    rest /= radix;
    return digit;
  });
}
