import type { RandomStream } from '../../core/random.ts';
import type { Parameter, Point, SearchProblem } from '../../core/search-space.ts';
import { axesOf, positionOf, type Axis } from '../axes.ts';
import {
  distinctPointSearcher,
  randomFreePoint,
  randomPoint,
  type Known,
  type Propose,
} from '../distinct-points.ts';
import { levelValue } from '../lattice.ts';
import type { SearchAlgorithm } from '../search-algorithm.ts';
import { scrambledSobol } from '../sobol.ts';
import { HISTORY_STATE, type TrialHistory } from '../trial-history.ts';
import { pointAt, valueAt } from '../unit-coordinates.ts';
import { climb, gainAt, type Acquisition, type Candidate } from './acquisition-search.ts';
import { BAYESIAN_SETTINGS, initialPoints } from './bayesian-settings.ts';
import { gaussianProcess } from './gaussian-process.ts';
import {
  areSameMeasurements,
  chosenMeasurements,
  firstMeasurements,
  measurementsOf,
  type Measurements,
} from './measurements.ts';
import type { Hyperparameters } from './matern.ts';
import { fitSurrogate, type Surrogate } from './surrogate.ts';

/** Up to so many measurements the hyperparameters are fitted anew with each; from then on when there are 5 % more. */
const ALWAYS_FITTED = 60;
const REFIT_GROWTH = 1.05;
/** Hyperparameters hardly change with more measurements than this, and cost the cube of their number. */
const MOST_FITTED = 120;
/** The model sees so many measurements, the better ones first. */
const MOST_MODELLED = 300;
const CLIMBS = 8;
const MOST_SCREENED = 2_048;
const LEAST_SCREENED = 256;
/** Multiplications that may be spent on looking for places to climb from. */
const SCREENING_WORK = 2e7;

/**
 * Bayesian optimization: a Gaussian process models the objective, and the place is tried where the expected improvement
 * over the best value so far is greatest. Running trials are taken for having the value that the model expects there, so that others keep
 * away from them. Everything is a function of the history: a search goes on in another process as if nothing had been.
 *
 * D. R. Jones, M. Schonlau, W. J. Welch, "Efficient global optimization of expensive black-box functions" (1998); J. Snoek, H. Larochelle,
 * R. P. Adams, "Practical Bayesian optimization of machine learning algorithms", NIPS 2012, for the kernel; D. Ginsbourger, R. Le Riche,
 * L. Carraro, "Kriging is well-suited to parallelize optimization" (2010), for running trials.
 */
export const bayesianSearch: SearchAlgorithm = {
  name: 'bayesianoptimization',
  summary: 'Bayesian optimization: a Gaussian process tells where an improvement is most to be expected.',
  settings: BAYESIAN_SETTINGS,
  unsupported: () => [],
  create: (problem, settings, random) =>
    distinctPointSearcher(
      problem.parameters,
      bayesianProposal(problem, initialPoints(settings, problem.parameters.length), random),
    ),
};

/** How the model proposes a point, once `initial` trials have a result. A search of its own, or the part of one that wants a model. */
export function bayesianProposal(
  { parameters, direction }: Pick<SearchProblem, 'parameters' | 'direction'>,
  initial: number,
  random: RandomStream,
): Propose {
  const axes = axesOf(parameters);
  const firstPoint = createInitialDesign(parameters, random.fork('initial'));
  const modelOf = createModel(axes, direction === 'minimize' ? 1 : -1, initial);
  return (index, isTaken, known) => {
    const stream = random.fork(index);
    const acquisition = modelOf(known);
    const points =
      acquisition === null
        ? [firstPoint(index)]
        : promisingPlaces(acquisition, stream).map((place) => pointOf(parameters, axes, place));
    return (
      points.find((point) => !isTaken(point) && !isKnown(point, known)) ??
      randomFreePoint(parameters, stream.fork('free'), isTaken)
    );
  };
}

/** Whether exactly this point was tried: models of smooth functions like the corners of the space. */
function isKnown(point: Point, { history, earlier }: Known): boolean {
  const isSame = (other: Point): boolean => other.every((value, axis) => value === point[axis]);
  for (let row = 0; row < history.size; row++) if (isSame(history.point(row))) return true;
  return earlier.some(isSame);
}

/** Points of a Sobol sequence and random ones in turn: a sequence alone now and then leads all models into one wrong basin. */
function createInitialDesign(
  parameters: readonly Parameter[],
  random: RandomStream,
): (index: number) => Point {
  const coordinatesAt = scrambledSobol(parameters.length, random);
  return (index) =>
    index % 2 === 0
      ? pointAt(parameters, coordinatesAt(index / 2))
      : randomPoint(parameters, random.fork(`random ${index}`));
}

interface FittedModel {
  surrogate: Surrogate;
  places: Float64Array[];
  values: Float64Array;
  pending: Float64Array[];
}

/** The acquisition of what is known; null where too few trials have a result, or all the same one. A model is made once for each history. */
function createModel(
  axes: readonly Axis[],
  sign: 1 | -1,
  initial: number,
): (known: Known) => Acquisition | null {
  const surrogateOf = createSurrogate(axes);
  let made: { history: TrialHistory; version: number; model: FittedModel | null } | undefined;
  return ({ history, earlier }) => {
    if (made?.history !== history || made.version !== history.version) {
      const all = measurementsOf(history, sign);
      const isTooLittle = all.rows.length < initial || areEqual(all.values);
      const model = isTooLittle ? null : modelOf(axes, history, all, surrogateOf(history, all));
      made = { history, version: history.version, model };
    }
    const { model } = made;
    return (
      model &&
      acquisitionOf(
        axes,
        model,
        earlier.map((point) => placeOf(axes, point)),
      )
    );
  };
}

