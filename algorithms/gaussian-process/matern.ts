import type { Axis } from '../axes.ts';

/** A kernel over all axes together, or the mean of kernels over each axis alone. All values are positive. */
export interface KernelPart {
  /** One over the square of each axis' length scale: 0 means that the axis does not matter. */
  weights: Float64Array;
  /** The variance of its share of the function. */
  variance: number;
}

/** What the model takes for given: the kernel over all axes, and what is added to it. */
export interface Hyperparameters extends KernelPart {
  /** The variance of what is added to each measurement; positive. */
  noise: number;
  /**
   * The function is the sum of one that depends on all axes together and, where this is there, of functions of one axis each, all as
   * wide: D. Duvenaud, H. Nickisch, C. Rasmussen, "Additive Gaussian processes", NIPS 2011, of the first order.
   */
  additive?: KernelPart | undefined;
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
