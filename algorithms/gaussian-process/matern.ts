import type { Axis } from '../axes.ts';

const SQRT5 = Math.sqrt(5);

/** What the model takes for given. All values are positive. */
export interface Hyperparameters {
  /** One over the square of each axis' length scale: 0 means that the axis does not matter. */
  weights: Float64Array;
  /** The variance of the function. */
  variance: number;
  /** The variance of what is added to each measurement. */
  noise: number;
}

/**
 * The Matérn kernel with ν = 5/2 at a squared distance r², up to the variance. Its derivative by r² is
 * `maternSlope`: neither has a singularity at 0.
 */
export function matern(squared: number): number {
  const r = SQRT5 * Math.sqrt(squared);
  return (1 + r + (r * r) / 3) * Math.exp(-r);
}

export function maternSlope(squared: number): number {
  const r = SQRT5 * Math.sqrt(squared);
  return (-5 / 6) * (1 + r) * Math.exp(-r);
}

/** The square of what two positions on an axis are apart: on a line their distance; of categories 0 or 1. */
export function squaredGap(axis: Axis, left: number, right: number): number {
  if (axis.kind === 'category') return left === right ? 0 : 1;
  return (left - right) * (left - right);
}
