import type { Axis } from '../axes.ts';
import { factorize, inverseOf, solveLower, solveUpper } from './cholesky.ts';
import { covarianceOf, gapsOf } from './covariance.ts';
import { fitHyperparameters } from './fit-hyperparameters.ts';
import type { Hyperparameters } from './matern.ts';
import { powerTransformed, standardized, type TransformedOutput } from './output-transform.ts';

/** A model of the objective: on which scale, and with what hyperparameters. */
export interface Surrogate {
  hyperparameters: Hyperparameters;
  transform: (y: Float64Array) => TransformedOutput;
}

/** With fewer measurements a choice is a guess. */
const LEAST_FOR_CHOICE = 8;
/** Twice the hyperparameters need more, and at least two for each axis. */
const LEAST_FOR_ADDITIVE = 16;
/** So much likelier, in nats, the measurements must be with what is not the plain model. */
const HYSTERESIS = 1;

/**
 * Fits models to measurements: on the plain scale and on that of a power, and on the better scale with functions of one axis each
 * beside the joint one. Takes whichever foretells each measurement better from all others: no one model is good for all objectives.
 */
export function fitSurrogate(
  axes: readonly Axis[],
  places: readonly Float64Array[],
  y: Float64Array,
): Surrogate {
  const gaps = gapsOf(axes, places);
  const plain = fitOn(standardized, gaps, y);
  if (y.length < LEAST_FOR_CHOICE) return plain;
  const scaled = better(plain, fitOn(powerTransformed, gaps, y, [plain.hyperparameters]));
  if (axes.length === 1 || y.length < Math.max(LEAST_FOR_ADDITIVE, 2 * axes.length)) return scaled;
  return better(scaled, fitOn(scaled.transform, gaps, y, additiveStarts(scaled.hyperparameters)));
}

interface Fit extends Surrogate {
  density: number;
}

function better(first: Fit, second: Fit): Fit {
  return second.density > first.density + HYSTERESIS ? second : first;
}

/** What one axis does alone is mostly wavier than what all do together. */
function additiveStarts({ weights, variance, noise }: Hyperparameters): Hyperparameters[] {
  return [1, 8].map((wavier) => ({
    weights,
    variance: 0.2 * variance,
    noise,
    additive: { weights: weights.map((weight) => wavier * Math.max(0.3, weight)), variance },
  }));
}

function fitOn(
  transform: Surrogate['transform'],
  gaps: readonly Float64Array[],
  y: Float64Array,
  starts?: readonly Hyperparameters[],
): Fit {
  const { values, logJacobian } = transform(y);
  const hyperparameters = fitHyperparameters(gaps, values, starts);
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
  covarianceOf(gaps, n).fill(factor, given);
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
