import { normalQuantile } from '../../algorithms/normal.ts';
import type { RandomStream } from '../../core/random.ts';

/** Epochs of a whole training. */
export const EPOCHS = 81;

/** A training that is nothing but a formula: its error after each epoch, less is better. */
export interface Training {
  /** Without noise. */
  error(epoch: number): number;
  /** What is measured after the epochs 1, 2, … */
  measured: Float64Array;
}

/** A family of trainings, and the least error after the last epoch of any of them. */
export interface TrainingFamily {
  name: string;
  description: string;
  draw(random: RandomStream): Training;
  optimum: number;
}

export function withNoise(random: RandomStream, error: (epoch: number) => number): Training {
  const measured = Float64Array.from({ length: EPOCHS }, (_, index) => {
    const deviation = 0.012 * (2 + index) ** -0.2;
    return error(index + 1) + deviation * normalQuantile(Math.max(random.next(), 1e-12));
  });
  return { error, measured };
}

const uniform = (random: RandomStream, low: number, high: number): number =>
  low + (high - low) * random.next();

/** Learning rate and weight decay (log10), width (log2), dropout. */
export interface Network {
  rate: number;
  decay: number;
  width: number;
  dropout: number;
}

function limitOf({ rate, decay, width, dropout }: Network): number {
  const [u, v, q] = [rate + 2.5 + 0.25 * (width - 7), decay + 3.5, dropout - 0.25];
  return (
    0.06 + 0.3 * (1 - Math.exp(-(0.55 * u ** 2 + 0.08 * v ** 2 + 1.2 * q ** 2))) + (0.02 * (10 - width)) / 6
  );
}

/** Small learning rates are slow, wide networks slower; great ones diverge. Fast starters have worse limits. */
export function networkError(network: Network): (epoch: number) => number {
  const { rate, width } = network;
  const limit = limitOf(network);
  const speed = 0.35 + 0.45 / (1 + Math.exp(-1.2 * (rate + 3.2))) - 0.02 * (width - 7);
  const start = 1 + 2 ** ((width - 7) / 2);
  return (epoch) =>
    limit + (0.9 - limit) * (1 + epoch / start) ** (-2.2 * speed) + 0.02 * Math.max(0, rate + 0.9) * epoch;
}

function drawNetwork(random: RandomStream): Network {
  return {
    rate: uniform(random, -5, 0),
    decay: uniform(random, -6, -1),
    width: uniform(random, 4, 10),
    dropout: uniform(random, 0, 0.7),
  };
}

/** Weight decay and dropout have their best values whatever the others are. */
function bestNetworkError(): number {
  let best = Infinity;
  for (let rate = -5; rate <= 0; rate += 0.01)
    for (let width = 4; width <= 10; width += 0.05)
      best = Math.min(best, networkError({ rate, decay: -3.5, width, dropout: 0.25 })(EPOCHS));
  return best;
}

export const NETWORKS: TrainingFamily = {
  name: 'networks',
  description:
    'Networks with four hyperparameters: curves fall by a power of the epoch and cross, since fast starters end worse.',
  draw: (random) => withNoise(random.fork('noise'), networkError(drawNetwork(random))),
  optimum: bestNetworkError(),
};

/** Nothing shows of how good a training is before it begins to learn, after 5 to 40 epochs. */
export const LATE_BLOOMERS: TrainingFamily = {
  name: 'late bloomers',
  description:
    'The same limits, but a training learns nothing before an epoch between 5 and 40 that says nothing about its limit.',
  draw(random) {
    const limit = limitOf(drawNetwork(random));
    const begins = uniform(random, 5, 40);
    return withNoise(
      random.fork('noise'),
      (epoch) => limit + (0.9 - limit) / (1 + Math.exp((epoch - begins) / 3)),
    );
  },
  optimum: 0.06,
};
