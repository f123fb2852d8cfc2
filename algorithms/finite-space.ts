import type { RandomStream } from '../core/random.ts';
import type { Parameter, Point } from '../core/search-space.ts';
import { levelCount, levelOf, levelValue } from './lattice.ts';

/*
 * Spaces without a continuous parameter have finitely many points, numbered from 0: the rank of a point. Ranks are
 * big integers because a few wide parameters together have more points than a double can count.
 */

/** How many points the space has; null where a parameter is continuous. */
export function pointCount(parameters: readonly Parameter[]): bigint | null {
  let count = 1n;
  for (const parameter of parameters) {
    const levels = levelCount(parameter);
    if (levels === Infinity) return null;
    count *= BigInt(levels);
  }
  return count;
}

/** The rank of a point of a finite space; undefined for a point that is not in the space. */
export function rankOf(parameters: readonly Parameter[], point: Point): bigint | undefined {
  let rank = 0n;
  for (const [axis, parameter] of parameters.entries()) {
    const level = levelOf(parameter, point[axis] ?? Number.NaN);
    if (level === undefined) return undefined;
    rank = rank * BigInt(levelCount(parameter)) + BigInt(level);
  }
  return rank;
}

/** The point of a rank from 0 to `pointCount - 1`. */
export function pointOfRank(parameters: readonly Parameter[], rank: bigint): Point {
  const point = new Float64Array(parameters.length);
  let rest = rank;
  for (const [axis, parameter] of [...parameters.entries()].reverse()) {
    const levels = BigInt(levelCount(parameter));
    point[axis] = levelValue(parameter, Number(rest % levels));
    rest /= levels;
  }
  return point;
}

/** A whole number in [0, bound), uniform to one part in 2^64. */
export function randomBelow(bound: bigint, random: RandomStream): bigint {
  let value = 0n;
  // 64 bits more than the bound has make the remainder's bias negligible.
  for (let rest = bound << 64n; rest > 0n; rest >>= 32n) value = (value << 32n) | BigInt(random.bits32());
  return value % bound;
}
