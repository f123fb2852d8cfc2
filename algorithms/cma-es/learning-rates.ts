import type { Gaussian } from './gaussian.ts';

/*
 * Learning rates that adapt themselves: where the ranks are mostly noise, or the function has many minima, steps become smaller than the default ones until
 * a constant share of what they say is signal.
 *
 * M. Nomura, Y. Akimoto, I. Ono, "CMA-ES with learning rate adaptation", GECCO 2023 (arXiv 2304.03473), sections 3.1 to 3.4.
 */

/** α: the ratio of signal to noise, beside the rate, that is aimed at. */
const AIM = 1.4;
/** β: how fast the averages of the steps forget. */
const MEAN_MEMORY = 0.1;
const COVARIANCE_MEMORY = 0.03;
/** γ: the rates change by this share of themselves in a generation. */
const CHANGE = 0.1;

interface AdaptedRate {
  /** η, 1 at most. */
  readonly rate: number;
  /** E, the average of the steps. */
  readonly average: Float64Array;
  /** V, the average of their squared lengths. */
  readonly square: number;
}

/** What is known of the steps of the mean and of the covariance, in coordinates in which the distribution is round. */
export interface LearningRates {
  readonly mean: AdaptedRate;
  readonly covariance: AdaptedRate;
}

export function fullLearningRates(gaussian: Gaussian): LearningRates {
  const unknown = (length: number): AdaptedRate => ({
    rate: 1,
    average: new Float64Array(length),
    square: 0,
  });
  return {
    mean: unknown(gaussian.mean.length),
    covariance: unknown(gaussian.covariance.elements.length),
  };
}

/** The step from one distribution to another made shorter, by rates that take the step into account. */
export function withAdaptedRates(
  from: Gaussian,
  to: Gaussian,
  rates: LearningRates,
): { gaussian: Gaussian; rates: LearningRates } {
  const ratio = (to.sigma / from.sigma) ** 2;
  const difference = from.covariance.elements.map(
    (element, at) => ratio * (to.covariance.elements[at] as number) - element,
  );
  const meanStep = to.mean.map((value, k) => (value - (from.mean[k] as number)) / from.sigma);
  const mean = adapted(rates.mean, from.covariance.whitened(meanStep), MEAN_MEMORY);
  const covariance = adapted(
    rates.covariance,
    from.covariance.whitenedBothSides(difference).map((value) => value / Math.SQRT2),
    COVARIANCE_MEMORY,
  );
  return {
    gaussian: shortened(from, to, difference, {
      mean: mean.rate,
      covariance: covariance.rate,
      change: rates.mean.rate / mean.rate,
    }),
    rates: { mean, covariance },
  };
}

function adapted({ rate, average, square }: AdaptedRate, step: Float64Array, memory: number): AdaptedRate {
  const newAverage = average.map((value, at) => (1 - memory) * value + memory * (step[at] as number));
  const newSquare = (1 - memory) * square + memory * squaredNorm(step);
  const averaged = squaredNorm(newAverage);
  const noise = newSquare - averaged;
  const ratio = noise > 0 ? (averaged - (memory / (2 - memory)) * newSquare) / noise : Infinity;
  const direction = Math.min(1, Math.max(-1, ratio / (AIM * rate) - 1));
  return {
    rate: Math.min(1, rate * Math.exp(Math.min(CHANGE * rate, memory) * direction)),
    average: newAverage,
    square: newSquare,
  };
}

/** `difference` is from C to the new σ² C over the old σ². `change` corrects the step size for the new rate of the mean. */
function shortened(
  from: Gaussian,
  to: Gaussian,
  difference: Float64Array,
  { mean, covariance: rate, change }: { mean: number; covariance: number; change: number },
): Gaussian {
  const n = from.mean.length;
  const moved = from.covariance.withElements((element, at) => element + rate * (difference[at] as number));
  const size = Math.exp(moved.logDeterminant / n);
  return {
    ...to,
    mean: from.mean.map((value, k) => value + mean * ((to.mean[k] as number) - value)),
    sigma: from.sigma * Math.sqrt(size) * change,
    covariance: moved.withElements((element) => element / size),
  };
}

function squaredNorm(vector: Float64Array): number {
  return vector.reduce((sum, value) => sum + value * value, 0);
}
