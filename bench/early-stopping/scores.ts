import { median } from '../harness/statistics.ts';
import type { Simulated } from './simulate.ts';

/** The median over seeds of how far the recommended trial is from the optimum when so many epochs have been trained. */
export function regretAfter(runs: readonly Simulated[], epochs: number): number {
  return median(runs.map(({ regrets }) => regrets[epochs - 1] ?? NaN));
}

/** The share of the epochs that are not needed to come, for good, as near as trials without a rule do with all of them. */
export function shareSaved(runs: readonly Simulated[], without: readonly Simulated[]): number {
  const epochs = without[0]?.regrets.length ?? 0;
  const goal = regretAfter(without, epochs);
  let needed = epochs;
  // Medians over seeds do not only fall.
  while (needed > 0 && regretAfter(runs, needed) <= goal) needed--;
  return 1 - Math.min(epochs, needed + 1) / epochs;
}
