import type { Axis } from '../axes.ts';
import { factorize, inverseOf, solveLower, solveUpper } from './cholesky.ts';
import { fitHyperparameters } from './fit-hyperparameters.ts';
import { matern, squaredGap, type Hyperparameters } from './matern.ts';
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
  const gaps = axes.map((axis, number) => gapsOf(axis, places, number));
  const plain = fitOn(standardized, gaps, y);
  if (y.length < LEAST_FOR_POWER) return plain;
  const power = fitOn(powerTransformed, gaps, y);
  return power.density > plain.density + HYSTERESIS ? power : plain;
}

function fitOn(
  transform: Surrogate['transform'],
  gaps: readonly Float64Array[],
  y: Float64Array,
): Surrogate & { density: number } {
  const { values, logJacobian } = transform(y);
  const hyperparameters = fitHyperparameters(gaps, values);
  return {
    transform,
    hyperparameters,
    density: leaveOneOutLogDensity(gaps, values, hyperparameters) + logJacobian,
  };
}

/** The squared distances on one axis, of the pairs (1,0), (2,0), (2,1), … */
function gapsOf(axis: Axis, places: readonly Float64Array[], number: number): Float64Array {
  const gaps = new Float64Array((places.length * (places.length - 1)) / 2);
  let pair = 0;
  places.forEach((place, row) => {
    for (let column = 0; column < row; column++)
      gaps[pair++] = squaredGap(axis, place[number] ?? 0, places[column]?.[number] ?? 0);
  });
  return gaps;
}

/**
 * How well each value is foretold by all others, as the sum of the logarithms of the densities.
 *
 * Rasmussen and Williams (2006), equations 5.10 to 5.12.
 */
function leaveOneOutLogDensity(
  gaps: readonly Float64Array[],
  y: Float64Array,
  { weights, variance, noise }: Hyperparameters,
): number {
  const n = y.length;
  const factor = new Float64Array(n * n);
  for (let row = 0, pair = 0; row < n; row++) {
    for (let column = 0; column < row; column++, pair++) {
      const squared = gaps.reduce((sum, gap, axis) => sum + (weights[axis] ?? 0) * (gap[pair] ?? 0), 0);
      factor[row * n + column] = variance * matern(squared);
    }
    factor[row * n + row] = variance + noise;
  }
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
