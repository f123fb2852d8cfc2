import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fanova } from '../../../algorithms/importance/fanova/fanova.ts';
import { bestSplit } from '../../../algorithms/importance/fanova/best-split.ts';
import {
  mainVariance,
  marginalsOf,
  pairVariance,
  varianceOf,
} from '../../../algorithms/importance/fanova/marginals.ts';
import {
  regressionData,
  type RegressionData,
} from '../../../algorithms/importance/fanova/regression-data.ts';
import {
  growTree,
  type Leaf,
  type RegressionTree,
} from '../../../algorithms/importance/fanova/regression-tree.ts';
import { trialResults } from '../../../algorithms/importance/trial-results.ts';
import { coordinateOf } from '../../../algorithms/unit-coordinates.ts';
import type { SearchProblem } from '../../../core/search-space.ts';
import {
  evaluate,
  historyOfTrials,
  randomTrials,
  shareOf,
  type EndedTrial,
} from '../../contract/importance-evaluator.ts';
import { categorical, double, int, problemOf } from '../spaces.ts';

const MIXED = problemOf(
  double(0, 1),
  int(1, 6, { distribution: 'logUniform' }),
  categorical('a', 'b', 'c', 'd', 'e'),
  int(0, 2),
);
/** A value for each point that has no rule: nothing is hidden by symmetry. */
const irregular = ([a = 0, b = 0, c = 0, d = 0]: readonly number[]): number =>
  Math.sin(7 * a + 3 * b * c) + (Math.round(5 * c) === 2 ? 1 : 0) * d;

function dataOf(problem: SearchProblem, trials: readonly EndedTrial[]): RegressionData {
  return regressionData(trialResults(problem, historyOfTrials(problem.parameters.length, trials)));
}

function treeOf(
  seed: string,
  trials = 25,
): { tree: RegressionTree; data: RegressionData; ended: EndedTrial[] } {
  const ended = randomTrials(MIXED, trials, irregular, seed);
  const data = dataOf(MIXED, ended);
  return { tree: growTree(data, new Uint32Array(trials).fill(1)), data, ended };
}

function contains({ sides }: Leaf, position: readonly number[]): boolean {
  return sides.every(({ axis, runs }) => {
    const at = position[axis] ?? 0;
    return runs.some((low, place) => place % 2 === 0 && low <= at && at < (runs[place + 1] ?? 1));
  });
}

/** What the tree says at a place, by the one leaf that has it. */
function valueAt(leaves: readonly Leaf[], position: readonly number[]): number {
  const found = leaves.filter((leaf) => contains(leaf, position));
  expect(found).toHaveLength(1);
  return found[0]?.value ?? Number.NaN;
}

/** All pieces between ends of sides, one number for the middle and the length of each, for each axis. */
function pieces(leaves: readonly Leaf[], axes: number): { middle: number; length: number }[][] {
  return Array.from({ length: axes }, (_, axis) => {
    const ends = [
      0,
      1,
      ...leaves.flatMap(({ sides }) =>
        sides.filter((side) => side.axis === axis).flatMap(({ runs }) => runs),
      ),
    ];
    const sorted = [...new Set(ends)].sort((left, right) => left - right);
    return sorted.slice(1).map((high, at) => {
      const low = sorted[at] ?? 0;
      return { middle: (low + high) / 2, length: high - low };
    });
  });
}

/** The variance of the average over all axes but `held`, by asking the tree everywhere. */
function bruteVariance(leaves: readonly Leaf[], held: readonly number[]): number {
  const grid = pieces(leaves, 4);
  const averages = new Map<string, { sum: number; weight: number }>();
  const visit = (axis: number, position: number[], weight: number, heldWeight: number): void => {
    const piece = grid[axis];
    if (!piece) {
      const key = held.map((at) => position[at]).join();
      const entry = averages.get(key) ?? { sum: 0, weight: heldWeight };
      entry.sum += (valueAt(leaves, position) * weight) / heldWeight;
      averages.set(key, entry);
      return;
    }
    for (const { middle, length } of piece)
      visit(
        axis + 1,
        [...position, middle],
        weight * length,
        held.includes(axis) ? heldWeight * length : heldWeight,
      );
  };
  visit(0, [], 1, 1);
  const all = [...averages.values()];
  const mean = all.reduce((sum, entry) => sum + entry.sum * entry.weight, 0);
  return all.reduce((sum, entry) => sum + (entry.sum - mean) ** 2 * entry.weight, 0);
}

