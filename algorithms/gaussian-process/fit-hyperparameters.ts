import { minimizeInBox } from '../bounded-lbfgs.ts';
import { factorize, inverseOf, solveLower, solveUpper } from './cholesky.ts';
import { fillCovariance } from './covariance.ts';
import type { Hyperparameters } from './matern.ts';

/** No measurement is taken for exact: two equal points with different values must have a likelihood. */
export const LEAST_NOISE = 1e-6;

/** After so many iterations only the best of several starts goes on. */
const TRIAL_ITERATIONS = 8;
const MAX_ITERATIONS = 60;
/** In nats by the logarithms of the hyperparameters: a finer optimum foretells nothing better. */
const GRADIENT_TOLERANCE = 0.05;

/** Where the search for the hyperparameters begins where nothing is known: a wavy and a smooth function. */
const STARTS = [
  { weight: 1, variance: 1, noise: 1e-3 },
  { weight: 12, variance: 1, noise: 1e-3 },
];
const BOUNDS = { weight: [1e-5, 1e4], variance: [1e-3, 1e3], noise: [LEAST_NOISE, 10] } as const;

/**
 * The likeliest hyperparameters for measurements `y` (their mean about 0, their variance about 1), given what is likely
 * beforehand. `gaps` are the squared distances by axis of each pair of points, pairs in the order (1,0), (2,0), (2,1), …
 *
 * C. E. Rasmussen and C. K. I. Williams, "Gaussian processes for machine learning" (2006), equations 5.8 and 5.9. The priors are those
 * of S. Watanabe and others for Optuna's sampler (2024): of each weight w, exp(−0.1/w − 0.1 w); Gamma(2, 1) of the
 * variance; Gamma(1.1, 30) of the noise. `near` are hyperparameters that should be close, where there are any.
 */
export function fitHyperparameters(
  gaps: readonly Float64Array[],
  y: Float64Array,
  near?: Hyperparameters,
): Hyperparameters {
  const axes = gaps.length;
  const bounds = {
    lower: logVector(axes, BOUNDS.weight[0], BOUNDS.variance[0], BOUNDS.noise[0]),
    upper: logVector(axes, BOUNDS.weight[1], BOUNDS.variance[1], BOUNDS.noise[1]),
  };
  const objective = negativeLogPosterior(gaps, y);
  const starts = near
    ? [logsOf(near)]
    : STARTS.map(({ weight, variance, noise }) => logVector(axes, weight, variance, noise));
  const climb = (at: Float64Array, maxIterations: number): { at: Float64Array; value: number } => ({
    at,
    value: minimizeInBox(objective, at, bounds, { maxIterations, gradientTolerance: GRADIENT_TOLERANCE }),
  });
  const tried = starts.map((at) => climb(at, TRIAL_ITERATIONS));
  const best = tried.reduce((one, other) => (other.value < one.value ? other : one));
  return hyperparametersOf(climb(best.at, MAX_ITERATIONS).at);
}

function logsOf({ weights, variance, noise }: Hyperparameters): Float64Array {
  return Float64Array.from([...weights, variance, noise], Math.log);
}

function logVector(axes: number, weight: number, variance: number, noise: number): Float64Array {
  const vector = new Float64Array(axes + 2).fill(Math.log(weight));
  vector[axes] = Math.log(variance);
  vector[axes + 1] = Math.log(noise);
  return vector;
}

function hyperparametersOf(logs: Float64Array): Hyperparameters {
  const axes = logs.length - 2;
  return {
    weights: logs.subarray(0, axes).map(Math.exp),
    variance: Math.exp(logs[axes] ?? 0),
    noise: Math.exp(logs[axes + 1] ?? 0),
  };
}

/** The negative logarithm of the posterior density by the logarithms of the hyperparameters. */
export function negativeLogPosterior(
  gaps: readonly Float64Array[],
  y: Float64Array,
): (logs: Float64Array, gradient: Float64Array) => number {
  const n = y.length;
  const factor = new Float64Array(n * n);
  const slopes = new Float64Array((n * (n - 1)) / 2);
  return (logs, gradient) => {
    const given = hyperparametersOf(logs);
    fillCovariance(factor, gaps, given, n, slopes);
    if (!factorize(factor, n)) return Infinity;
    const alpha = Float64Array.from(y);
    solveLower(factor, n, alpha);
    let value = 0;
    for (let row = 0; row < n; row++) {
      const z = alpha[row] as number;
      value += 0.5 * z * z + Math.log(factor[row * n + row] as number);
    }
    solveUpper(factor, n, alpha);
    writeGradient(gradient, { y, alpha, inverse: inverseOf(factor, n), slopes, gaps, given });
    return value + addPrior(given, gradient);
  };
}

interface LikelihoodParts {
  y: Float64Array;
  /** K⁻¹ y. */
  alpha: Float64Array;
  inverse: Float64Array;
  slopes: Float64Array;
  gaps: readonly Float64Array[];
  given: Hyperparameters;
}

/** −½ tr((α αᵀ − K⁻¹) ∂K/∂θ) for each logarithm θ. */
function writeGradient(gradient: Float64Array, parts: LikelihoodParts): void {
  const { y, alpha, inverse, given } = parts;
  const n = alpha.length;
  const axes = given.weights.length;
  writeWeightGradient(gradient, parts);
  let trace = 0;
  let fit = 0;
  for (let row = 0; row < n; row++) {
    const own = alpha[row] as number;
    trace += own * own - (inverse[row * n + row] as number);
    fit += own * (y[row] as number);
  }
  // ∂K/∂ln variance is K without the noise, and tr((α αᵀ − K⁻¹) K) is yᵀα − n.
  gradient[axes] = -0.5 * (fit - n - given.noise * trace);
  gradient[axes + 1] = -0.5 * given.noise * trace;
}

function writeWeightGradient(
  gradient: Float64Array,
  { alpha, inverse, slopes, gaps, given }: LikelihoodParts,
): void {
  const n = alpha.length;
  for (let row = 0, pair = 0; row < n; row++) {
    const own = alpha[row] as number;
    for (let column = 0; column < row; column++, pair++) {
      const weight = own * (alpha[column] as number) - (inverse[row * n + column] as number);
      slopes[pair] = (slopes[pair] as number) * weight;
    }
  }
  gaps.forEach((ofAxis, axis) => (gradient[axis] = -dot(ofAxis, slopes) * (given.weights[axis] as number)));
}

function dot(a: Float64Array, b: Float64Array): number {
  let even = 0;
  let odd = 0;
  const last = a.length - 1;
  for (let at = 0; at < last; at += 2) {
    even += (a[at] as number) * (b[at] as number);
    odd += (a[at + 1] as number) * (b[at + 1] as number);
  }
  return a.length % 2 === 0 ? even + odd : even + odd + (a[last] as number) * (b[last] as number);
}

/** Adds the negative logarithm of the prior density and its gradient. */
function addPrior({ weights, variance, noise }: Hyperparameters, gradient: Float64Array): number {
  const axes = weights.length;
  let value = 0;
  weights.forEach((weight, axis) => {
    value += 0.1 / weight + 0.1 * weight;
    gradient[axis] = (gradient[axis] as number) - 0.1 / weight + 0.1 * weight;
  });
  gradient[axes] = (gradient[axes] as number) - 1 + variance;
  gradient[axes + 1] = (gradient[axes + 1] as number) - 0.1 + 30 * noise;
  return value - Math.log(variance) + variance - 0.1 * Math.log(noise) + 30 * noise;
}
