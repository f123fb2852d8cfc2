import type { Axis } from '../axes.ts';
import { maternOf, maternSlopeOf, squaredGap, type Hyperparameters } from './matern.ts';

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
 * Fills the lower half of the n × n covariance of measurements; and for each pair the slope of the kernel by the squared
 * distance into `slopes`, which has room for all pairs.
 */
export function fillCovariance(
  covariance: Float64Array,
  gaps: readonly Float64Array[],
  { weights, variance, noise }: Hyperparameters,
  n: number,
  slopes: Float64Array,
): void {
  slopes.fill(0);
  gaps.forEach((ofAxis, axis) => {
    const weight = weights[axis] as number;
    for (let pair = 0; pair < ofAxis.length; pair++)
      slopes[pair] = (slopes[pair] as number) + weight * (ofAxis[pair] as number);
  });
  for (let row = 0, pair = 0; row < n; row++) {
    for (let column = 0; column < row; column++, pair++) {
      const r = Math.sqrt(5 * (slopes[pair] as number));
      const decay = variance * Math.exp(-r);
      covariance[row * n + column] = maternOf(r, decay);
      slopes[pair] = maternSlopeOf(r, decay);
    }
    covariance[row * n + row] = variance + noise;
  }
}
