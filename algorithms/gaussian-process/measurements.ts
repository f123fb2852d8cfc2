import type { TrialHistory } from '../trial-history.ts';
import { HISTORY_STATE } from '../trial-history.ts';

/** What a model learns from: rows of a history, with a number for each, where less is better. */
export interface Measurements {
  rows: Int32Array;
  values: Float64Array;
}

/**
 * The measurements of a history. Infinite values become the greatest or the least finite one. A trial that was stopped early is taken for
 * no better than the middle one of those that went through, for nobody knows its end; one that failed, for the worst
 * one. `sign` is 1 where less is better and -1 where more is. Empty as long as no trial has a finite value.
 */
export function measurementsOf(history: TrialHistory, sign: 1 | -1): Measurements {
  const completed: number[] = [];
  for (let row = 0; row < history.size; row++)
    if (history.state(row) === HISTORY_STATE.succeeded && Number.isFinite(history.value(row)))
      completed.push(sign * history.value(row));
  if (completed.length === 0) return { rows: new Int32Array(0), values: new Float64Array(0) };
  const sorted = Float64Array.from(completed).sort();
  const levels = {
    least: sorted[0] ?? 0,
    middle: sorted[sorted.length >> 1] ?? 0,
    greatest: sorted.at(-1) ?? 0,
  };
  const rows: number[] = [];
  const values: number[] = [];
  for (let row = 0; row < history.size; row++) {
    if (history.state(row) === HISTORY_STATE.running) continue;
    rows.push(row);
    values.push(valueOf(history, row, sign, levels));
  }
  return { rows: Int32Array.from(rows), values: Float64Array.from(values) };
}

interface Levels {
  least: number;
  middle: number;
  greatest: number;
}

function valueOf(history: TrialHistory, row: number, sign: 1 | -1, levels: Levels): number {
  const state = history.state(row);
  const value = sign * history.value(row);
  if (state === HISTORY_STATE.failed || Number.isNaN(value)) return levels.greatest;
  const bounded = Math.min(levels.greatest, Math.max(levels.least, value));
  return state === HISTORY_STATE.earlyStopped ? Math.max(levels.middle, bounded) : bounded;
}

/** Of many measurements, the better half of `most` by value and the rest evenly from the others; in the order of the history. */
export function chosenMeasurements({ rows, values }: Measurements, most: number): Measurements {
  if (rows.length <= most) return { rows, values };
  const byValue = Uint32Array.from(rows, (_, place) => place).sort(
    (left, right) => (values[left] ?? 0) - (values[right] ?? 0) || left - right,
  );
  const best = byValue.subarray(0, Math.floor(most / 2));
  const others = byValue.subarray(best.length).sort();
  const kept = most - best.length;
  const even = Array.from(
    { length: kept },
    (_, number) => others[Math.floor(((number + 0.5) * others.length) / kept)] ?? 0,
  );
  const places = Uint32Array.from([...best, ...even]).sort();
  return {
    rows: Int32Array.from(places, (place) => rows[place] ?? 0),
    values: Float64Array.from(places, (place) => values[place] ?? 0),
  };
}

/** The first `count` measurements, in the order of the history. */
export function firstMeasurements({ rows, values }: Measurements, count: number): Measurements {
  return { rows: rows.subarray(0, count), values: values.subarray(0, count) };
}

/** Whether both say the same of the same rows. */
export function areSameMeasurements(one: Measurements, other: Measurements): boolean {
  return (
    one.rows.length === other.rows.length &&
    one.rows.every((row, place) => row === other.rows[place] && one.values[place] === other.values[place])
  );
}
