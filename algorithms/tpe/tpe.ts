import type { RandomStream } from '../../core/random.ts';
import type { Parameter, Point, SearchProblem } from '../../core/search-space.ts';
import { distinctPointSearcher, randomFreePoint, type Known, type Propose } from '../distinct-points.ts';
import { levelValue } from '../lattice.ts';
import type { SearchAlgorithm } from '../search-algorithm.ts';
import { RANDOM_STATE } from '../settings.ts';
import { scrambledSobol } from '../sobol.ts';
import { pointAt } from '../unit-coordinates.ts';
import { agedKernels } from './aged-kernels.ts';
import { axesOf, positionOf, type Axis } from '../axes.ts';
import { createObservedPoints } from '../observed-points.ts';
import { parzenEstimator, type EstimatedTrials, type ParzenEstimator } from './parzen-estimator.ts';
import { rankRows } from './ranked-rows.ts';
import { readTpeSettings, TPE_SETTINGS, type TpeSettings } from './tpe-settings.ts';

/** Of the trials that are not good so many become kernels: a suggestion takes no longer after that. */
const MOST_BAD_KERNELS = 600;

/**
 * The tree-structured Parzen estimator, each parameter for itself: a value is good where good trials had it and others had
 * not. Trials are split at a quantile of the objective; both halves become densities l and g, and of values drawn from
 * l the one with the greatest l/g is suggested, which maximises the expected improvement.
 *
 * J. Bergstra, R. Bardenet, Y. Bengio, B. Kégl, "Algorithms for hyper-parameter optimization", NIPS 2011, equation 16.
 */
export const tpeSearch: SearchAlgorithm = {
  name: 'tpe',
  summary: 'Tree-structured Parzen estimators, each parameter for itself.',
  settings: [...TPE_SETTINGS, RANDOM_STATE],
  unsupported: () => [],
  create: (problem, settings, random) =>
    distinctPointSearcher(
      problem.parameters,
      tpeProposal(problem, readTpeSettings(settings), random, (axes) => axes.map((axis) => [axis])),
    ),
};

/**
 * The same with one density over all parameters, which sees what values go together.
 *
 * S. Falkner, A. Klein, F. Hutter, "BOHB: robust and efficient hyperparameter optimization at scale", ICML 2018, section 3.2;
 * S. Watanabe, "Tree-structured Parzen estimator: understanding its algorithm components", 2023.
 */
export const multivariateTpeSearch: SearchAlgorithm = {
  name: 'multivariate-tpe',
  summary: 'Tree-structured Parzen estimators of all parameters together.',
  settings: [...TPE_SETTINGS, RANDOM_STATE],
  unsupported: () => [],
  create: (problem, settings, random) =>
    distinctPointSearcher(
      problem.parameters,
      tpeProposal(problem, readTpeSettings(settings), random, (axes) => [axes]),
    ),
};

/** Which axes share a density. */
type Grouping = (axes: readonly Axis[]) => readonly (readonly Axis[])[];

/** How the estimators propose a point. A search of its own, or the part of one that wants a model. */
export function tpeProposal(
  { parameters, direction }: Pick<SearchProblem, 'parameters' | 'direction'>,
  settings: TpeSettings,
  random: RandomStream,
  grouping: Grouping,
): Propose {
  const coordinatesAt = scrambledSobol(parameters.length, random.fork('startup'));
  const modelAt = createModel(parameters, direction === 'minimize' ? 1 : -1, settings, grouping);
  return (index, isTaken, known) => {
    const stream = random.fork(index);
    const model = modelAt(known);
    const points =
      model === null
        ? [pointAt(parameters, coordinatesAt(index))]
        : candidates(parameters, model, settings, stream);
    return (
      points.find((point) => !isTaken(point)) ?? randomFreePoint(parameters, stream.fork('free'), isTaken)
    );
  };
}

/** The two densities over some axes. */
interface Densities {
  axes: readonly Axis[];
  good: ParzenEstimator;
  bad: ParzenEstimator;
}

/** The densities of what is known; null where too few trials have a result yet. */
function createModel(
  parameters: readonly Parameter[],
  sign: 1 | -1,
  { startupTrials, goodCount, priorWeight, spread }: TpeSettings,
  grouping: Grouping,
): (known: Known) => readonly Densities[] | null {
  const axes = axesOf(parameters);
  const groups = grouping(axes);
  const columnsOf = createObservedPoints(axes);
  return ({ history, earlier }) => {
    const rows = rankRows(history, sign, goodCount);
    if (rows.finished < startupTrials) return null;
    const columns = new Map(columnsOf(history).map((column, number) => [axes[number], column]));
    return groups.map((group) => {
      const estimator = (list: Int32Array, pending: readonly Point[], most: number): ParzenEstimator =>
        parzenEstimator(group, trialsAt(group, columns, list, pending, most), priorWeight, spread);
      const good = estimator(rows.good, [], Infinity);
      return { axes: group, good, bad: estimator(rows.bad, earlier, MOST_BAD_KERNELS) };
    });
  };
}

/** The positions of rows, and after them of points that are no rows yet. */
function trialsAt(
  axes: readonly Axis[],
  columns: ReadonlyMap<Axis | undefined, Float64Array>,
  rows: Int32Array,
  pending: readonly Point[],
  most: number,
): EstimatedTrials {
  const { places, weights } = agedKernels(rows.length + pending.length, most);
  const positionsOn = (axis: Axis): Float64Array => {
    const column = columns.get(axis) ?? new Float64Array(0);
    const positions = new Float64Array(places.length);
    for (let kernel = 0; kernel < places.length; kernel++) {
      const place = places[kernel] as number;
      positions[kernel] =
        place < rows.length
          ? (column[rows[place] as number] as number)
          : positionOf(axis, pending[place - rows.length]?.[axis.place] ?? 0);
    }
    return positions;
  };
  return { columns: axes.map(positionsOn), weights };
}

/** Points in the order of their promise: the best values of each group of axes first, then the second best … */
function candidates(
  parameters: readonly Parameter[],
  model: readonly Densities[],
  { candidateCount }: TpeSettings,
  random: RandomStream,
): Point[] {
  const ranked = model.map((densities) => ({
    densities,
    values: rankedDraws(densities, candidateCount, random),
  }));
  return Array.from({ length: candidateCount }, (_, rank) => {
    const point = Float64Array.from(parameters, (parameter) => levelValue(parameter, 0));
    for (const { densities, values } of ranked)
      densities.axes.forEach(({ place }, number) => (point[place] = values[rank]?.[number] ?? 0));
    return point;
  });
}

function rankedDraws({ good, bad }: Densities, count: number, random: RandomStream): Float64Array[] {
  return Array.from({ length: count }, () => good.draw(random))
    .map((values) => ({ values, gain: good.logDensity(values) - bad.logDensity(values) }))
    .sort((left, right) => right.gain - left.gain)
    .map(({ values }) => values);
}
