import type { ChoiceAxis } from './space.ts';

/*
 * Probabilities of the values of choices, one distribution for each, which follow the natural gradient of the ranks. The step adapts itself to the share of
 * signal in the noise of these gradients (ASNG).
 *
 * Y. Akimoto, S. Shirakawa, N. Yoshinari, K. Uchida, S. Saito, K. Nishida, "Adaptive stochastic natural gradient method for one-shot neural architecture
 * search", ICML 2019; R. Hamano et al., "CatCMA: stochastic optimization for mixed-category problems", GECCO 2024, for the combination.
 */

/** The ratio of signal to noise that the step is adapted to. */
const SIGNAL_TO_NOISE = 1.5;
const TINY = 1e-8;

/** The probabilities, and what the step has learnt. It never changes: an update makes another one. */
export interface ChoiceDistribution {
  /** For each choice the probability of each of its values. */
  readonly probabilities: readonly Float64Array[];
  /** ln Δ: the step is 1/Δ. */
  readonly logDamping: number;
  /** The gradients so far, faded; the squares of its length beside `expected` tell signal from noise. */
  readonly path: Float64Array;
  readonly expected: number;
}

export function uniformChoices(choices: readonly ChoiceAxis[]): ChoiceDistribution {
  return {
    probabilities: choices.map((axis) => new Float64Array(axis.choices).fill(1 / axis.choices)),
    logDamping: 0,
    path: new Float64Array(choices.reduce((sum, axis) => sum + axis.choices - 1, 0)),
    expected: 0,
  };
}

/** The value at `u` in [0, 1) of the distribution function. */
export function choiceAt(probabilities: Float64Array, u: number): number {
  let rest = u;
  for (let value = 0; value < probabilities.length - 1; value++) {
    rest -= probabilities[value] as number;
    if (rest < 0) return value;
  }
  return probabilities.length - 1;
}

/**
 * The distribution after a generation with the values `chosen[point][choice]`, where point k counts `weights[k]`, none negative. No value gets a
 * probability under margin / (values − 1).
 */
export function updatedChoices(
  distribution: ChoiceDistribution,
  chosen: readonly Int32Array[],
  weights: Float64Array,
  margin: number,
): ChoiceDistribution {
  const { probabilities, logDamping, expected } = distribution;
  const gradients = probabilities.map((old, choice) => naturalGradient(old, choice, chosen, weights));
  const whitened = Float64Array.from(
    gradients.flatMap((gradient, choice) => [
      ...timesRootOfFisher(gradient, probabilities[choice] ?? gradient),
    ]),
  );
  const length = Math.sqrt(squaredNorm(whitened));
  // Nothing tells one value from another.
  if (length < TINY) return distribution;
  const step = Math.exp(-logDamping);
  const beta = step / Math.sqrt(whitened.length);
  const path = distribution.path.map(
    (value, at) => (1 - beta) * value + (Math.sqrt(beta * (2 - beta)) * (whitened[at] as number)) / length,
  );
  const newlyExpected = (1 - beta) ** 2 * expected + beta * (2 - beta);
  return {
    probabilities: probabilities.map((old, choice) => {
      const gradient = gradients[choice] as Float64Array;
      const moved = old.map((value, at) => value + (step / length) * (gradient[at] as number));
      return withLeast(moved, margin / (old.length - 1));
    }),
    logDamping: Math.max(0, logDamping + beta * (newlyExpected - squaredNorm(path) / SIGNAL_TO_NOISE)),
    path,
    expected: newlyExpected,
  };
}

/** Σ w (c − q), where c has a 1 at the chosen value. */
function naturalGradient(
  probabilities: Float64Array,
  choice: number,
  chosen: readonly Int32Array[],
  weights: Float64Array,
): Float64Array {
  const gradient = new Float64Array(probabilities.length);
  let total = 0;
  chosen.forEach((values, point) => {
    const weight = weights[point] as number;
    const value = values[choice] as number;
    gradient[value] = (gradient[value] as number) + weight;
    total += weight;
  });
  return gradient.map((sum, value) => sum - total * (probabilities[value] as number));
}

/** F^(1/2) g in the coordinates of all values but the last: Akimoto et al., appendix B. */
function timesRootOfFisher(gradient: Float64Array, probabilities: Float64Array): Float64Array {
  const last = probabilities.at(-1) as number;
  const first = gradient.subarray(0, -1);
  const shared = first.reduce((sum, value) => sum + value, 0) / (last + Math.sqrt(last));
  return first.map((value, at) => {
    const root = Math.sqrt(probabilities[at] as number);
    return value / root + root * shared;
  });
}

/** Probabilities of at least `least`, which sum to 1; what is missing is taken from those that have more. */
function withLeast(probabilities: Float64Array, least: number): Float64Array {
  const raised = probabilities.map((value) => Math.max(value, least));
  const sum = raised.reduce((total, value) => total + value, 0);
  const spare = sum - least * raised.length;
  return raised.map((value) => value - ((sum - 1) * (value - least)) / spare);
}

function squaredNorm(vector: Float64Array): number {
  return vector.reduce((sum, value) => sum + value * value, 0);
}
