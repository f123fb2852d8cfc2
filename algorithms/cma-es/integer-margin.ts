import type { RandomStream } from '../../core/random.ts';
import { normalCdf, normalQuantile, truncatedNormalQuantile } from '../normal.ts';
import type { Gaussian } from './gaussian.ts';
import { cellAt, type Cell, type LineAxis } from './space.ts';

/*
 * Axes with cells. Without more a normal distribution that has become narrower than a cell never leaves it again; here every axis keeps a probability, the
 * margin, of another value than that of the mean.
 *
 * R. Hamano, M. Nomura, S. Saito, K. Uchida, S. Shirakawa, "CatCMA with margin: single- and multi-objective optimization for continuous, integer, and
 * categorical variables", GECCO 2025 (arXiv 2504.07884).
 */

/** A generation of a search without any progress has this probability of no mutation at all. */
const STILL = 0.73;
/** Probabilities keep away from 0 and from one half by this much. */
const AWAY = 1e-8;
/** A standard deviation of so many cells leaves the mean's cell nearly always. */
const WIDE = 2;

/** What is kept of the axes with cells, by axis; those of continuous axes are never looked at. */
export interface Mutability {
  /** A: by how much the axis is stretched when points are drawn. */
  readonly stretch: Float64Array;
  /** The probability of another value than that of the mean. */
  readonly rates: Float64Array;
}

/** The margin α that `count` discrete parameters together divide among them. */
export function marginOf(count: number): number {
  return 1 - STILL ** (1 / Math.max(1, count));
}

export function initialMutability(lines: number): Mutability {
  return { stretch: new Float64Array(lines).fill(1), rates: new Float64Array(lines).fill(0.5 - AWAY) };
}

/** The standard deviation along a line, as points are drawn. */
export function deviationOf({ sigma, covariance }: Gaussian, { stretch }: Mutability, line: number): number {
  return sigma * (stretch[line] as number) * Math.sqrt(covariance.variances[line] as number);
}

/**
 * A coordinate that the distribution could have had for a value: drawn from the part of it that lies in the value's cell. The values alone stand in a
 * history, and the objective depends on them alone, so that one such coordinate is as good as another.
 */
export function drawInCell(cell: Cell, mean: number, deviation: number, random: RandomStream): number {
  const low = (cell.low - mean) / deviation;
  const high = (cell.high - mean) / deviation;
  return mean + deviation * truncatedNormalQuantile(random.next(), low, high);
}

/** Coordinates of the better half of a generation along one line, moved to where the mean learns most; and whether one had another value than the mean. */
export interface Centred {
  readonly coordinates: Float64Array;
  readonly hasMutant: boolean;
}

/**
 * Integer centring: a coordinate with another value than the mean's goes to the middle of its cell, so that the step is worth it; the others then
 * give way, so that the coordinates together move as little as they can.
 */
export function centred(line: LineAxis, coordinates: Float64Array, mean: number): Centred {
  const home = cellAt(line, mean).centre;
  const cells = Array.from(coordinates, (coordinate) => cellAt(line, coordinate).centre);
  const isMutant = cells.map((centre) => centre !== home);
  const moves = cells.map((centre, at) => centre - (coordinates[at] as number));
  const bias = sum(moves.filter((_, at) => isMutant[at]));
  const against = moves.map((move, at) => (!isMutant[at] && move * bias < 0 ? move : 0));
  const total = sum(against);
  const share = total === 0 ? 0 : Math.min(1, -bias / total);
  return {
    coordinates: coordinates.map(
      (coordinate, at) =>
        coordinate + (isMutant[at] ? (moves[at] as number) : share * (against[at] as number)),
    ),
    hasMutant: isMutant.includes(true),
  };
}

