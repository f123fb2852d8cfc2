import type { SearchAlgorithm, Settings } from '../../algorithms/search-algorithm.ts';
import { HISTORY_STATE, TrialHistory } from '../../algorithms/trial-history.ts';
import { normalQuantile } from '../../algorithms/normal.ts';
import { randomStream } from '../../core/random.ts';
import type { TestFunction } from './functions.ts';

export interface Simulation {
  /** The regret after each trial: the least value of a point tried so far, without noise, above the optimum. */
  regrets: Float64Array;
  /** CPU of all suggestions. */
  cpuMs: number;
}

/** One search of `trials` trials, one after the other. Equal seeds give equal searches, and equal noise to all algorithms. */
export function simulate(
  algorithm: SearchAlgorithm,
  settings: Settings,
  problem: TestFunction,
  { trials, seed }: { trials: number; seed: number },
): Simulation {
  const { parameters, optimum, noise } = problem;
  const search = { parameters, direction: 'minimize', maxTrials: trials, parallelTrials: 1 } as const;
  const searcher = algorithm.create(search, settings, randomStream(`${problem.name}/${seed}`));
  const noises = randomStream(`${problem.name}/${seed}/noise`);
  const history = new TrialHistory(parameters.length);
  const regrets = new Float64Array(trials);
  let best = Infinity;
  let cpuMs = 0;
  for (let trial = 0; trial < trials; trial++) {
    const before = process.cpuUsage();
    const [point] = searcher.suggest(history, trial, 1);
    const used = process.cpuUsage(before);
    cpuMs += (used.user + used.system) / 1000;
    if (!point) return { regrets: regrets.fill(best - optimum, trial), cpuMs };
    const value = problem.value(point);
    best = Math.min(best, value);
    regrets[trial] = best - optimum;
    const measured = noise === 0 ? value : value + noise * normalQuantile(noises.next());
    history.set(history.add(point), HISTORY_STATE.succeeded, measured);
  }
  return { regrets, cpuMs };
}
