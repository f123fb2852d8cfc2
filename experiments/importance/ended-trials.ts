import { parsePoint } from '../../algorithms/point-text.ts';
import { HISTORY_STATE, TrialHistory, type HistoryState } from '../../algorithms/trial-history.ts';
import { KatydidError } from '../../core/errors.ts';
import type { Parameter, Point } from '../../core/search-space.ts';
import type { StoredTrial } from '../../core/trial.ts';
import { searchHistory } from '../../controller/suggestion/search-history.ts';
import type { SearchTrial } from '../../suggestion/suggestion-service.ts';

/** Trials that have ended as columns of numbers, which threads can give each other. */
export interface EndedTrials {
  /** One point after the other. */
  readonly points: Float64Array<ArrayBuffer>;
  /** Codes of `HISTORY_STATE`. */
  readonly states: Uint8Array<ArrayBuffer>;
  readonly values: Float64Array<ArrayBuffer>;
}

/** Those of the trials that have ended, as the search sees them: the same object for the same trial. */
export function endedOf(trials: readonly StoredTrial[]): SearchTrial[] {
  return searchHistory(trials, []).filter(({ state }) => state !== 'running');
}

export function emptyColumns(dimensions: number, trials: number): EndedTrials {
  return {
    points: new Float64Array(trials * dimensions),
    states: new Uint8Array(trials).fill(HISTORY_STATE.failed),
    values: new Float64Array(trials).fill(Number.NaN),
  };
}

/** Fills in the rows from `start` on. A trial that is no point of the space stays one without a result. */
export function fillColumns(
  { points, states, values }: EndedTrials,
  parameters: readonly Parameter[],
  trials: readonly SearchTrial[],
  start: number,
): void {
  for (const [index, { state, value, parameterAssignments }] of trials.entries()) {
    if (state === 'failed' || value === null) continue;
    const point = pointOf(parameters, parameterAssignments);
    if (!point) continue;
    const row = start + index;
    points.set(point, row * parameters.length);
    states[row] = HISTORY_STATE[state];
    values[row] = value;
  }
}

function pointOf(
  parameters: readonly Parameter[],
  assignments: SearchTrial['parameterAssignments'],
): Point | undefined {
  try {
    return parsePoint(parameters, assignments);
  } catch (error) {
    if (error instanceof KatydidError) return undefined;
    throw error;
  }
}

export function historyOf(dimensions: number, { points, states, values }: EndedTrials): TrialHistory {
  const history = new TrialHistory(dimensions);
  for (const [row, value] of values.entries()) {
    history.add(points.subarray(row * dimensions, (row + 1) * dimensions));
    history.set(row, (states[row] ?? HISTORY_STATE.failed) as HistoryState, value);
  }
  return history;
}
