import type { Axis } from '../../axes.ts';
import { levelCount, levelOf, levelValue } from '../../lattice.ts';
import { cellOf, coordinateOf } from '../../unit-coordinates.ts';

/** Parameters with more values than this, and continuous ones, are looked at in so many cells. */
const MOST_CELLS = 50;

/** The axis in pieces in which trials are counted. */
export interface Cells {
  readonly count: number;
  /** Ends of the cells on the axis, ascending from 0 to 1: `count + 1` of them. */
  readonly edges: Float64Array;
  /** Number of the cell in which a value lies. */
  indexOf(value: number): number;
}

/** A cell for each value where they are few, else cells of equal width in which values are equally likely. */
export function cellsOf(axis: Axis): Cells {
  const { parameter } = axis;
  const levels = levelCount(parameter);
  if (axis.kind === 'category')
    return { count: levels, edges: equalEdges(levels), indexOf: (value) => value };
  if (levels > MOST_CELLS)
    return {
      count: MOST_CELLS,
      edges: equalEdges(MOST_CELLS),
      indexOf: (value) => Math.min(MOST_CELLS - 1, Math.floor(coordinateOf(parameter, value) * MOST_CELLS)),
    };
  const edges = Float64Array.from({ length: levels + 1 }, (_, level) =>
    level === levels ? 1 : (cellOf(parameter, levelValue(parameter, level))?.[0] ?? 0),
  );
  return { count: levels, edges, indexOf: (value) => levelOf(parameter, value) ?? 0 };
}

function equalEdges(count: number): Float64Array {
  return Float64Array.from({ length: count + 1 }, (_, edge) => edge / count);
}
