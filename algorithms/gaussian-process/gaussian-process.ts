import type { Axis } from '../axes.ts';
import { additiveKernel, type AdditiveKernel } from './additive-kernel.ts';
import {
  factorize,
  multiplyLower,
  multiplyUpper,
  solveLower,
  solveUpper,
  transposedInverseOfLower,
  transposeOf,
} from './cholesky.ts';
import { maternOf, maternSlopeOf, type Hyperparameters } from './matern.ts';
import { scaledPlaces, type ScaledPlaces } from './scaled-places.ts';

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
  const scaled = scaledPlaces(axes, given.weights);
  const seen = new Float64Array(n * scaled.width);
  places.forEach((place, row) => scaled.write(place, seen, row * scaled.width));
  const additive = given.additive && additiveKernel(axes, given.additive, places);
  const factor = factorOfCovariance(scaled, seen, n, given, additive);
  const alpha = Float64Array.from(y);
  solveLower(factor, n, alpha);
  solveUpper(factor, n, alpha);
  const variance = given.variance + (given.additive?.variance ?? 0);
  return predictor({ n, scaled, seen, factor, alpha, joint: given.variance, variance, additive });
}

interface Posterior {
  n: number;
  scaled: ScaledPlaces;
  /** The places of the measurements, scaled, one after the other. */
  seen: Float64Array;
  /** Of the covariance of the measurements. */
  factor: Float64Array;
  /** The inverse of the covariance times the values. */
  alpha: Float64Array;
  /** Beforehand: of the joint part, and of the whole. */
  joint: number;
  variance: number;
  additive: AdditiveKernel | undefined;
}

function predictor(posterior: Posterior): GaussianProcess {
  const { n, scaled, seen, factor, alpha, joint, variance: prior, additive } = posterior;
  const { width } = scaled;
  const upperInverse = transposedInverseOfLower(factor, n);
  const lowerInverse = transposeOf(upperInverse, n);
  const here = new Float64Array(width);
  const near = new Float64Array(n);
  const bends = new Float64Array(n);
  const solved = new Float64Array(n);
  const pulls = new Float64Array(n);
  /** Fills `near` with the covariances of the place and the measurements, `bends` with their slopes by the squared distance. */
  const look = (place: Float64Array): number => {
    scaled.write(place, here, 0);
    for (let row = 0; row < n; row++) {
      const r = Math.sqrt(5 * scaled.squaredDistance(here, 0, seen, row * width));
      const decay = joint * Math.exp(-r);
      near[row] = maternOf(r, decay);
      bends[row] = maternSlopeOf(r, decay);
    }
    additive?.addTo(near, place);
    let mean = 0;
    for (let row = 0; row < n; row++) mean += (near[row] as number) * (alpha[row] as number);
    return mean;
  };
  const varianceOfNear = (): number => {
    multiplyLower(lowerInverse, n, near, solved);
    let explained = 0;
    for (let row = 0; row < n; row++) explained += (solved[row] as number) * (solved[row] as number);
    return Math.max(0, prior - explained);
  };
  return {
    size: n,
    meanAt: look,
    predict(place) {
      const mean = look(place);
      return { mean, variance: varianceOfNear() };
    },
    predictWithSlopes(place, slopes) {
      const mean = look(place);
      const variance = varianceOfNear();
      multiplyUpper(upperInverse, n, solved, pulls);
      writeSlopes(slopes, { scaled, here, seen, alpha, bends, pulls });
      additive?.addSlopes(slopes.mean, alpha, 1);
      additive?.addSlopes(slopes.variance, pulls, -2);
      return { mean, variance };
    },
  };
}

interface SlopeParts {
  scaled: ScaledPlaces;
  here: Float64Array;
  seen: Float64Array;
  alpha: Float64Array;
  bends: Float64Array;
  /** The inverse of the covariance times the covariances with the place. */
  pulls: Float64Array;
}

function writeSlopes(
  slopes: PredictionSlopes,
  { scaled, here, seen, alpha, bends, pulls }: SlopeParts,
): void {
  slopes.mean.fill(0);
  slopes.variance.fill(0);
  for (let column = 0; column < scaled.lines; column++) {
    let ofMean = 0;
    let ofVariance = 0;
    for (let row = 0, at = column; row < bends.length; row++, at += scaled.width) {
      const bend = (bends[row] as number) * ((here[column] as number) - (seen[at] as number));
      ofMean += bend * (alpha[row] as number);
      ofVariance += bend * (pulls[row] as number);
    }
    const axis = scaled.axes[column] as number;
    const scale = scaled.scales[column] as number;
    slopes.mean[axis] = 2 * scale * ofMean;
    slopes.variance[axis] = -4 * scale * ofVariance;
  }
}

function factorOfCovariance(
  scaled: ScaledPlaces,
  seen: Float64Array,
  n: number,
  given: Hyperparameters,
  additive: AdditiveKernel | undefined,
): Float64Array {
  const prior = given.variance + (given.additive?.variance ?? 0);
  const covariance = new Float64Array(n * n);
  for (let jitter = 0; jitter <= MAX_JITTER; jitter = Math.max(FIRST_JITTER, jitter * 10)) {
    for (let row = 0; row < n; row++) {
      for (let column = 0; column < row; column++) {
        const squared = scaled.squaredDistance(seen, row * scaled.width, seen, column * scaled.width);
        const r = Math.sqrt(5 * squared);
        covariance[row * n + column] =
          maternOf(r, given.variance * Math.exp(-r)) + (additive?.between(row, column) ?? 0);
      }
      covariance[row * n + row] = prior * (1 + jitter) + given.noise;
    }
    if (factorize(covariance, n)) return covariance;
  }
  throw new Error('the covariance of the measurements is not positive definite');
}
