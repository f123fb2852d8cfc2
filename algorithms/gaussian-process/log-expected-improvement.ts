import { millsRatio, normalCdf } from '../normal.ts';

const LOG_SQRT_2PI = 0.5 * Math.log(2 * Math.PI);
/** Below this the difference that the exact formula takes has no digits left. */
const FAR = -1e5;
/** Keeps the acquisition finite at points that were measured. */
const LEAST_VARIANCE = 1e-12;

/** The logarithm of the expected improvement, and its derivatives by mean and variance. */
export interface LogImprovement {
  value: number;
  byMean: number;
  byVariance: number;
}

/**
 * By how much a value is expected to be less than `best`, on a logarithmic scale, where expectations that are far too small for a
 * double still have a slope.
 *
 * S. Ament, S. Daulton, D. Eriksson, M. Balandat, E. Bakshy, "Unexpected improvements to expected improvement for Bayesian
 * optimization", NeurIPS 2023, equation 9.
 */
export function logExpectedImprovement(best: number, mean: number, variance: number): LogImprovement {
  const deviation = Math.sqrt(variance + LEAST_VARIANCE);
  const z = (best - mean) / deviation;
  const logH = logImprovementOfUnit(z);
  // h'(z) = Φ(z), and Φ(z)/h(z) keeps its size where both underflow.
  const ratio = z > -1 ? normalCdf(z) / Math.exp(logH) : tailRatio(z);
  return {
    value: Math.log(deviation) + logH,
    byMean: -ratio / deviation,
    byVariance: (1 - ratio * z) / (2 * deviation * deviation),
  };
}

/** ln(φ(z) + z Φ(z)). */
function logImprovementOfUnit(z: number): number {
  const logDensity = -0.5 * z * z - LOG_SQRT_2PI;
  if (z > -1) return Math.log(Math.exp(logDensity) + z * normalCdf(z));
  if (z < FAR) return logDensity - 2 * Math.log(-z);
  return logDensity + Math.log1p(z * millsRatio(-z));
}

/** Φ(z) / (φ(z) + z Φ(z)) for z ≤ −1. */
function tailRatio(z: number): number {
  if (z < FAR) return -z;
  const ratio = millsRatio(-z);
  return ratio / (1 + z * ratio);
}
