import { bestSplit, type Node, type Split } from './best-split.ts';
import type { RegressionData } from './regression-data.ts';
import { halvesOf, type Side } from './side.ts';

/** Deeper than this a tree does not grow. */
const MOST_DEPTH = 64;

/** A box of the unit cube in which the tree has one value. The boxes of all leaves together are the cube. */
export interface Leaf {
  readonly value: number;
  readonly volume: number;
  /** The sides of the box that are shorter than the cube's, each axis once at most. */
  readonly sides: readonly Side[];
}

/** A tree as what it says everywhere. */
export interface RegressionTree {
  readonly leaves: readonly Leaf[];
  /** For each axis, by how much its splits have lessened the squared error. */
  readonly gains: Float64Array;
}

/**
 * A regression tree that fits its data exactly where that is possible: nodes are split where the squared error becomes
 * least, a line between two values, categories into two sets. `weights` says how often each trial counts; at least one does.
 *
 * L. Breiman, J. H. Friedman, R. A. Olshen, C. J. Stone, "Classification and regression trees", 1984; for categories in the order of
 * their means the best of all subsets is found: W. D. Fisher, "On grouping for maximum homogeneity", 1958.
 */
export function growTree(data: RegressionData, weights: Uint32Array): RegressionTree {
  const leaves: Leaf[] = [];
  const gains = new Float64Array(data.levels.length);
  const rows = drawnRows(data, weights);
  const goesFirst = new Uint8Array(weights.length);
  const scratch = new Uint32Array(rows[0]?.length ?? 0);

  function grow(node: Node, depth: number, volume: number): void {
    const split = depth < MOST_DEPTH ? bestSplit(data, weights, rows, node) : null;
    const halves = split && halvesOf(data, node.sides, split);
    if (!halves) {
      leaves.push({ value: node.sum / node.weight, volume, sides: node.sides });
      return;
    }
    gains[split.axis] = (gains[split.axis] ?? 0) + split.gain;
    const middle = partition(data, rows, node, split, goesFirst, scratch);
    const [first, second] = halves;
    const before = widthOf(node.sides, split.axis);
    const place = (side: Side, start: number, end: number): Node => ({
      start,
      end,
      ...totals(data, weights, rows[0] ?? scratch, start, end),
      sides: withSide(node.sides, side),
    });
    grow(place(first, node.start, middle), depth + 1, (volume / before) * first.width);
    grow(place(second, middle, node.end), depth + 1, (volume / before) * second.width);
  }

  const end = scratch.length;
  grow({ start: 0, end, ...totals(data, weights, rows[0] ?? scratch, 0, end), sides: [] }, 0, 1);
  return { leaves, gains };
}

/** For each axis, the trials that count in the order of their levels. */
function drawnRows({ levels, columns }: RegressionData, weights: Uint32Array): Uint32Array[] {
  const drawn = Uint32Array.from(weights.keys()).filter((row) => (weights[row] ?? 0) > 0);
  return levels.map(({ count }, axis) => {
    const column = columns[axis] ?? new Uint32Array(0);
    const starts = new Uint32Array(count + 1);
    for (const row of drawn) starts[(column[row] ?? 0) + 1] = (starts[(column[row] ?? 0) + 1] ?? 0) + 1;
    for (let level = 0; level < count; level++)
      starts[level + 1] = (starts[level + 1] ?? 0) + (starts[level] ?? 0);
    const ordered = new Uint32Array(drawn.length);
    for (const row of drawn) {
      const level = column[row] ?? 0;
      const place = starts[level] ?? 0;
      ordered[place] = row;
      starts[level] = place + 1;
    }
    return ordered;
  });
}

function totals(
  { values }: RegressionData,
  weights: Uint32Array,
  rows: Uint32Array,
  start: number,
  end: number,
): { weight: number; sum: number; isPure: boolean } {
  let weight = 0;
  let sum = 0;
  let isPure = true;
  const first = values[rows[start] ?? 0];
  for (let at = start; at < end; at++) {
    const row = rows[at] ?? 0;
    const times = weights[row] ?? 0;
    weight += times;
    sum += times * (values[row] ?? 0);
    if (values[row] !== first) isPure = false;
  }
  return { weight, sum, isPure };
}

/** Puts the trials of the node's first half before the others, on every axis in the order that they had. Where they meet. */
function partition(
  { columns }: RegressionData,
  rows: readonly Uint32Array[],
  { start, end }: Node,
  split: Split,
  goesFirst: Uint8Array,
  scratch: Uint32Array,
): number {
  const decided = rows[split.axis] ?? scratch;
  const column = columns[split.axis] ?? scratch;
  for (let at = start; at < end; at++) {
    const row = decided[at] ?? 0;
    const level = column[row] ?? 0;
    const isFirst = split.kind === 'line' ? level <= split.below : split.places[level] === 1;
    goesFirst[row] = Number(isFirst);
  }
  let middle = start;
  for (const ordered of rows) {
    middle = start;
    let others = 0;
    for (let at = start; at < end; at++) {
      const row = ordered[at] ?? 0;
      if (goesFirst[row] === 1) ordered[middle++] = row;
      else scratch[others++] = row;
    }
    ordered.set(scratch.subarray(0, others), middle);
  }
  return middle;
}

function widthOf(sides: readonly Side[], axis: number): number {
  return sides.find((side) => side.axis === axis)?.width ?? 1;
}

function withSide(sides: readonly Side[], side: Side): Side[] {
  return [...sides.filter(({ axis }) => axis !== side.axis), side];
}
