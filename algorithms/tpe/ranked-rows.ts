import { HISTORY_STATE, type TrialHistory } from '../trial-history.ts';

/** Rows of a history, split at a number of the best. */
export interface RankedRows {
  /** Trials that have a result: succeeded or stopped early, and their objective is a number. */
  finished: number;
  /** The best rows, in the order of the history. */
  good: Int32Array;
  /** The other rows with a result, and those of running trials, in the order of the history. */
  bad: Int32Array;
}

/**
 * Splits the trials into good and bad ones. `goodCount` says how many of the finished ones are good. Trials that went
 * through come before those that were stopped early, which nobody knows the end of; of equal ones the earlier is better.
 * Running trials count as bad, so that others keep away from them (constant liar); failed ones do not count. `sign` is 1
 * where less is better and -1 where more is.
 */
export function rankRows(
  history: TrialHistory,
  sign: 1 | -1,
  goodCount: (finished: number) => number,
): RankedRows {
  const finished = countFinished(history);
  const good = Int32Array.from(bestRows(history, sign, Math.min(finished, goodCount(finished)))).sort();
  const bad = new Int32Array(history.size);
  let [count, skipped] = [0, 0];
  for (let row = 0; row < history.size; row++) {
    if (row === good[skipped]) skipped++;
    else if (counts(history, row)) bad[count++] = row;
  }
  return { finished, good, bad: bad.subarray(0, count) };
}

function countFinished(history: TrialHistory): number {
  let finished = 0;
  for (let row = 0; row < history.size; row++) if (hasResult(history, row)) finished++;
  return finished;
}

/** One pass with the few best in order: nothing is sorted that nobody asks for. */
function bestRows(history: TrialHistory, sign: 1 | -1, count: number): number[] {
  const best: number[] = [];
  const isBefore = (row: number, other: number): boolean => {
    const stopped = Number(isStopped(history, row)) - Number(isStopped(history, other));
    if (stopped !== 0) return stopped < 0;
    return sign * history.value(row) < sign * history.value(other);
  };
  for (let row = 0; row < history.size; row++) {
    if (!hasResult(history, row)) continue;
    const worst = best[count - 1];
    if (worst !== undefined && !isBefore(row, worst)) continue;
    let place = best.length;
    while (place > 0 && isBefore(row, best[place - 1] ?? row)) place--;
    if (place >= count) continue;
    best.splice(place, 0, row);
    if (best.length > count) best.pop();
  }
  return best;
}

function counts(history: TrialHistory, row: number): boolean {
  return history.state(row) === HISTORY_STATE.running || hasResult(history, row);
}

function hasResult(history: TrialHistory, row: number): boolean {
  const state = history.state(row);
  if (state !== HISTORY_STATE.succeeded && state !== HISTORY_STATE.earlyStopped) return false;
  return !Number.isNaN(history.value(row));
}

function isStopped(history: TrialHistory, row: number): boolean {
  return history.state(row) === HISTORY_STATE.earlyStopped;
}
