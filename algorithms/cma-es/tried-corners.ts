import type { Parameter, Point } from '../../core/search-space.ts';
import type { Known } from '../distinct-points.ts';
import type { TrialHistory } from '../trial-history.ts';
import type { CmaSpace } from './space.ts';

/**
 * Tells whether exactly this point was tried before, in a space with continuous lines. Draws from a continuum are never equal, but those that are taken
 * back to the ends of all continuous lines are, again and again where the optimum lies in a corner. Work is proportional to the rows that are new.
 */
export function createTriedCorners(space: CmaSpace): (point: Point, known: Known) => boolean {
  let followed: TrialHistory | undefined;
  let rows = 0;
  let tried = new Set<string>();
  const continuous = space.lines.filter(({ isLattice }) => !isLattice);
  const isCorner = (point: Point): boolean =>
    continuous.every(({ parameter, place }) => isEnd(parameter, point[place] ?? Number.NaN));
  return (point, { history, earlier }) => {
    if (history !== followed) {
      followed = history;
      rows = 0;
      tried = new Set();
    }
    for (; rows < history.size; rows++) {
      const row = history.point(rows);
      if (isCorner(row)) tried.add(row.join());
    }
    if (!isCorner(point)) return false;
    const text = point.join();
    return tried.has(text) || earlier.some((other) => other.join() === text);
  };
}

function isEnd(parameter: Parameter, value: number): boolean {
  return 'min' in parameter && (value === parameter.min || value === parameter.max);
}
