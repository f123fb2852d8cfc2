import type { Axis } from '../axes.ts';

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
 * The Matérn kernel with ν = 5/2 at r = √(5 d²) of a squared distance d²; `decay` is the variance times exp(−r), which the
 * kernel and its slope by d² share. Neither has a singularity at 0.
 */
export function maternOf(r: number, decay: number): number {
  return (1 + r + (r * r) / 3) * decay;
}

export function maternSlopeOf(r: number, decay: number): number {
  return (-5 / 6) * (1 + r) * decay;
}

/** The square of what two positions on an axis are apart: on a line their distance; of categories 0 or 1. */
export function squaredGap(axis: Axis, left: number, right: number): number {
  if (axis.kind === 'category') return left === right ? 0 : 1;
  return (left - right) * (left - right);
}