/** Fits hyperparameters where the measurements that they are fitted to are others than last time. */
function createSurrogate(axes: readonly Axis[]): (history: TrialHistory, all: Measurements) => Surrogate {
  let last: { history: TrialHistory; fitted: Measurements; surrogate: Surrogate } | undefined;
  return (history, all) => {
    const fitted = chosenMeasurements(firstMeasurements(all, fittedCount(all.rows.length)), MOST_FITTED);
    if (last?.history !== history || !areSameMeasurements(last.fitted, fitted)) {
      const surrogate = fitSurrogate(axes, placesOf(axes, history, fitted), fitted.values);
      last = { history, fitted, surrogate };
    }
    return last.surrogate;
  };
}

/** To how many of the measurements, the first ones, hyperparameters are fitted: a function of their number alone. */
function fittedCount(count: number): number {
  let fitted = Math.min(count, ALWAYS_FITTED);
  for (let next = fitted; next <= count; next = Math.ceil(next * REFIT_GROWTH)) fitted = next;
  return fitted;
}

function placesOf(axes: readonly Axis[], history: TrialHistory, { rows }: Measurements): Float64Array[] {
  return Array.from(rows, (row) => placeOf(axes, history.point(row)));
}

function modelOf(
  axes: readonly Axis[],
  history: TrialHistory,
  all: Measurements,
  surrogate: Surrogate,
): FittedModel {
  const modelled = chosenMeasurements(all, MOST_MODELLED);
  const { values } = surrogate.transform(modelled.values);
  const places = placesOf(axes, history, modelled);
  return { surrogate, places, values, pending: runningPlaces(axes, history) };
}

function areEqual(values: Float64Array): boolean {
  return values.every((value) => value === values[0]);
}

function runningPlaces(axes: readonly Axis[], history: TrialHistory): Float64Array[] {
  const places: Float64Array[] = [];
  for (let row = 0; row < history.size; row++)
    if (history.state(row) === HISTORY_STATE.running) places.push(placeOf(axes, history.point(row)));
  return places.slice(-MOST_MODELLED);
}

function acquisitionOf(
  axes: readonly Axis[],
  model: FittedModel,
  earlier: readonly Float64Array[],
): Acquisition {
  const { hyperparameters } = model.surrogate;
  const seen = gaussianProcess(axes, model.places, model.values, hyperparameters);
  const best = model.values.reduce((least, value) => Math.min(least, value), Infinity);
  const pending = [...model.pending, ...earlier];
  const common = { best, axes, weights: steepness(hyperparameters) };
  if (pending.length === 0) return { ...common, process: seen };
  const believed = pending.map((place) => seen.meanAt(place));
  const process = gaussianProcess(
    axes,
    [...model.places, ...pending],
    Float64Array.from([...model.values, ...believed]),
    hyperparameters,
  );
  return { ...common, process };
}

/** One over the square of the length at which the model changes along each axis, jointly or by that axis alone. */
function steepness({ weights, additive }: Hyperparameters): Float64Array {
  return additive ? weights.map((weight, axis) => Math.max(weight, additive.weights[axis] ?? 0)) : weights;
}

/** Places from which and to which the search climbed, the most promising first. */
function promisingPlaces(acquisition: Acquisition, random: RandomStream): Float64Array[] {
  const screened = screen(acquisition, random);
  const climbed = startsOf(screened, random.fork('starts')).map(({ place }) => climb(acquisition, place));
  return [...climbed, ...screened].sort((left, right) => right.gain - left.gain).map(({ place }) => place);
}

function screen(acquisition: Acquisition, random: RandomStream): Candidate[] {
  const { axes, process } = acquisition;
  const work = process.size * process.size + 20 * process.size * axes.length;
  const count = Math.round(Math.max(LEAST_SCREENED, Math.min(MOST_SCREENED, SCREENING_WORK / work)));
  const coordinatesAt = scrambledSobol(axes.length, random.fork('screen'));
  return Array.from({ length: count }, (_, number) => {
    const coordinates = coordinatesAt(number);
    const place = Float64Array.from(axes, (axis, at) => {
      const value = valueAt(axis.parameter, coordinates[at] ?? 0);
      return positionOf(axis, value);
    });
    return { place, gain: gainAt(acquisition, place) };
  });
}

/** The best of the places, and others drawn by how good they are. */
function startsOf(screened: readonly Candidate[], random: RandomStream): Candidate[] {
  const best = screened.reduce((one, other) => (other.gain > one.gain ? other : one));
  // The Gumbel trick: the greatest sums of logarithm and noise are a draw without replacement.
  const drawn = screened
    .filter((candidate) => candidate !== best)
    .map((candidate) => ({
      candidate,
      key: candidate.gain - Math.log(-Math.log(random.next() || Number.MIN_VALUE)),
    }))
    .sort((left, right) => right.key - left.key)
    .slice(0, CLIMBS - 1);
  return [best, ...drawn.map(({ candidate }) => candidate)];
}

function placeOf(axes: readonly Axis[], point: Point): Float64Array {
  return Float64Array.from(axes, (axis) => positionOf(axis, point[axis.place] ?? 0));
}

function pointOf(parameters: readonly Parameter[], axes: readonly Axis[], place: Float64Array): Point {
  const point = Float64Array.from(parameters, (parameter) => levelValue(parameter, 0));
  axes.forEach((axis, number) => {
    const position = place[number] ?? 0;
    point[axis.place] = axis.kind === 'category' ? position : valueAt(axis.parameter, position);
  });
  return point;
}
