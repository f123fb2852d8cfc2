import type { Axis } from '../axes.ts';
import { factorize, solveLower, solveUpper } from './cholesky.ts';
import { matern, maternSlope, squaredGap, type Hyperparameters } from './matern.ts';

/** What is known of the function at a place. */
export interface Prediction {
  mean: number;
  /** Of the function, without the noise of a measurement. At least 0. */
  variance: number;
}

/** Where a prediction goes when the place moves: the derivatives of mean and variance by each axis; 0 for categories. */
export interface PredictionSlopes {
  mean: Float64Array;
  variance: Float64Array;
}

/** A Gaussian process that has seen some measurements. Predictions share working memory: one at a time. */
export interface GaussianProcess {
  /** How many measurements it has seen. */
  readonly size: number;
  predict(place: Float64Array): Prediction;
  /** Fills `slopes` too. */
  predictWithSlopes(place: Float64Array, slopes: PredictionSlopes): Prediction;
  meanAt(place: Float64Array): number;
}

/** Added to the diagonal, ten times more each time that a matrix is not positive definite for rounding. */
const FIRST_JITTER = 1e-10;
const MAX_JITTER = 1e-2;

/**
 * The posterior of a process with mean 0, after measurements `y` at `places` (positions by axis).
 *
 * Rasmussen and Williams (2006), algorithm 2.1.
 */
export function gaussianProcess(
  axes: readonly Axis[],
  places: readonly Float64Array[],
  y: Float64Array,
  given: Hyperparameters,
): GaussianProcess {
  const n = places.length;
  const factor = factorOfCovariance(axes, places, given);
  const alpha = Float64Array.from(y);
  solveLower(factor, n, alpha);
  solveUpper(factor, n, alpha);
  const near = new Float64Array(n);
  const solved = new Float64Array(n);
  const fillNear = (place: Float64Array): number => {
    let mean = 0;
    for (let row = 0; row < n; row++) {
      const squared = squaredDistance(axes, given.weights, place, places[row] as Float64Array);
      const covariance = given.variance * matern(squared);
      near[row] = covariance;
      mean += covariance * (alpha[row] as number);
    }
    return mean;
  };
  const varianceOfNear = (): number => {
    solved.set(near);
    solveLower(factor, n, solved);
    return Math.max(0, given.variance - solved.reduce((sum, value) => sum + value * value, 0));
  };
  return {
    size: n,
    meanAt: fillNear,
    predict(place) {
      const mean = fillNear(place);
      return { mean, variance: varianceOfNear() };
    },
    predictWithSlopes(place, slopes) {
      const mean = fillNear(place);
      const variance = varianceOfNear();
      solveUpper(factor, n, solved);
      slopes.mean.fill(0);
      slopes.variance.fill(0);
      for (let row = 0; row < n; row++) {
        const other = places[row] as Float64Array;
        const slope = given.variance * maternSlope(squaredDistance(axes, given.weights, place, other));
        for (let axis = 0; axis < axes.length; axis++) {
          if (axes[axis]?.kind === 'category') continue;
          const gap =
            2 * (given.weights[axis] as number) * ((place[axis] as number) - (other[axis] as number));
          slopes.mean[axis] = (slopes.mean[axis] as number) + slope * gap * (alpha[row] as number);
          slopes.variance[axis] =
            (slopes.variance[axis] as number) - 2 * slope * gap * (solved[row] as number);
        }
      }
      return { mean, variance };
    },
  };
}

function squaredDistance(
  axes: readonly Axis[],
  weights: Float64Array,
  left: Float64Array,
  right: Float64Array,
): number {
  let sum = 0;
  for (let axis = 0; axis < axes.length; axis++)
    sum +=
      (weights[axis] as number) * squaredGap(axes[axis] as Axis, left[axis] as number, right[axis] as number);
  return sum;
}

function factorOfCovariance(
  axes: readonly Axis[],
  places: readonly Float64Array[],
  given: Hyperparameters,
): Float64Array {
  const n = places.length;
  const covariance = new Float64Array(n * n);
  for (let jitter = 0; jitter <= MAX_JITTER; jitter = Math.max(FIRST_JITTER, jitter * 10)) {
    for (let row = 0; row < n; row++) {
      const place = places[row] as Float64Array;
      for (let column = 0; column < row; column++) {
        const squared = squaredDistance(axes, given.weights, place, places[column] as Float64Array);
        covariance[row * n + column] = given.variance * matern(squared);
      }
      covariance[row * n + row] = given.variance * (1 + jitter) + given.noise;
    }
    if (factorize(covariance, n)) return covariance;
  }
  throw new Error('the covariance of the measurements is not positive definite');
}
