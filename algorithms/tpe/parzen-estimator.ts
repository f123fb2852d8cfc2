import type { RandomStream } from '../../core/random.ts';
import { kernelsOf, type Kernels } from './kernels.ts';
import type { Axis } from '../axes.ts';

/** A density over some axes: one kernel for each trial, and the prior, with weights. */
export interface ParzenEstimator {
  /** The logarithm of the density at `values`, one for each axis, up to what all estimators of these axes share. */
  logDensity(values: Float64Array): number;
  /** Values drawn from the density, one for each axis. */
  draw(random: RandomStream): Float64Array;
}

/** Trials as an estimator wants them. */
export interface EstimatedTrials {
  /** For each axis, the trials' positions on it. */
  columns: readonly Float64Array[];
  /** For each trial, more than 0. */
  weights: Float64Array;
}

/**
 * A mixture whose kernels are products over the axes: with all axes it sees what values go together, with one it is a
 * density of that parameter alone. `spread` widens the kernels for drawing.
 */
export function parzenEstimator(
  axes: readonly Axis[],
  { columns, weights }: EstimatedTrials,
  priorWeight: number,
  spread = 1,
): ParzenEstimator {
  const perAxis = axes.map((axis, number) =>
    kernelsOf(axis, columns[number] ?? new Float64Array(weights.length), priorWeight, spread),
  );
  const shares = cumulativeShares(weights, priorWeight);
  const logShares = new Float64Array(shares.length);
  for (let kernel = 0; kernel < shares.length; kernel++)
    logShares[kernel] = Math.log(
      (shares[kernel] as number) - (kernel === 0 ? 0 : (shares[kernel - 1] as number)),
    );
  const sums = new Float64Array(shares.length);
  return {
    logDensity(values) {
      sums.set(logShares);
      for (let axis = 0; axis < perAxis.length; axis++)
        (perAxis[axis] as Kernels).addLogDensities(values[axis] as number, sums);
      return logSumExp(sums);
    },
    draw(random) {
      const kernel = firstAbove(shares, random.next());
      return Float64Array.from(perAxis, (kernels) => kernels.draw(kernel, random));
    },
  };
}

/** Of all kernels up to each, the prior last. Ends at 1. */
function cumulativeShares(weights: Float64Array, priorWeight: number): Float64Array {
  let total = priorWeight;
  for (let kernel = 0; kernel < weights.length; kernel++) total += weights[kernel] as number;
  const shares = new Float64Array(weights.length + 1);
  let sum = 0;
  for (let kernel = 0; kernel < weights.length; kernel++) {
    sum += weights[kernel] as number;
    shares[kernel] = sum / total;
  }
  shares[weights.length] = 1;
  return shares;
}

function firstAbove(shares: Float64Array, level: number): number {
  let [low, high] = [0, shares.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((shares[middle] ?? 1) > level) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Terms so far below the greatest add less than rounding takes, however many there are. */
const NEGLIGIBLE = -46;

function logSumExp(terms: Float64Array): number {
  let greatest = -Infinity;
  for (let at = 0; at < terms.length; at++)
    if ((terms[at] as number) > greatest) greatest = terms[at] as number;
  let sum = 0;
  for (let at = 0; at < terms.length; at++) {
    const below = (terms[at] as number) - greatest;
    if (below > NEGLIGIBLE) sum += Math.exp(below);
  }
  return greatest + Math.log(sum);
}
