import type { RandomStream } from '../../core/random.ts';
import { normalQuantile } from '../normal.ts';
import { choiceAt, uniformChoices, updatedChoices, type ChoiceDistribution } from './choice-distribution.ts';
import { initialGaussian, updatedGaussian, type Gaussian, type SelectionWeights } from './gaussian.ts';
import {
  centred,
  deviationOf,
  drawInCell,
  initialMutability,
  marginOf,
  withMargin,
  type Mutability,
} from './integer-margin.ts';
import { fullLearningRates, withAdaptedRates, type LearningRates } from './learning-rates.ts';
import { cellAt, inUnit, type Cell, type CmaSpace, type Place } from './space.ts';
import type { StrategyParameters } from './strategy-parameters.ts';

/** The widest axis has a standard deviation within these bounds: beyond them draws are no different, or all the same. */
const WIDEST = 1;
const NARROWEST = 1e-12;
/** Keeps the quantiles of random numbers finite. */
const HALF_STEP = 2 ** -54;
/** What lies beyond the ends of a continuous line. */
const BELOW: Cell = { low: -Infinity, high: 0, centre: 0 };
const ABOVE: Cell = { low: 1, high: Infinity, centre: 1 };

/** What points are drawn from. It never changes: an update makes another one. */
export interface Distribution {
  readonly gaussian: Gaussian;
  readonly mutability: Mutability;
  readonly choices: ChoiceDistribution;
  /** Null where the learning rates are always the default ones. */
  readonly learningRates: LearningRates | null;
}

export interface DistributionOptions {
  /** Coordinates of the lines. */
  mean: Float64Array;
  /** The standard deviation along each line. */
  sigma: number;
  isSeparable: boolean;
  adaptsLearningRates: boolean;
}

export function initialDistribution(
  space: CmaSpace,
  { mean, sigma, isSeparable, adaptsLearningRates }: DistributionOptions,
): Distribution {
  const gaussian = bounded(initialGaussian(mean, sigma, isSeparable));
  const everywhere = space.lines.map(() => true);
  return {
    ...withMargin(
      gaussian,
      initialMutability(mean.length),
      space.lines,
      marginOf(space.discreteCount),
      everywhere,
    ),
    choices: uniformChoices(space.choices),
    learningRates: adaptsLearningRates ? fullLearningRates(gaussian) : null,
  };
}

/**
 * A place drawn from the distribution with numbers in [0, 1), one for each line and then one for each choice. The distribution is widened by `factor`. What
 * lies outside of the space is taken back to its end, so that an optimum there is soon found.
 */
export function drawPlace(
  { gaussian, mutability, choices }: Distribution,
  uniforms: Float64Array,
  factor = 1,
): Place {
  const { mean, sigma, covariance } = gaussian;
  const n = mean.length;
  const z = uniforms.subarray(0, n).map((u) => normalQuantile(u + HALF_STEP));
  return {
    line: covariance
      .coloured(z)
      .map((y, k) => inUnit((mean[k] as number) + factor * sigma * (mutability.stretch[k] as number) * y)),
    choice: Int32Array.from(choices.probabilities, (probabilities, k) =>
      choiceAt(probabilities, uniforms[n + k] as number),
    ),
  };
}

/** The distribution after a generation of places, best first. Coordinates within cells are drawn from `random`. */
export function updatedDistribution(
  space: CmaSpace,
  distribution: Distribution,
  parameters: StrategyParameters,
  { places, weights }: { places: readonly Place[]; weights: SelectionWeights },
  random: RandomStream,
): Distribution {
  const { gaussian, mutability, learningRates } = distribution;
  const { coordinates, drawn, hasMutant } = coordinatesOf(space, distribution, places, random);
  const steps = coordinates.map((line) => limitedStep(line, distribution));
  const drawnSteps = drawn.map((line, at) =>
    line === coordinates[at] ? (steps[at] as Float64Array) : limitedStep(line, distribution),
  );
  const updated = updatedGaussian(gaussian, parameters, steps, weights, drawnSteps);
  const adapted = learningRates && withAdaptedRates(gaussian, updated, learningRates);
  const margin = marginOf(space.discreteCount);
  return {
    ...withMargin(bounded(adapted?.gaussian ?? updated), mutability, space.lines, margin, hasMutant),
    choices: updatedChoices(
      distribution.choices,
      places.map(({ choice }) => choice),
      weights.mean,
      margin,
    ),
    learningRates: adapted?.rates ?? null,
  };
}

