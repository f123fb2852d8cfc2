import { unitCovariance, type Covariance } from './covariance.ts';
import type { StrategyParameters } from './strategy-parameters.ts';

/** The step size grows by this factor at most in one generation. */
const FASTEST_GROWTH = Math.E;
/** Keeps 1/‖C^(−1/2) y‖² finite. */
const TINY = 1e-8;

/** The normal distribution N(m, σ² C) of a search, with the paths that it has come. It never changes: an update makes another one. */
export interface Gaussian {
  readonly mean: Float64Array;
  readonly sigma: number;
  readonly covariance: Covariance;
  /** p_σ, which tells whether steps go on in one direction. */
  readonly sigmaPath: Float64Array;
  /** p_c, which tells in which direction. */
  readonly covariancePath: Float64Array;
  /** Updates so far. */
  readonly generation: number;
}

/** How much each point of a generation counts, in the order of the points. */
export interface SelectionWeights {
  /** For the mean: none is negative, and they sum to 1 at most. */
  readonly mean: Float64Array;
  /** For the covariance: those of the worse half are negative. */
  readonly covariance: Float64Array;
}

export function initialGaussian(mean: Float64Array, sigma: number, isSeparable: boolean): Gaussian {
  const n = mean.length;
  return {
    mean,
    sigma,
    covariance: unitCovariance(n, isSeparable),
    sigmaPath: new Float64Array(n),
    covariancePath: new Float64Array(n),
    generation: 0,
  };
}

/**
 * The distribution after a generation of `steps` y = (x − m)/σ: equations 41 to 47 of N. Hansen, "The CMA evolution strategy: a
 * tutorial" (2016, arXiv 1604.00772), with c_m = 1. Where points were moved after they had been drawn, mean and step size learn from the steps to where they
 * are, and the covariance from `drawn`, the steps before.
 */
export function updatedGaussian(
  gaussian: Gaussian,
  parameters: StrategyParameters,
  steps: readonly Float64Array[],
  weights: SelectionWeights,
  drawn: readonly Float64Array[] = steps,
): Gaussian {
  const { covariance, sigma, generation } = gaussian;
  const { cSigma, dSigma, expectedNorm } = parameters;
  const meanStep = weightedSum(steps, weights.mean, gaussian.mean.length);
  // √μ_eff by its definition: the weights of trials without a result, or of equal ones, are others than those of the ranks.
  const mass = 1 / Math.sqrt(weights.mean.reduce((sum, weight) => sum + weight * weight, 0));
  const sigmaPath = advanced(gaussian.sigmaPath, cSigma, covariance.whitened(meanStep), mass);
  const length = Math.sqrt(sigmaPath.reduce((sum, value) => sum + value * value, 0));
  const growth = Math.exp((cSigma / dSigma) * (length / expectedNorm - 1));
  const isSteady =
    length / Math.sqrt(1 - (1 - cSigma) ** (2 * (generation + 1))) <
    (1.4 + 2 / (parameters.dimensions + 1)) * expectedNorm;
  const drawnStep = drawn === steps ? meanStep : weightedSum(drawn, weights.mean, meanStep.length);
  const covariancePath = advanced(gaussian.covariancePath, parameters.cC, drawnStep, isSteady ? mass : 0);
  return {
    mean: gaussian.mean.map((value, k) => value + sigma * (meanStep[k] as number)),
    sigma: sigma * Math.min(FASTEST_GROWTH, growth),
    covariance: updatedCovariance(covariance, parameters, {
      covariancePath,
      isSteady,
      steps: drawn,
      weights,
    }),
    sigmaPath,
    covariancePath,
    generation: generation + 1,
  };
}

/** Equations 43 and 45: what is old fades, and the new step comes in such that the variance stays 1. */
function advanced(path: Float64Array, c: number, step: Float64Array, mass: number): Float64Array {
  const scale = Math.sqrt(c * (2 - c)) * mass;
  return path.map((value, k) => (1 - c) * value + scale * (step[k] as number));
}

/** Equations 46 and 47. */
function updatedCovariance(
  covariance: Covariance,
  { c1, cMu, cC, dimensions }: StrategyParameters,
  {
    covariancePath,
    isSteady,
    steps,
    weights,
  }: {
    covariancePath: Float64Array;
    isSteady: boolean;
    steps: readonly Float64Array[];
    weights: SelectionWeights;
  },
): Covariance {
  const lost = isSteady ? 0 : cC * (2 - cC);
  const sum = weights.covariance.reduce((total, weight) => total + weight, 0);
  const terms = steps.map((step, k) => {
    const weight = weights.covariance[k] as number;
    // A bad step counts by its direction only: a long one would make the matrix indefinite.
    const scale = weight < 0 ? dimensions / Math.max(TINY, covariance.squaredLength(step)) : 1;
    return { weight: cMu * weight * scale, step };
  });
  return covariance.updated(1 + c1 * lost - c1 - cMu * sum, [{ weight: c1, step: covariancePath }, ...terms]);
}

function weightedSum(vectors: readonly Float64Array[], weights: Float64Array, n: number): Float64Array {
  const sum = new Float64Array(n);
  vectors.forEach((vector, at) => {
    const weight = weights[at] as number;
    if (weight === 0) return;
    for (let k = 0; k < n; k++) sum[k] = (sum[k] as number) + weight * (vector[k] as number);
  });
  return sum;
}