/** Gives every axis with cells its margin again: the mean and the stretch are corrected. `hasMutant` tells where another value than the mean's was good. */
export function withMargin(
  gaussian: Gaussian,
  mutability: Mutability,
  lines: readonly LineAxis[],
  margin: number,
  hasMutant: readonly boolean[],
): { gaussian: Gaussian; mutability: Mutability } {
  const mean = Float64Array.from(gaussian.mean);
  const stretch = Float64Array.from(mutability.stretch);
  const rates = Float64Array.from(mutability.rates);
  lines.forEach((line, at) => {
    if (!line.isLattice) return;
    const narrow = gaussian.sigma * Math.sqrt(gaussian.covariance.variances[at] as number);
    const axis: MarginAxis = {
      cell: cellAt(line, mean[at] as number),
      mean: mean[at] as number,
      stretch: stretch[at] as number,
      narrow,
      margin,
      mostRate: hasMutant[at] ? 1 : (rates[at] as number),
    };
    const corrected = axis.cell.low === -Infinity || axis.cell.high === Infinity ? atEnd(axis) : inside(axis);
    mean[at] = corrected.mean;
    stretch[at] = corrected.stretch;
    rates[at] = corrected.rate;
  });
  return { gaussian: { ...gaussian, mean }, mutability: { stretch, rates } };
}

interface MarginAxis {
  cell: Cell;
  mean: number;
  stretch: number;
  /** The standard deviation without the stretch. */
  narrow: number;
  margin: number;
  /** The rate of mutation must not become greater than this. */
  mostRate: number;
}

interface CorrectedAxis {
  mean: number;
  stretch: number;
  rate: number;
}

/** In the first or the last cell there is one way out. */
function atEnd({ cell, mean, stretch, narrow, margin, mostRate }: MarginAxis): CorrectedAxis {
  const isFirst = cell.low === -Infinity;
  const threshold = isFirst ? cell.high : cell.low;
  const away = Math.abs(threshold - mean);
  const reached = normalCdf(-away / (narrow * stretch));
  const rate = within(Math.min(Math.max(reached, margin), mostRate));
  // At the least rate the mean is not further out than the value itself.
  const least = Math.abs(cell.centre - threshold) / (narrow * normalQuantile(1 - margin));
  const wide = Math.max(stretch, least);
  const distance = narrow * wide * normalQuantile(1 - rate);
  return { mean: isFirst ? threshold - distance : threshold + distance, stretch: wide, rate };
}

/** Elsewhere both ways out have at least half of the margin. */
function inside({ cell, mean, stretch, narrow, margin, mostRate }: MarginAxis): CorrectedAxis {
  const deviation = narrow * stretch;
  const below = normalCdf((cell.low - mean) / deviation);
  const above = normalCdf((mean - cell.high) / deviation);
  // Far wider than the cell, the distribution needs no help.
  if (deviation > WIDE * (cell.high - cell.low)) return { mean, stretch, rate: below + above };
  const isBound = mostRate < 1;
  const least = { below: margin / 2, stay: isBound ? 1 - mostRate : margin / 2, above: margin / 2 };
  const low = Math.max(below, least.below);
  const high = Math.max(above, least.above);
  const stay = isBound ? Math.max(1 - below - above, least.stay) : 1 - below - above;
  // What all three have too much together is taken from each in proportion to what it could give.
  const spare = low + stay + high - least.below - least.stay - least.above;
  const change = spare > 0 ? (1 - low - stay - high) / spare : 0;
  const lower = within(low + change * (low - least.below));
  const upper = within(high + change * (high - least.above));
  const lowerReach = normalQuantile(1 - lower);
  const upperReach = normalQuantile(1 - upper);
  return {
    mean: (cell.low * upperReach + cell.high * lowerReach) / (lowerReach + upperReach),
    stretch: (cell.high - cell.low) / ((lowerReach + upperReach) * narrow),
    rate: lower + upper,
  };
}

function within(probability: number): number {
  return Math.min(0.5 - AWAY, Math.max(AWAY, probability));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
