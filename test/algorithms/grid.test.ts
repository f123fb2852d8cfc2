import { describe, expect, it } from 'vitest';
import { gridSearch } from '../../algorithms/grid.ts';
import { TrialHistory } from '../../algorithms/trial-history.ts';
import { randomStream } from '../../core/random.ts';
import type { Point, SearchProblem } from '../../core/search-space.ts';
import { categorical, discrete, double, historyOf, int, problemOf } from './spaces.ts';

function suggest(problem: SearchProblem, history: TrialHistory, first: number, count: number): Point[] {
  return gridSearch.create(problem, {}, randomStream('grid')).suggest(history, first, count);
}

describe('grid search', () => {
  it('covers exactly the product of the values', () => {
    const problem = problemOf(
      double(0.1, 0.3, { step: 0.1, decimals: 1, distribution: 'logUniform' }),
      int(1, 3),
      categorical('a', 'b'),
      discrete('1', '2.5'),
    );
    const points = suggest(problem, new TrialHistory(4), 0, 1000).map((point) => point.join());
    const product = [0.1, 0.2, 0.3].flatMap((x) =>
      [1, 2, 3].flatMap((n) => [0, 1].flatMap((c) => [1, 2.5].map((d) => [x, n, c, d].join()))),
    );
    expect(points.toSorted()).toEqual(product.toSorted());
  });

  it('does not need the trial limit to be below the number of combinations', () => {
    const problem: SearchProblem = { ...problemOf(int(1, 2)), maxTrials: 50 };
    expect(gridSearch.unsupported(problem, {})).toEqual([]);
    expect(suggest(problem, new TrialHistory(1), 0, 50)).toHaveLength(2);
  });

  it('refuses a continuous double by name and says what it needs', () =>
    expect(gridSearch.unsupported(problemOf(int(1, 2), double(0, 1), double(3, 3)), {})).toEqual([
      'The algorithm grid cannot enumerate the parameter p1: a double needs feasibleSpace.step there.',
    ]));

  it('refuses a step too fine to count', () =>
    expect(gridSearch.unsupported(problemOf(double(0, 1e9, { step: 1e-9, decimals: 9 })), {})).toEqual([
      'The algorithm grid cannot enumerate the parameter p0: its step gives more than 2^53 values.',
    ]));

  it('steps over points that were told from outside and loses none', () => {
    const problem = problemOf(int(1, 4), int(1, 4));
    const order = suggest(problem, new TrialHistory(2), 0, 16);
    const told = order.slice(0, 3);
    expect(suggest(problem, historyOf(2, told), 0, 16)).toEqual(order.slice(3));
  });

  it('offers the cell of a deleted trial again at the end', () => {
    const problem = problemOf(int(1, 4));
    const order = suggest(problem, new TrialHistory(1), 0, 4);
    const [, deleted] = order;
    const rest = order.filter((point) => point !== deleted);
    expect(suggest(problem, historyOf(1, rest), 4, 9)).toEqual([deleted]);
  });

  it('gets on at once in a grid of astronomical size', () => {
    const problem = problemOf(...Array.from({ length: 40 }, () => int(1, 1_000_000)));
    const points = suggest(problem, new TrialHistory(40), 1_000_000, 3);
    expect(new Set(points.map((point) => point.join())).size).toBe(3);
  });
});