describe('a regression tree', () => {
  it('says for each trial what came of it', () => {
    const { tree, data, ended } = treeOf('fit');
    const axes = MIXED.parameters;
    for (const [row, { point }] of ended.entries()) {
      const position = axes.map((parameter, axis) =>
        parameter.kind === 'categorical'
          ? ((point[axis] ?? 0) + 0.5) / parameter.choices.length
          : coordinateOf(parameter, point[axis] ?? 0),
      );
      expect(valueAt(tree.leaves, position)).toBeCloseTo(data.values[row] ?? 0, 12);
    }
  });

  it('divides the whole cube', () => {
    const { tree } = treeOf('cube');
    expect(tree.leaves.reduce((sum, { volume }) => sum + volume, 0)).toBeCloseTo(1, 12);
    for (const { volume, sides } of tree.leaves)
      expect(volume).toBeCloseTo(
        sides.reduce((product, { width }) => product * width, 1),
        12,
      );
  });

  it('divides whole numbers between their cells', () => {
    const problem = problemOf(int(1, 4));
    const trials = [1, 2, 3, 4].map((value) => ({ point: Float64Array.of(value), value: Number(value > 3) }));
    const { leaves } = growTree(dataOf(problem, trials), new Uint32Array(4).fill(1));
    expect(leaves.map(({ value, volume }) => [value, volume])).toEqual([
      [0, 0.75],
      [1, 0.25],
    ]);
  });

  it('takes categories that no trial has for what most trials are', () => {
    const problem = problemOf(categorical('a', 'b', 'c', 'd'));
    const trials = [0, 0, 0, 3].map((choice) => ({
      point: Float64Array.of(choice),
      value: Number(choice === 0),
    }));
    const { leaves } = growTree(dataOf(problem, trials), new Uint32Array(4).fill(1));
    expect(leaves.map(({ value, volume }) => [value, volume])).toEqual([
      [0, 0.25],
      [1, 0.75],
    ]);
  });

  it('counts a trial that was drawn twice twice, and one that was not drawn not', () => {
    const problem = problemOf(double(0, 1));
    const trials = [
      { point: Float64Array.of(0.5), value: 0 },
      { point: Float64Array.of(0.5), value: 3 },
      { point: Float64Array.of(0.9), value: 9 },
    ];
    const { leaves } = growTree(dataOf(problem, trials), Uint32Array.of(1, 2, 0));
    expect(leaves).toEqual([{ value: 2 / 9, volume: 1, sides: [] }]);
  });

  it('finds the best of all ways to divide categories into two', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(4), fc.integer({ min: 0, max: 20 })), { minLength: 2, maxLength: 15 }),
        (rows) => {
          fc.pre(
            new Set(rows.map(([, value]) => value)).size > 1 &&
              new Set(rows.map(([choice]) => choice)).size > 1,
          );
          const problem = problemOf(categorical('a', 'b', 'c', 'd', 'e'));
          const trials = rows.map(([choice, value]) => ({ point: Float64Array.of(choice), value }));
          const data = dataOf(problem, trials);
          const { gains, leaves } = growTree(data, new Uint32Array(rows.length).fill(1));
          expect(leaves.length).toBeGreaterThan(1);
          expect(gains[0]).toBeGreaterThanOrEqual(
            bestOfAllSubsets(rows.map(([choice], row) => [choice, data.values[row] ?? 0])) - 1e-12,
          );
          const split = firstSplit(data);
          expect(split?.gain).toBeCloseTo(
            bestOfAllSubsets(rows.map(([choice], row) => [choice, data.values[row] ?? 0])),
            10,
          );
        },
      ),
    );
  });
});

function firstSplit(data: RegressionData): ReturnType<typeof bestSplit> {
  const count = data.values.length;
  const sum = data.values.reduce((total, value) => total + value, 0);
  const rows = [
    Uint32Array.from(data.values.keys()).sort(
      (a, b) => (data.columns[0]?.[a] ?? 0) - (data.columns[0]?.[b] ?? 0),
    ),
  ];
  return bestSplit(data, new Uint32Array(count).fill(1), rows, {
    start: 0,
    end: count,
    weight: count,
    sum,
    isPure: false,
    sides: [],
  });
}

