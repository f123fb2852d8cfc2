import type { Axis } from '../axes.ts';
import { maternOf, maternSlopeOf, squaredGap, type Hyperparameters, type KernelPart } from './matern.ts';

/** For each axis, the squared distances of the pairs of places (1,0), (2,0), (2,1), … */
export function gapsOf(axes: readonly Axis[], places: readonly Float64Array[]): Float64Array[] {
  return axes.map((axis, number) => {
    const gaps = new Float64Array((places.length * (places.length - 1)) / 2);
    let pair = 0;
    places.forEach((place, row) => {
      for (let column = 0; column < row; column++)
        gaps[pair++] = squaredGap(axis, place[number] ?? 0, places[column]?.[number] ?? 0);
    });
    return gaps;
  });
}

/** The covariance of n measurements, and how it changes with the hyperparameters. Pairs are in the order of `gapsOf`. */
export interface Covariance {
  /** Fills the lower half of an n × n matrix. */
  fill(matrix: Float64Array, given: Hyperparameters): void;
  /**
   * ½ tr(F ∂K/∂θ) for the logarithm θ of each hyperparameter, at what was filled in last. `factors` are the entries of the symmetric F for
   * each pair, `trace` is the sum of those on its diagonal.
   */
  slopesOf(factors: Float64Array, trace: number): CovarianceSlopes;
}

/** By the logarithms of the hyperparameters, in the order: joint weights and variance, noise, additive weights and variance. */
export type CovarianceSlopes = number[];

export function covarianceOf(gaps: readonly Float64Array[], n: number): Covariance {
  const pairs = (n * (n - 1)) / 2;
  const joint = jointPairs(gaps, pairs);
  const additive = additivePairs(gaps, pairs);
  let last: Hyperparameters | undefined;
  return {
    fill(matrix, given) {
      last = given;
      joint.fill(given);
      if (given.additive) additive.fill(given.additive);
      const diagonal = given.variance + (given.additive?.variance ?? 0) + given.noise;
      for (let row = 0, pair = 0; row < n; row++) {
        for (let column = 0; column < row; column++, pair++)
          matrix[row * n + column] =
            (joint.values[pair] as number) + (given.additive ? (additive.values[pair] as number) : 0);
        matrix[row * n + row] = diagonal;
      }
    },
    slopesOf(factors, trace) {
      if (!last) throw new Error('nothing was filled in');
      const slopes = [...joint.slopesOf(factors, trace, last), 0.5 * last.noise * trace];
      return last.additive ? [...slopes, ...additive.slopesOf(factors, trace, last.additive)] : slopes;
    },
  };
}

/** One part of the covariance of pairs. */
interface PairKernel {
  /** What was filled in last. */
  readonly values: Float64Array;
  fill(part: KernelPart): void;
  /** By the logarithms of the weights and of the variance. */
  slopesOf(factors: Float64Array, trace: number, part: KernelPart): number[];
}

function jointPairs(gaps: readonly Float64Array[], pairs: number): PairKernel {
  const values = new Float64Array(pairs);
  const slopes = new Float64Array(pairs);
  const weighted = new Float64Array(pairs);
  return {
    values,
    fill({ weights, variance }) {
      slopes.fill(0);
      gaps.forEach((ofAxis, axis) => {
        const weight = weights[axis] as number;
        for (let pair = 0; pair < pairs; pair++)
          slopes[pair] = (slopes[pair] as number) + weight * (ofAxis[pair] as number);
      });
      for (let pair = 0; pair < pairs; pair++) {
        const r = Math.sqrt(5 * (slopes[pair] as number));
        const decay = variance * Math.exp(-r);
        values[pair] = maternOf(r, decay);
        slopes[pair] = maternSlopeOf(r, decay);
      }
    },
    slopesOf(factors, trace, { weights, variance }) {
      for (let pair = 0; pair < pairs; pair++)
        weighted[pair] = (factors[pair] as number) * (slopes[pair] as number);
      const byWeights = gaps.map((ofAxis, axis) => dot(ofAxis, weighted) * (weights[axis] as number));
      return [...byWeights, dot(factors, values) + 0.5 * variance * trace];
    },
  };
}

function additivePairs(gaps: readonly Float64Array[], pairs: number): PairKernel {
  const values = new Float64Array(pairs);
  const slopes = gaps.map(() => new Float64Array(0));
  return {
    values,
    fill({ weights, variance }) {
      values.fill(0);
      gaps.forEach((ofAxis, axis) => {
        const weight = 5 * (weights[axis] as number);
        const share = variance / gaps.length;
        if (slopes[axis]?.length !== pairs) slopes[axis] = new Float64Array(pairs);
        const slopesHere = slopes[axis] as Float64Array;
        for (let pair = 0; pair < pairs; pair++) {
          const r = Math.sqrt(weight * (ofAxis[pair] as number));
          const decay = share * Math.exp(-r);
          values[pair] = (values[pair] as number) + maternOf(r, decay);
          slopesHere[pair] = maternSlopeOf(r, decay) * (ofAxis[pair] as number);
        }
      });
    },
    slopesOf(factors, trace, { weights, variance }) {
      const byWeights = slopes.map((ofAxis, axis) => dot(ofAxis, factors) * (weights[axis] as number));
      return [...byWeights, dot(factors, values) + 0.5 * variance * trace];
    },
  };
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
