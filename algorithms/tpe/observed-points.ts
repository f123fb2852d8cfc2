import type { Parameter, Point } from '../../core/search-space.ts';
import { levelCount } from '../lattice.ts';
import type { TrialHistory } from '../trial-history.ts';
import { coordinateOf } from '../unit-coordinates.ts';

/** A parameter that has something to choose, as the estimators see it. */
export type Axis =
  | { readonly kind: 'line'; readonly parameter: Parameter; readonly place: number }
  | {
      readonly kind: 'category';
      readonly parameter: Parameter;
      readonly place: number;
      readonly choices: number;
    };

/** The axes of a space. A parameter with a single value is none. */
export function axesOf(parameters: readonly Parameter[]): Axis[] {
  return parameters.flatMap((parameter, place): Axis[] => {
    const count = levelCount(parameter);
    if (count === 1) return [];
    if (parameter.kind === 'categorical') return [{ kind: 'category', parameter, place, choices: count }];
    return [{ kind: 'line', parameter, place }];
  });
}

/** Where a value lies on its axis: in [0, 1], or the number of the category. */
export function positionOf(axis: Axis, value: number): number {
  return axis.kind === 'category' ? value : coordinateOf(axis.parameter, value);
}

/**
 * Follows a history that only grows, and keeps for each axis where its trials lie: `columns[axis][row]`. Work is
 * proportional to the rows that are new.
 */
export function createObservedPoints(
  axes: readonly Axis[],
): (history: TrialHistory) => readonly Float64Array[] {
  let followed: TrialHistory | undefined;
  let rows = 0;
  let columns: Float64Array[] = [];
  return (history) => {
    if (history !== followed) {
      followed = history;
      rows = 0;
      columns = axes.map(() => new Float64Array(64));
    }
    if (history.size > (columns[0]?.length ?? Infinity))
      columns = columns.map((column) => grown(column, history.size));
    for (; rows < history.size; rows++) fill(columns, rows, axes, history.point(rows));
    return columns;
  };
}

function fill(columns: readonly Float64Array[], row: number, axes: readonly Axis[], point: Point): void {
  axes.forEach((axis, number) => {
    const column = columns[number];
    if (column) column[row] = positionOf(axis, point[axis.place] ?? Number.NaN);
  });
}

function grown(column: Float64Array, size: number): Float64Array {
  const larger = new Float64Array(size * 2);
  larger.set(column);
  return larger;
}
