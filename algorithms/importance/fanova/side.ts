import type { Split } from './best-split.ts';
import type { RegressionData } from './regression-data.ts';

/** What a box has of one axis: intervals in [0, 1]. On a line it is one; the category number c of n has [c/n, (c+1)/n]. */
export interface Side {
  readonly axis: number;
  /** Ends of the intervals, ascending: low, high, low, high … Neighbouring ones are one. */
  readonly runs: readonly number[];
  /** Of all intervals together. */
  readonly width: number;
  /** The categories, ascending; null on a line. */
  readonly members: readonly number[] | null;
}

/** The two sides into which a split divides a box; null where one of them would have no width. */
export function halvesOf(
  { levels }: RegressionData,
  sides: readonly Side[],
  split: Split,
): readonly [Side, Side] | null {
  const axis = levels[split.axis];
  const side = sides.find((candidate) => candidate.axis === split.axis);
  if (split.kind === 'category') return categoryHalves(axis?.count ?? 1, side, split);
  if (axis?.kind !== 'line') return null;
  const [low = 0, high = 1] = side?.runs ?? [];
  const border = ((axis.highs[split.below] ?? 0) + (axis.lows[split.above] ?? 1)) / 2;
  if (!(low < border && border < high)) return null;
  return [lineSide(split.axis, low, border), lineSide(split.axis, border, high)];
}

function lineSide(axis: number, low: number, high: number): Side {
  return { axis, runs: [low, high], width: high - low, members: null };
}

/** Categories that no trial of the node has go where most of its trials are. */
function categoryHalves(
  count: number,
  side: Side | undefined,
  { axis, places, isFirstHeavier }: Extract<Split, { kind: 'category' }>,
): readonly [Side, Side] {
  const members = side?.members ?? Array.from({ length: count }, (_, category) => category);
  const isFirst = (category: number): boolean => {
    const place = places[category];
    return place === 1 || (place === 0 && isFirstHeavier);
  };
  return [
    categorySide(axis, count, members.filter(isFirst)),
    categorySide(
      axis,
      count,
      members.filter((category) => !isFirst(category)),
    ),
  ];
}

function categorySide(axis: number, count: number, members: readonly number[]): Side {
  const runs: number[] = [];
  for (const [place, category] of members.entries()) {
    if (place === 0 || members[place - 1] !== category - 1)
      runs.push(category / count, (category + 1) / count);
    else runs[runs.length - 1] = (category + 1) / count;
  }
  return { axis, runs, width: members.length / count, members };
}
