import type { Axis } from '../axes.ts';
import { maternOf, maternSlopeOf, type KernelPart } from './matern.ts';

/** The mean of kernels over one axis each, between a place and each of those that were seen. */
export interface AdditiveKernel {
  /** Adds the covariances of the place and the seen ones to `near`, and keeps their slopes for `addSlopes`. */
  addTo(near: Float64Array, place: Float64Array): void;
  /** For each axis that is a line adds the sum of `factors` and the slopes of the covariances by the place. */
  addSlopes(slopes: Float64Array, factors: Float64Array, scale: number): void;
  /** Of two of the seen places. */
  between(row: number, column: number): number;
}

/** `places`: those that were seen, positions by axis. */
export function additiveKernel(
  axes: readonly Axis[],
  { weights, variance }: KernelPart,
  places: readonly Float64Array[],
): AdditiveKernel {
  const n = places.length;
  const share = variance / axes.length;
  const kernels = axes.map((axis, number) => {
    const isLine = axis.kind === 'line';
    return {
      number,
      isLine,
      scale: Math.sqrt(5 * (weights[number] as number)),
      seen: Float64Array.from(places, (place) => place[number] as number),
      slopes: new Float64Array(isLine ? n : 0),
    };
  });
  const distance = (isLine: boolean, gap: number): number => (isLine ? Math.abs(gap) : Number(gap !== 0));
  return {
    addTo(near, place) {
      for (const { number, isLine, scale, seen, slopes } of kernels) {
        const here = place[number] as number;
        for (let row = 0; row < n; row++) {
          const gap = here - (seen[row] as number);
          const r = scale * distance(isLine, gap);
          const decay = share * Math.exp(-r);
          near[row] = (near[row] as number) + maternOf(r, decay);
          if (isLine) slopes[row] = maternSlopeOf(r, decay) * gap;
        }
      }
    },
    addSlopes(slopes, factors, scale) {
      for (const { number, isLine, slopes: ofRows } of kernels) {
        if (!isLine) continue;
        let sum = 0;
        for (let row = 0; row < n; row++) sum += (ofRows[row] as number) * (factors[row] as number);
        // By the squared distance w gap², whose slope by the place is 2 w gap.
        slopes[number] = (slopes[number] as number) + scale * 2 * (weights[number] as number) * sum;
      }
    },
    between(row, column) {
      let sum = 0;
      for (const { isLine, scale, seen } of kernels) {
        const r = scale * distance(isLine, (seen[row] as number) - (seen[column] as number));
        sum += maternOf(r, share * Math.exp(-r));
      }
      return sum;
    },
  };
}