function bestOfAllSubsets(rows: readonly (readonly [number, number])[]): number {
  const squares = (some: readonly (readonly [number, number])[]): number => {
    const mean = some.reduce((sum, [, value]) => sum + value, 0) / some.length;
    return some.reduce((sum, [, value]) => sum + (value - mean) ** 2, 0);
  };
  const gains = Array.from({ length: 32 }, (_, subset) => {
    const [left, right] = [1, 0].map((bit) => rows.filter(([choice]) => ((subset >> choice) & 1) === bit));
    return left?.length && right?.length ? squares(rows) - squares(left) - squares(right) : 0;
  });
  return Math.max(...gains);
}

describe('marginals in one pass', () => {
  it.each(['a', 'b', 'c', 'd'])('are what asking the tree everywhere gives: %s', (seed) => {
    const { leaves } = treeOf(seed, 14).tree;
    const marginals = marginalsOf(leaves, 4);
    expect(varianceOf(marginals)).toBeCloseTo(bruteVariance(leaves, [0, 1, 2, 3]), 12);
    for (const axis of [0, 1, 2, 3])
      expect(mainVariance(marginals, axis)).toBeCloseTo(bruteVariance(leaves, [axis]), 12);
    for (const pair of [
      [0, 1],
      [0, 2],
      [1, 2],
      [2, 3],
    ] as const)
      expect(pairVariance(marginals, pair)).toBeCloseTo(bruteVariance(leaves, pair), 12);
  });
});

describe('fanova', () => {
  it.each([[[3, 2, 1]], [[1, 1, 1, 1]], [[5, -1]]])(
    'tends to a²/Σa² for a sum of parameters times %j',
    (factors) => {
      const problem = problemOf(...factors.map(() => double(0, 1)));
      const trials = randomTrials(problem, 800, (at) =>
        at.reduce((sum, x, axis) => sum + x * (factors[axis] ?? 0), 0),
      );
      const report = evaluate(fanova, problem, trials);
      const total = factors.reduce((sum, factor) => sum + factor ** 2, 0);
      for (const [axis, factor] of factors.entries())
        expect(Math.abs(shareOf(report, `p${axis}`) - factor ** 2 / total)).toBeLessThan(0.05);
      expect(report.explained).toBeGreaterThan(0.85);
    },
  );

  it('finds what two parameters do together', () => {
    const problem = problemOf(double(0, 1), double(0, 1), double(0, 1));
    const trials = randomTrials(problem, 600, ([a = 0, b = 0, c = 0]) => (a - 0.5) * (b - 0.5) + 0.1 * c);
    const { interactions, explained, notes } = evaluate(fanova, problem, trials);
    expect(interactions[0]?.parameters).toEqual(['p0', 'p1']);
    // Variances 1/144 and 0.01/12: the product has 0.89 of all.
    expect(interactions[0]?.share).toBeGreaterThan(0.6);
    expect(explained).toBeLessThan(0.35);
    expect(notes).toEqual([
      expect.stringMatching(/^The parameters bring \d+ % of the variance each by itself/),
    ]);
  });

  it('sees the space as its distributions have it: on a logarithmic scale every power of ten alike', () => {
    const problem = problemOf(double(1e-6, 1, { distribution: 'logUniform' }), double(0, 1));
    const trials = randomTrials(problem, 800, ([rate = 0, other = 0]) => rate + other);
    const report = evaluate(fanova, problem, trials);
    expect(Math.abs(shareOf(report, 'p0') - 0.5)).toBeLessThan(0.05);
  });

  it('changes little when results are scaled and shifted', () => {
    const plain = randomTrials(MIXED, 100, irregular);
    const other = plain.map(({ point, value }) => ({ point, value: value * 1e12 + 1e9 }));
    const [one, two] = [plain, other].map((trials) => evaluate(fanova, MIXED, trials));
    for (const { parameter, share } of one?.importances ?? [])
      expect(two && shareOf(two, parameter)).toBeCloseTo(share, 2);
  });
});
