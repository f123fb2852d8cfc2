import type { Axis } from '../axes.ts';

/**
 * Places as the kernel sees them: positions on lines in length scales, so that the squared distance is a sum of squares, and behind
 * them the categories, of which each that differs adds its weight.
 */
export interface ScaledPlaces {
  /** Numbers of a place. */
  readonly width: number;
  /** How many of them are positions on lines. */
  readonly lines: number;
  /** For each of the lines, its axis and by what its positions are multiplied. */
  readonly axes: Int32Array;
  readonly scales: Float64Array;
  /** Puts the numbers of a place to `at`. */
  write(place: Float64Array, to: Float64Array, at: number): void;
  /** Of the places that begin at `at` of `left` and at `other` of `right`. */
  squaredDistance(left: Float64Array, at: number, right: Float64Array, other: number): number;
}

/** `weights`: for each axis, one over the square of its length scale. */
export function scaledPlaces(axes: readonly Axis[], weights: Float64Array): ScaledPlaces {
  const numbers = axes.map((_, number) => number);
  const isLine = (number: number): boolean => axes[number]?.kind === 'line';
  const order = Int32Array.from([...numbers.filter(isLine), ...numbers.filter((number) => !isLine(number))]);
  const lines = numbers.filter(isLine).length;
  const width = axes.length;
  const scales = Float64Array.from(order, (number, at) => (at < lines ? Math.sqrt(weights[number] ?? 0) : 1));
  const ofCategories = Float64Array.from(order, (number) => weights[number] ?? 0);
  return {
    width,
    lines,
    axes: order.subarray(0, lines),
    scales,
    write(place, to, at) {
      for (let column = 0; column < width; column++)
        to[at + column] = (place[order[column] as number] as number) * (scales[column] as number);
    },
    squaredDistance(left, at, right, other) {
      let sum = 0;
      for (let column = 0; column < lines; column++) {
        const gap = (left[at + column] as number) - (right[other + column] as number);
        sum += gap * gap;
      }
      for (let column = lines; column < width; column++)
        if (left[at + column] !== right[other + column]) sum += ofCategories[column] as number;
      return sum;
    },
  };
}