/** The distribution where all of a generation came to the same: it grows, to get away. */
export function widenedDistribution(
  distribution: Distribution,
  { cSigma, dSigma }: StrategyParameters,
): Distribution {
  const { gaussian } = distribution;
  const sigma = gaussian.sigma * Math.exp(0.2 + cSigma / dSigma);
  return { ...distribution, gaussian: bounded({ ...gaussian, sigma }) };
}

/** Where the points of a generation lie on the lines. */
interface Coordinates {
  /** In their cells anywhere, in those of the better half where the mean learns most. */
  coordinates: readonly Float64Array[];
  /** The same, where what was taken back to an end of the space lies beyond it again: otherwise ends would make the distribution narrow. */
  drawn: readonly Float64Array[];
  hasMutant: readonly boolean[];
}

function coordinatesOf(
  { lines }: CmaSpace,
  { gaussian, mutability }: Distribution,
  places: readonly Place[],
  random: RandomStream,
): Coordinates {
  const coordinates = places.map(({ line }) => Float64Array.from(line));
  const better = coordinates.slice(0, Math.floor(places.length / 2));
  const within = (cell: Cell, at: number): number =>
    drawInCell(cell, gaussian.mean[at] as number, deviationOf(gaussian, mutability, at), random);
  const hasMutant = lines.map((line, at) => {
    if (!line.isLattice) return false;
    for (const place of coordinates) place[at] = within(cellAt(line, place[at] as number), at);
    const moved = centred(
      line,
      Float64Array.from(better, (place) => place[at] as number),
      gaussian.mean[at] as number,
    );
    better.forEach((place, rank) => (place[at] = moved.coordinates[rank] as number));
    return moved.hasMutant;
  });
  const isAtEnd = (value: number, at: number): boolean =>
    lines[at]?.isLattice === false && (value <= 0 || value >= 1);
  const drawn = coordinates.map((place) =>
    place.some(isAtEnd)
      ? place.map((value, at) => (isAtEnd(value, at) ? within(value <= 0 ? BELOW : ABOVE, at) : value))
      : place,
  );
  return { coordinates, drawn, hasMutant };
}

/**
 * y = (x − m) / σ, without the stretch. A step so long that the distribution itself hardly makes it is shortened: points told from outside must not throw the
 * search off. N. Hansen, "Injecting external solutions into CMA-ES" (2011), equation 4.
 */
function limitedStep(line: Float64Array, { gaussian, mutability }: Distribution): Float64Array {
  const { mean, sigma, covariance } = gaussian;
  const n = mean.length;
  const step = line.map(
    (value, k) => (value - (mean[k] as number)) / (sigma * (mutability.stretch[k] as number)),
  );
  const most = Math.sqrt(n) + (2 * n) / (n + 2);
  const length = Math.sqrt(covariance.squaredLength(step));
  return length > most ? step.map((value) => (value * most) / length) : step;
}

function bounded(gaussian: Gaussian): Gaussian {
  const { sigma, covariance } = gaussian;
  const widest = Math.sqrt(covariance.variances.reduce((most, variance) => Math.max(most, variance), 0));
  if (widest === 0) return gaussian;
  return { ...gaussian, sigma: Math.min(WIDEST / widest, Math.max(NARROWEST / widest, sigma)) };
}
