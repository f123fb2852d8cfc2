import { minimizeInBox, type Bounds } from '../bounded-lbfgs.ts';
import { factorize, inverseOf, solveLower, solveUpper } from './cholesky.ts';
import { covarianceOf } from './covariance.ts';
import type { Hyperparameters } from './matern.ts';

/** No measurement is taken for exact: two equal points with different values must have a likelihood. */
export const LEAST_NOISE = 1e-6;

/** After so many iterations only the best of several starts goes on. */
const TRIAL_ITERATIONS = 8;
const MAX_ITERATIONS = 60;
/** In nats by the logarithms of the hyperparameters: a finer optimum foretells nothing better. */
const GRADIENT_TOLERANCE = 0.05;

const BOUNDS = { weight: [1e-5, 1e4], variance: [1e-3, 1e3], noise: [LEAST_NOISE, 10] } as const;

/**
 * The likeliest hyperparameters for measurements `y` (their mean about 0, their variance about 1), given what is likely
 * beforehand. `gaps` are the squared distances by axis of each pair of points, pairs in the order (1,0), (2,0), (2,1), …
 *
 * C. E. Rasmussen and C. K. I. Williams, "Gaussian processes for machine learning" (2006), equations 5.8 and 5.9. The priors are those
 * of S. Watanabe and others for Optuna's sampler (2024): of each weight w, exp(−0.1/w − 0.1 w); Gamma(2, 1) of the
 * variance; Gamma(1.1, 30) of the noise. Of an additive part the same, and then Gamma(1, 1) of the joint variance. `starts` all have an
 * additive part, or none has; then the result has one or none.
 */
export function fitHyperparameters(
  gaps: readonly Float64Array[],
  y: Float64Array,
  starts: readonly Hyperparameters[] = startsFor(gaps.length),
): Hyperparameters {
  const objective = negativeLogPosterior(gaps, y);
  const climb = (at: Float64Array, maxIterations: number): { at: Float64Array; value: number } => ({
    at,
    value: minimizeInBox(objective, at, boundsOf(gaps.length, at.length), {
      maxIterations,
      gradientTolerance: GRADIENT_TOLERANCE,
    }),
  });
  const tried = starts.map((start) => climb(logsOf(start), TRIAL_ITERATIONS));
  const best = tried.reduce((one, other) => (other.value < one.value ? other : one));
  return hyperparametersOf(climb(best.at, MAX_ITERATIONS).at, gaps.length);
}

/** Where the search for the hyperparameters begins where nothing is known: a wavy and a smooth function. */
function startsFor(axes: number): Hyperparameters[] {
  return [1, 12].map((weight) => ({
    weights: new Float64Array(axes).fill(weight),
    variance: 1,
    noise: 1e-3,
  }));
}

function boundsOf(axes: number, length: number): Bounds {
  const bound = (which: 0 | 1): Float64Array =>
    Float64Array.from({ length }, (_, at) => Math.log(boundAt(axes, at)[which]));
  return { lower: bound(0), upper: bound(1) };
}

function boundAt(axes: number, at: number): readonly [number, number] {
  if (at === axes + 1) return BOUNDS.noise;
  return at === axes || at === 2 * axes + 2 ? BOUNDS.variance : BOUNDS.weight;
}

/** Weights, variance and noise, and weights and variance of the additive part. */
function logsOf({ weights, variance, noise, additive }: Hyperparameters): Float64Array {
  const beside = additive ? [...additive.weights, additive.variance] : [];
  return Float64Array.from([...weights, variance, noise, ...beside], Math.log);
}

function hyperparametersOf(logs: Float64Array, axes: number): Hyperparameters {
  const values = logs.map(Math.exp);
  const beside = values.subarray(axes + 2);
  return {
    weights: values.subarray(0, axes),
    variance: values[axes] ?? 0,
    noise: values[axes + 1] ?? 0,
    ...(beside.length > 0 && {
      additive: { weights: beside.subarray(0, axes), variance: beside[axes] ?? 0 },
    }),
  };
}

/** The negative logarithm of the posterior density by the logarithms of the hyperparameters, with or without an additive part. */
export function negativeLogPosterior(
  gaps: readonly Float64Array[],
  y: Float64Array,
): (logs: Float64Array, gradient: Float64Array) => number {
  const n = y.length;
  const factor = new Float64Array(n * n);
  const factors = new Float64Array((n * (n - 1)) / 2);
  const covariance = covarianceOf(gaps, n);
  return (logs, gradient) => {
    const given = hyperparametersOf(logs, gaps.length);
    covariance.fill(factor, given);
    if (!factorize(factor, n)) return Infinity;
    const alpha = Float64Array.from(y);
    solveLower(factor, n, alpha);
    let value = 0;
    for (let row = 0; row < n; row++) {
      const z = alpha[row] as number;
      value += 0.5 * z * z + Math.log(factor[row * n + row] as number);
    }
    solveUpper(factor, n, alpha);
    const trace = fillFactors(factors, alpha, inverseOf(factor, n));
    covariance.slopesOf(factors, trace).forEach((slope, at) => (gradient[at] = -slope));
    return value + addPrior(given, gradient);
  };
}

/** α αᵀ − K⁻¹ for each pair; returns its trace. */
function fillFactors(factors: Float64Array, alpha: Float64Array, inverse: Float64Array): number {
  const n = alpha.length;
  let trace = 0;
  for (let row = 0, pair = 0; row < n; row++) {
    const own = alpha[row] as number;
    for (let column = 0; column < row; column++, pair++)
      factors[pair] = own * (alpha[column] as number) - (inverse[row * n + column] as number);
    trace += own * own - (inverse[row * n + row] as number);
  }
  return trace;
}

/** Adds the negative logarithm of the prior density and its gradient. */
function addPrior(given: Hyperparameters, gradient: Float64Array): number {
  const { weights, variance, noise, additive } = given;
  const axes = weights.length;
  const add = (at: number, slope: number): void => {
    gradient[at] = (gradient[at] as number) + slope;
  };
  let value = 0;
  const addWeights = (ofPart: Float64Array, from: number): void =>
    ofPart.forEach((weight, axis) => {
      value += 0.1 / weight + 0.1 * weight;
      add(from + axis, -0.1 / weight + 0.1 * weight);
    });
  addWeights(weights, 0);
  // Beside an additive part the joint one may be as good as nothing.
  const least = additive ? 0 : 1;
  value += variance - least * Math.log(variance) + 30 * noise - 0.1 * Math.log(noise);
  add(axes, variance - least);
  add(axes + 1, 30 * noise - 0.1);
  if (!additive) return value;
  addWeights(additive.weights, axes + 2);
  add(2 * axes + 2, additive.variance - 1);
  return value + additive.variance - Math.log(additive.variance);
}
