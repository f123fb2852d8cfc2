import type { Point } from '../core/search-space.ts';
import { positionOf, type Axis } from './axes.ts';
import type { TrialHistory } from './trial-history.ts';

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
