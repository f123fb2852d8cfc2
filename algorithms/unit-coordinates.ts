import type { DoubleParameter, IntParameter, Parameter, Point } from '../core/search-space.ts';
import { levelCount, levelOf, levelValue } from './lattice.ts';
import { truncatedNormalCdf, truncatedNormalQuantile } from './normal.ts';

/*
 * The unit cube: one coordinate in [0, 1] per parameter, such that uniform coordinates give values with the
 * parameter's distribution. A parameter with numbered values owns one cell of the axis per value. Numeric cells reach
 * half a step to both sides of their value, so that the first and the last value are as likely as the others.
 */

/** The standard deviation of the normal distributions is the range over this: Katib's rule. */
const RANGE_IN_DEVIATIONS = 6;

type NumericParameter = DoubleParameter | IntParameter;

/** The point at coordinates in [0, 1], one per parameter. Values are always feasible. */
export function pointAt(parameters: readonly Parameter[], coordinates: ArrayLike<number>): Point {
  return Float64Array.from(parameters, (parameter, axis) => valueAt(parameter, coordinates[axis] ?? 0));
}

/** The coordinates of a point: the middle of the cell for numbered values, so that `pointAt` gives the point back. */
export function coordinatesOf(parameters: readonly Parameter[], point: Point): Float64Array {
  return Float64Array.from(parameters, (parameter, axis) =>
    coordinateOf(parameter, point[axis] ?? Number.NaN),
  );
}

/** The parameter's value at a coordinate in [0, 1]; monotone. */
export function valueAt(parameter: Parameter, coordinate: number): number {
  const count = levelCount(parameter);
  if (count === 1) return levelValue(parameter, 0);
  if (hasEqualCells(parameter, count)) {
    return levelValue(parameter, Math.min(count - 1, Math.floor(coordinate * count)));
  }
  const value = Math.min(parameter.max, Math.max(parameter.min, continuousValueAt(parameter, coordinate)));
  return snapped(parameter, count, value);
}

/** The coordinate of a feasible value, in [0, 1]. */
export function coordinateOf(parameter: Parameter, value: number): number {
  const count = levelCount(parameter);
  if (count === 1) return 0.5;
  if (hasEqualCells(parameter, count)) return ((levelOf(parameter, value) ?? 0) + 0.5) / count;
  if (count === Infinity) return continuousCoordinateOf(parameter, value);
  const half = (parameter.step ?? 0) / 2;
  const lower = continuousCoordinateOf(parameter, value - half);
  return (lower + continuousCoordinateOf(parameter, value + half)) / 2;
}

/**
 * The piece of [0, 1] whose coordinates give this value; null for a continuous parameter, where it has no width. The cells
 * of all values together cover the axis.
 */
export function cellOf(parameter: Parameter, value: number): readonly [low: number, high: number] | null {
  const count = levelCount(parameter);
  if (count === Infinity) return null;
  const level = levelOf(parameter, value) ?? 0;
  if (hasEqualCells(parameter, count)) return [level / count, (level + 1) / count];
  const half = (parameter.step ?? 0) / 2;
  return [
    level === 0 ? 0 : continuousCoordinateOf(parameter, value - half),
    level === count - 1 ? 1 : continuousCoordinateOf(parameter, value + half),
  ];
}

/** Values are numbered and equally likely: categories, lists, and uniform lattices. */
function hasEqualCells(
  parameter: Parameter,
  count: number,
): parameter is Exclude<Parameter, NumericParameter> | (NumericParameter & { distribution: 'uniform' }) {
  if (parameter.kind === 'categorical' || parameter.kind === 'discrete') return true;
  return parameter.distribution === 'uniform' && count !== Infinity;
}

/** The nearest value that the parameter takes. */
function snapped(parameter: NumericParameter, count: number, value: number): number {
  if (count === Infinity) return parameter.kind === 'int' ? Math.round(value) : value;
  const level = Math.round((value - parameter.min) / (parameter.step ?? 1));
  return levelValue(parameter, Math.min(count - 1, Math.max(0, level)));
}

function continuousValueAt(parameter: NumericParameter, coordinate: number): number {
  const { low, high, isLog, isNormal, centre, deviation } = scaleOf(parameter);
  // Neighbouring doubles can have one logarithm: a range without width on its scale.
  if (low === high) return parameter.min;
  const scaled = isNormal
    ? centre +
      deviation * truncatedNormalQuantile(coordinate, (low - centre) / deviation, (high - centre) / deviation)
    : low * (1 - coordinate) + high * coordinate;
  return isLog ? Math.exp(scaled) : scaled;
}

function continuousCoordinateOf(parameter: NumericParameter, value: number): number {
  const { low, high, isLog, isNormal, centre, deviation } = scaleOf(parameter);
  if (low === high) return 0.5;
  const scaled = Math.min(high, Math.max(low, isLog ? Math.log(Math.max(0, value)) : value));
  if (!isNormal) return (scaled - low) / (high - low);
  const [z, zLow, zHigh] = [scaled, low, high].map((x) => (x - centre) / deviation) as [
    number,
    number,
    number,
  ];
  return truncatedNormalCdf(z, zLow, zHigh);
}

/** The interval that a parameter's cells cover, on the scale (linear or logarithmic) on which its distribution is simple. */
interface Scale {
  low: number;
  high: number;
  isLog: boolean;
  isNormal: boolean;
  /** Of the normal distributions. */
  centre: number;
  deviation: number;
}

function scaleOf(parameter: NumericParameter): Scale {
  const { min, max, distribution } = parameter;
  const isLog = distribution === 'logUniform' || distribution === 'logNormal';
  const toScale = (x: number): number => (isLog ? Math.log(x) : x);
  const count = levelCount(parameter);
  const half = count === Infinity ? 0 : (parameter.step ?? 0) / 2;
  // A wide step must not carry the lowest cell of a logarithmic scale to zero or below.
  const low = isLog ? Math.max(min - half, min / 2) : min - half;
  const top = count === Infinity ? max : levelValue(parameter, count - 1);
  return {
    low: toScale(low),
    high: toScale(top + half),
    isLog,
    isNormal: distribution === 'normal' || distribution === 'logNormal',
    centre: (toScale(min) + toScale(max)) / 2,
    deviation: (toScale(max) - toScale(min)) / RANGE_IN_DEVIATIONS,
  };
}
