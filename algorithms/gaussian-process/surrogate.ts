import type { Axis } from '../axes.ts';
import { factorize, inverseOf, solveLower, solveUpper } from './cholesky.ts';
import { fillCovariance, gapsOf } from './covariance.ts';
import { fitHyperparameters } from './fit-hyperparameters.ts';
import type { Hyperparameters } from './matern.ts';
import { powerTransformed, standardized, type TransformedOutput } from './output-transform.ts';

/** A model of the objective: on which scale, and with what hyperparameters. */
export interface Surrogate {
  hyperparameters: Hyperparameters;
  transform: (y: Float64Array) => TransformedOutput;
}

/** With fewer measurements a power is a guess. */
const LEAST_FOR_POWER = 8;
/** So much likelier, in nats, the measurements must be on the scale of a power. */
const HYSTERESIS = 1;

/**
 * Fits a model to measurements, on the plain scale or on that of a power: on whichever each measurement is better foretold
 * by all others. No one scale is good for all objectives, and the choice costs one more fit.
 */
export function fitSurrogate(
  axes: readonly Axis[],
  places: readonly Float64Array[],
  y: Float64Array,
): Surrogate {
  const gaps = gapsOf(axes, places);
  const plain = fitOn(standardized, gaps, y);
  if (y.length < LEAST_FOR_POWER) return plain;
  const power = fitOn(powerTransformed, gaps, y, plain.hyperparameters);
  return power.density > plain.density + HYSTERESIS ? power : plain;
}

function fitOn(
  transform: Surrogate['transform'],
  gaps: readonly Float64Array[],
  y: Float64Array,
  near?: Hyperparameters,
): Surrogate & { density: number } {
  const { values, logJacobian } = transform(y);
  const hyperparameters = fitHyperparameters(gaps, values, near);
  return {
    transform,
    hyperparameters,
    density: leaveOneOutLogDensity(gaps, values, hyperparameters) + logJacobian,
  };
}

/**
 * How well each value is foretold by all others, as the sum of the logarithms of the densities.
 *
 * Rasmussen and Williams (2006), equations 5.10 to 5.12.
 */
function leaveOneOutLogDensity(
  gaps: readonly Float64Array[],
  y: Float64Array,
  given: Hyperparameters,
): number {
  const n = y.length;
  const factor = new Float64Array(n * n);
  fillCovariance(factor, gaps, given, n, new Float64Array((n * (n - 1)) / 2));
  if (!factorize(factor, n)) return -Infinity;
  const alpha = Float64Array.from(y);
  solveLower(factor, n, alpha);
  solveUpper(factor, n, alpha);
  const inverse = inverseOf(factor, n);
  return alpha.reduce((sum, weight, row) => {
    const precision = inverse[row * n + row] ?? 1;
    return sum + 0.5 * (Math.log(precision) - Math.log(2 * Math.PI) - (weight * weight) / precision);
  }, 0);
}
