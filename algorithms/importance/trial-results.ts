import type { SearchProblem } from '../../core/search-space.ts';
import { axesOf, type Axis } from '../axes.ts';
import { HISTORY_STATE, type TrialHistory } from '../trial-history.ts';

/** The trials from which an evaluator learns, as columns. */
export interface TrialResults {
  /** The parameters that have something to choose, by name. */
  readonly axes: readonly Axis[];
  /** Names of the parameters that take a single value, in alphabetical order. */
  readonly fixed: readonly string[];
  /** For each axis, the value of each trial: a number, or the index of a category. */
  readonly columns: readonly Float64Array[];
  /** For each trial; less is better, whatever the direction of the objective. */
  readonly losses: Float64Array;
  /** Of these trials, those that were stopped early. */
  readonly earlyStopped: number;
  /** Trials that have ended and brought no finite number. */
  readonly withoutResult: number;
}

/** The trials of a history that have a finite objective, in the order of the history. */
export function trialResults({ parameters, direction }: SearchProblem, history: TrialHistory): TrialResults {
  const axes = axesOf(parameters).sort((left, right) =>
    compareNames(left.parameter.name, right.parameter.name),
  );
  const told = new Set(axes.map(({ parameter }) => parameter.name));
  const rows: number[] = [];
  let [earlyStopped, withoutResult] = [0, 0];
  for (let row = 0; row < history.size; row++) {
    const state = history.state(row);
    if (state === HISTORY_STATE.running) continue;
    if (state === HISTORY_STATE.failed || !Number.isFinite(history.value(row))) withoutResult++;
    else {
      rows.push(row);
      if (state === HISTORY_STATE.earlyStopped) earlyStopped++;
    }
  }
  const sign = direction === 'minimize' ? 1 : -1;
  return {
    axes,
    fixed: parameters
      .map(({ name }) => name)
      .filter((name) => !told.has(name))
      .sort(compareNames),
    columns: columnsOf(axes, history, rows),
    losses: Float64Array.from(rows, (row) => sign * history.value(row)),
    earlyStopped,
    withoutResult,
  };
}

function columnsOf(axes: readonly Axis[], history: TrialHistory, rows: readonly number[]): Float64Array[] {
  const columns = axes.map(() => new Float64Array(rows.length));
  for (const [at, row] of rows.entries()) {
    const point = history.point(row);
    for (const [axis, { place }] of axes.entries()) {
      const column = columns[axis];
      if (column) column[at] = point[place] ?? Number.NaN;
    }
  }
  return columns;
}

/** The same trials by what they tried, and where that is the same by their loss. */
export function inOwnOrder(results: TrialResults): TrialResults {
  const { columns, losses } = results;
  const keys = [...columns, losses];
  const order = Uint32Array.from(losses, (_, row) => row).sort((left, right) => {
    for (const key of keys) {
      const difference = (key[left] ?? 0) - (key[right] ?? 0);
      if (difference !== 0) return difference;
    }
    return 0;
  });
  const ordered = (column: Float64Array): Float64Array => Float64Array.from(order, (row) => column[row] ?? 0);
  return { ...results, columns: columns.map(ordered), losses: ordered(losses) };
}

/** By code points, as no locale changes it. */
export function compareNames(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
