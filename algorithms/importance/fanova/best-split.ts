import type { RegressionData } from './regression-data.ts';
import type { Side } from './side.ts';

/** Some of the trials, and the box in which they lie. */
export interface Node {
  /** Where the trials stand in the list of each axis. */
  readonly start: number;
  readonly end: number;
  /** How many they are, each as often as it counts, and the sum of their values. */
  readonly weight: number;
  readonly sum: number;
  /** All values are equal. */
  readonly isPure: boolean;
  readonly sides: readonly Side[];
}

/** How a node is divided. */
export type Split = LineSplit | CategorySplit;

interface LineSplit {
  readonly kind: 'line';
  readonly axis: number;
  /** By how much it lessens the sum of squared errors. */
  readonly gain: number;
  /** The levels between which the border lies. */
  readonly below: number;
  readonly above: number;
}

interface CategorySplit {
  readonly kind: 'category';
  readonly axis: number;
  readonly gain: number;
  /** For each category: 1 in the first half, 2 in the second, 0 where the node has no trial of it. */
  readonly places: Uint8Array;
  readonly isFirstHeavier: boolean;
}

/** The best way to divide a node; of equal ones that of the first axis. Null where all values are equal, or all positions. */
export function bestSplit(
  data: RegressionData,
  weights: Uint32Array,
  rows: readonly Uint32Array[],
  node: Node,
): Split | null {
  if (node.isPure) return null;
  let best: Split | null = null;
  for (const [axis, { kind }] of data.levels.entries()) {
    const ordered = rows[axis];
    if (!ordered) continue;
    const found =
      kind === 'line'
        ? lineSplit(data, weights, ordered, node, axis)
        : categorySplit(data, weights, ordered, node, axis);
    if (found && (!best || found.gain > best.gain)) best = found;
  }
  return best;
}

function lineSplit(
  { columns, values }: RegressionData,
  weights: Uint32Array,
  ordered: Uint32Array,
  { start, end, weight: total, sum }: Node,
  axis: number,
): LineSplit | null {
  const column = columns[axis] ?? ordered;
  let weight = 0;
  let before = 0;
  let greatest = -Infinity;
  let below = -1;
  let above = -1;
  let level = column[ordered[start] ?? 0] ?? 0;
  for (let at = start; at < end - 1; at++) {
    const row = ordered[at] ?? 0;
    const times = weights[row] ?? 0;
    weight += times;
    before += times * (values[row] ?? 0);
    const next = column[ordered[at + 1] ?? 0] ?? 0;
    if (next === level) continue;
    const squares = (before * before) / weight + ((sum - before) * (sum - before)) / (total - weight);
    if (squares > greatest) {
      greatest = squares;
      below = level;
      above = next;
    }
    level = next;
  }
  return below < 0 ? null : { kind: 'line', axis, gain: greatest - (sum * sum) / total, below, above };
}

function categorySplit(
  data: RegressionData,
  weights: Uint32Array,
  ordered: Uint32Array,
  node: Node,
  axis: number,
): CategorySplit | null {
  const { weight: total, sum } = node;
  const seen = categoriesOf(data, weights, ordered, node, axis);
  let weight = 0;
  let before = 0;
  let [greatest, cut, isFirstHeavier] = [-Infinity, 0, false];
  for (const [place, category] of seen.slice(0, -1).entries()) {
    weight += category.weight;
    before += category.sum;
    const squares = (before * before) / weight + ((sum - before) * (sum - before)) / (total - weight);
    if (squares > greatest) [greatest, cut, isFirstHeavier] = [squares, place + 1, weight > total - weight];
  }
  if (cut === 0) return null;
  const places = new Uint8Array(data.levels[axis]?.count ?? 0);
  seen.forEach(({ category }, place) => (places[category] = place < cut ? 1 : 2));
  return { kind: 'category', axis, gain: greatest - (sum * sum) / total, places, isFirstHeavier };
}

interface SeenCategory {
  category: number;
  weight: number;
  sum: number;
}

/** The categories of the node's trials in the order of their means; of equal ones the lower number first. */
function categoriesOf(
  { columns, values }: RegressionData,
  weights: Uint32Array,
  ordered: Uint32Array,
  { start, end }: Node,
  axis: number,
): SeenCategory[] {
  const column = columns[axis] ?? ordered;
  const seen: SeenCategory[] = [];
  let last: SeenCategory | undefined;
  for (let at = start; at < end; at++) {
    const row = ordered[at] ?? 0;
    const category = column[row] ?? 0;
    if (last?.category !== category) seen.push((last = { category, weight: 0, sum: 0 }));
    const times = weights[row] ?? 0;
    last.weight += times;
    last.sum += times * (values[row] ?? 0);
  }
  return seen.sort((left, right) => left.sum / left.weight - right.sum / right.weight);
}
