import type { Axis } from '../axes.ts';
import { matern, maternSlope, squaredGap, type Hyperparameters } from './matern.ts';

/** For each axis, the squared distances of the pairs of places (1,0), (2,0), (2,1), … */
export function gapsOf(axes: readonly Axis[], places: readonly Float64Array[]): Float64Array[] {
  return axes.map((axis, number) => {
    const gaps = new Float64Array((places.length * (places.length - 1)) / 2);
    let pair = 0;
    places.forEach((place, row) => {
      for (let column = 0; column < row; column++)
        gaps[pair++] = squaredGap(axis, place[number] ?? 0, places[column]?.[number] ?? 0);
    });
    return gaps;
  });
}

/**
 * Fills the lower half of the n × n covariance of measurements; and, where they are wanted, for each pair the slope of the kernel by
 * the squared distance.
 */
export function fillCovariance(
  covariance: Float64Array,
  gaps: readonly Float64Array[],
  { weights, variance, noise }: Hyperparameters,
  n: number,
  slopes?: Float64Array,
): void {
  for (let row = 0, pair = 0; row < n; row++) {
    for (let column = 0; column < row; column++, pair++) {
      let squared = 0;
      for (let axis = 0; axis < gaps.length; axis++)
        squared += (weights[axis] as number) * ((gaps[axis] as Float64Array)[pair] as number);
      covariance[row * n + column] = variance * matern(squared);
      if (slopes) slopes[pair] = variance * maternSlope(squared);
    }
    covariance[row * n + row] = variance + noise;
  }
}
