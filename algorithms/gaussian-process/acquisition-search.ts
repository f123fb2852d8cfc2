import { minimizeInBox } from '../bounded-lbfgs.ts';
import type { Axis } from '../axes.ts';
import { levelCount, levelOf, levelValue } from '../lattice.ts';
import { positionOf } from '../axes.ts';
import { valueAt } from '../unit-coordinates.ts';
import type { GaussianProcess, PredictionSlopes } from './gaussian-process.ts';
import { logExpectedImprovement } from './log-expected-improvement.ts';

/** All values of an axis are tried where there are no more. */
const EXHAUSTED_LEVELS = 16;
const MAX_SWEEPS = 12;
const CLIMB = { maxIterations: 50, gradientTolerance: 1e-4 };

/** A place with the logarithm of the improvement that is expected there. */
export interface Candidate {
  place: Float64Array;
  gain: number;
}

/** The acquisition function of a model: how much better than `best` a place is expected to be. */
export interface Acquisition {
  process: GaussianProcess;
  best: number;
  axes: readonly Axis[];
  /** One over the square of each axis' length scale; climbing is done in lengths of these. */
  weights: Float64Array;
}

export function gainAt({ process, best }: Acquisition, place: Float64Array): number {
  const { mean, variance } = process.predict(place);
  return logExpectedImprovement(best, mean, variance).value;
}

/**
 * Climbs from a place to a local maximum of the acquisition: continuous axes together by their gradients, then each axis
 * with numbered values by trying them, until nothing changes. Places stay on the values that the parameters take, since
 * a maximum between a measured value and its neighbour would be rounded to what is measured already.
 */
export function climb(acquisition: Acquisition, start: Float64Array): Candidate {
  const { axes } = acquisition;
  const continuous = axes.flatMap((axis, number) =>
    levelCount(axis.parameter) === Infinity ? [number] : [],
  );
  const numbered = axes.flatMap((_, number) => (continuous.includes(number) ? [] : [number]));
  const candidate = { place: Float64Array.from(start), gain: gainAt(acquisition, start) };
  for (let sweep = 0; sweep < MAX_SWEEPS; sweep++) {
    const before = candidate.gain;
    if (continuous.length > 0) climbContinuous(acquisition, candidate, continuous);
    const between = candidate.gain;
    for (const number of numbered) climbNumbered(acquisition, candidate, number);
    if (numbered.length === 0 || (candidate.gain === between && sweep > 0) || candidate.gain === before)
      break;
  }
  return candidate;
}

function climbContinuous(acquisition: Acquisition, candidate: Candidate, numbers: readonly number[]): void {
  const { process, best, axes, weights } = acquisition;
  const slopes: PredictionSlopes = {
    mean: new Float64Array(axes.length),
    variance: new Float64Array(axes.length),
  };
  const place = Float64Array.from(candidate.place);
  const scales = Float64Array.from(numbers, (number) => Math.sqrt(Math.max(1e-2, weights[number] ?? 1)));
  const put = (x: Float64Array): void =>
    numbers.forEach((number, at) => (place[number] = (x[at] as number) / (scales[at] as number)));
  const descend = (x: Float64Array, gradient: Float64Array): number => {
    put(x);
    const { mean, variance } = process.predictWithSlopes(place, slopes);
    const { value, byMean, byVariance } = logExpectedImprovement(best, mean, variance);
    numbers.forEach((number, at) => {
      const slope =
        byMean * (slopes.mean[number] as number) + byVariance * (slopes.variance[number] as number);
      gradient[at] = -slope / (scales[at] as number);
    });
    return -value;
  };
  const x = Float64Array.from(
    numbers,
    (number, at) => (candidate.place[number] as number) * (scales[at] as number),
  );
  const bounds = { lower: new Float64Array(numbers.length), upper: scales };
  const gain = -minimizeInBox(descend, x, bounds, CLIMB);
  if (!(gain > candidate.gain)) return;
  put(x);
  candidate.place.set(place);
  candidate.gain = gain;
}

function climbNumbered(acquisition: Acquisition, candidate: Candidate, number: number): void {
  const axis = acquisition.axes[number] as Axis;
  const count = levelCount(axis.parameter);
  const levelAt = (): number => {
    const position = candidate.place[number] as number;
    if (axis.kind === 'category') return position;
    return levelOf(axis.parameter, valueAt(axis.parameter, position)) ?? 0;
  };
  const tried = new Set([levelAt()]);
  const attempt = (level: number): boolean => {
    if (level < 0 || level >= count || tried.has(level)) return false;
    tried.add(level);
    const place = Float64Array.from(candidate.place);
    place[number] = positionOf(axis, levelValue(axis.parameter, level));
    const gain = gainAt(acquisition, place);
    if (!(gain > candidate.gain)) return false;
    candidate.place.set(place);
    candidate.gain = gain;
    return true;
  };
  if (axis.kind === 'category' || count <= EXHAUSTED_LEVELS) {
    for (let level = 0; level < count; level++) attempt(level);
    return;
  }
  // Ever longer strides from where it stands, and again from wherever that leads.
  for (let moved = true; moved;) {
    moved = false;
    const from = levelAt();
    for (let stride = 1; stride < count && !moved; stride *= 2)
      moved = attempt(from + stride) || attempt(from - stride);
  }
}
