import { HISTORY_STATE, type TrialHistory } from '../trial-history.ts';
import type { SelectionWeights } from './gaussian.ts';

/** What is known of how good a trial is. Trials of a lower class come first, within a class those with a lower value. */
export interface Merit {
  readonly tier: number;
  /** Less is better; 0 where nothing is known. */
  readonly value: number;
}

/** Went through, stopped early, without a result. */
const COMPLETED = 0;
const STOPPED = 1;
const WITHOUT_RESULT = 2;

/**
 * The merit of a row; null while its trial runs. Trials that were stopped early, which nobody knows the end of, come behind those
 * that went through, and those that failed or whose objective is no number behind all. `sign` is 1 where less is better and -1 where more is.
 */
export function meritOf(history: TrialHistory, row: number, sign: 1 | -1): Merit | null {
  const state = history.state(row);
  if (state === HISTORY_STATE.running) return null;
  const value = sign * history.value(row);
  if (state === HISTORY_STATE.failed || Number.isNaN(value)) return { tier: WITHOUT_RESULT, value: 0 };
  return { tier: state === HISTORY_STATE.earlyStopped ? STOPPED : COMPLETED, value };
}

/** Whether the merit tells anything but that the trial came to nothing. */
export function hasResult({ tier }: Merit): boolean {
  return tier !== WITHOUT_RESULT;
}

/** Negative where `left` is better, positive where `right` is, 0 where they are equal. */
export function compareMerits(left: Merit, right: Merit): number {
  if (left.tier !== right.tier) return left.tier - right.tier;
  // Infinities must not be subtracted.
  return Number(left.value > right.value) - Number(left.value < right.value);
}

/**
 * How much trials of these merits, best first, count, where the ranks have these weights. Equal trials share what their ranks have. A
 * trial without a result never pulls the distribution towards it.
 */
export function selectionWeights(merits: readonly Merit[], weights: Float64Array): SelectionWeights {
  const mean = weights.map((weight) => Math.max(0, weight));
  const covariance = Float64Array.from(weights);
  let end: number;
  for (let start = 0; start < merits.length; start = end) {
    const merit = merits[start] as Merit;
    end = start + 1;
    while (end < merits.length && compareMerits(merits[end] as Merit, merit) === 0) end++;
    share(mean.subarray(start, end), hasResult(merit) ? Infinity : 0);
    share(covariance.subarray(start, end), hasResult(merit) ? Infinity : 0);
  }
  return { mean, covariance };
}

/** Replaces all weights by their mean, or by `most` where that is less. */
function share(weights: Float64Array, most: number): void {
  weights.fill(Math.min(most, weights.reduce((sum, weight) => sum + weight, 0) / weights.length));
}
