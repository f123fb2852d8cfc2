import type { Leaf } from './regression-tree.ts';

/*
 * The functional ANOVA of a tree. A marginal is what the tree says on average where some axes are held; as the leaves are
 * boxes, it is constant between the ends of their sides. What each leaf brings is added where its side begins and taken
 * away where it ends, and one pass along the axis sums it up: work is proportional to the leaves, not to their square.
 *
 * F. Hutter, H. Hoos, K. Leyton-Brown, "An efficient approach for assessing hyperparameter importance", ICML 2014, algorithm 2.
 */

/** A tree's average over the unit cube, and the leaves and grids from which its marginals are made. */
export interface Marginals {
  readonly leaves: readonly Leaf[];
  readonly mean: number;
  /** For each axis, the leaves whose side is shorter than the axis. */
  readonly shorter: readonly (readonly Leaf[])[];
  /** For each axis, where such sides begin or end: ascending, from 0 to 1. */
  readonly ends: readonly Float64Array[];
}

export function marginalsOf(leaves: readonly Leaf[], axes: number): Marginals {
  const mean = leaves.reduce((sum, { value, volume }) => sum + value * volume, 0);
  const shorter = Array.from({ length: axes }, (): Leaf[] => []);
  for (const leaf of leaves) for (const { axis } of leaf.sides) shorter[axis]?.push(leaf);
  return { leaves, mean, shorter, ends: shorter.map(endsOf) };
}

/** The variance of the tree over the cube. */
export function varianceOf({ leaves, mean }: Marginals): number {
  return leaves.reduce((sum, { value, volume }) => sum + (value - mean) ** 2 * volume, 0);
}

/** The variance of the marginal of one axis: its main effect. */
export function mainVariance({ mean, shorter, ends: allEnds }: Marginals, axis: number): number {
  const ends = allEnds[axis] ?? new Float64Array(0);
  const changes = new Float64Array(ends.length);
  for (const leaf of shorter[axis] ?? []) {
    const { runs, width } = sideOf(leaf, axis);
    const lift = (leaf.value - mean) * leaf.volume;
    // The deviations of all leaves from the mean make 0: what these have, those with a whole side lack everywhere.
    add(changes, 0, -lift);
    for (let at = 0; at < runs.length; at++)
      add(changes, indexOf(ends, runs[at] ?? 0), signOf(at) * (lift / width));
  }
  return integralOfSquares(ends, changes);
}

/** The variance of the marginal of two axes together: of both main effects and their interaction. */
export function pairVariance(
  { leaves, mean, ends }: Marginals,
  [first, second]: readonly [number, number],
): number {
  const [rows, columns] = [ends[first] ?? new Float64Array(0), ends[second] ?? new Float64Array(0)];
  const width = columns.length;
  const changes = new Float64Array(rows.length * width);
  for (const leaf of leaves) {
    const row = sideOf(leaf, first);
    const column = sideOf(leaf, second);
    const share = ((leaf.value - mean) * leaf.volume) / (row.width * column.width);
    for (let i = 0; i < row.runs.length; i++) {
      const start = indexOf(rows, row.runs[i] ?? 0) * width;
      for (let j = 0; j < column.runs.length; j++)
        add(changes, start + indexOf(columns, column.runs[j] ?? 0), signOf(i + j) * share);
    }
  }
  let variance = 0;
  for (let row = 0; row < rows.length - 1; row++) {
    const line = changes.subarray(row * width, (row + 1) * width);
    if (row > 0) for (let at = 0; at < width; at++) add(line, at, changes[(row - 1) * width + at] ?? 0);
    variance += ((rows[row + 1] ?? 1) - (rows[row] ?? 0)) * integralOfSquares(columns, line);
  }
  return variance;
}

function endsOf(leaves: readonly Leaf[], axis: number): Float64Array {
  const found = [0, 1];
  for (const leaf of leaves) for (const end of sideOf(leaf, axis).runs) found.push(end);
  const ends = Float64Array.from(found).sort();
  return ends.filter((end, at) => at === 0 || end !== ends[at - 1]);
}

const WHOLE = { runs: [0, 1], width: 1 } as const;

function sideOf(leaf: Leaf, axis: number): { readonly runs: readonly number[]; readonly width: number } {
  return leaf.sides.find((side) => side.axis === axis) ?? WHOLE;
}

/** Where `end` stands among the ascending `ends`, of which it is one. */
function indexOf(ends: Float64Array, end: number): number {
  let low = 0;
  let high = ends.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ends[middle] ?? 1) < end) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Runs begin at even places and end at odd ones. */
function signOf(place: number): 1 | -1 {
  return place % 2 === 0 ? 1 : -1;
}

/** Of a function given by its changes at `ends`, the integral of its square. */
function integralOfSquares(ends: Float64Array, changes: Float64Array): number {
  let height = 0;
  let total = 0;
  for (let at = 0; at < ends.length - 1; at++) {
    height += changes[at] ?? 0;
    total += height * height * ((ends[at + 1] ?? 1) - (ends[at] ?? 0));
  }
  return total;
}

function add(to: Float64Array, at: number, value: number): void {
  to[at] = (to[at] ?? 0) + value;
}
