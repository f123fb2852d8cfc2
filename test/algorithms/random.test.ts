import { describe, expect, it } from 'vitest';
import { randomSearch } from '../../algorithms/random.ts';
import { TrialHistory } from '../../algorithms/trial-history.ts';
import { randomStream } from '../../core/random.ts';
import type { Point, SearchProblem } from '../../core/search-space.ts';
import { categorical, double, historyOf, int, problemOf } from './spaces.ts';

function suggest(problem: SearchProblem, history: TrialHistory, first: number, count: number): Point[] {
  return randomSearch.create(problem, {}, randomStream('random')).suggest(history, first, count);
}

function column(points: readonly Point[], axis: number): number[] {
  return points.map((point) => point[axis] ?? Number.NaN);
}

/** Pearson's statistic of the counts of the values against equal shares. */
function chiSquare(values: readonly number[], classes: number): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const expected = values.length / classes;
  const found = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  return found + (classes - counts.size) * expected;
}

describe('random search', () => {
  const continuous = double(0, 1);

  it('gives the ends of a lattice the weight of the others', () => {
    // The continuous parameter makes repetition of the other values possible.
    const problem = problemOf(int(1, 5), int(1, 10, { step: 2 }), categorical('a', 'b', 'c'), continuous);
    const points = suggest(problem, new TrialHistory(4), 0, 5000);
    // 99.9 % quantiles for 4, 4 and 2 degrees of freedom.
    expect(chiSquare(column(points, 0), 5)).toBeLessThan(18.5);
    expect(chiSquare(column(points, 1), 5)).toBeLessThan(18.5);
    expect(chiSquare(column(points, 2), 3)).toBeLessThan(13.9);
  });

  it('keeps normal and logNormal values inside the range', () => {
    const problem = problemOf(
      double(0.01, 0.05, { distribution: 'normal' }),
      int(32, 64, { distribution: 'logNormal' }),
      continuous,
    );
    const points = suggest(problem, new TrialHistory(3), 0, 3000);
    expect(Math.min(...column(points, 0))).toBeGreaterThanOrEqual(0.01);
    expect(Math.max(...column(points, 0))).toBeLessThanOrEqual(0.05);
    expect(Math.min(...column(points, 1))).toBeGreaterThanOrEqual(32);
    expect(Math.max(...column(points, 1))).toBeLessThanOrEqual(64);
  });

  it('takes ranges below zero as they are', () => {
    const values = column(suggest(problemOf(double(-1, 1)), new TrialHistory(1), 0, 2000), 0);
    expect(values.filter((value) => value < 0).length).toBeGreaterThan(900);
    expect(values.filter((value) => value < 0).length).toBeLessThan(1100);
  });

  it('honours logUniform', () => {
    const problem = problemOf(double(1e-6, 1, { distribution: 'logUniform' }));
    const values = column(suggest(problem, new TrialHistory(1), 0, 2000), 0);
    const small = values.filter((value) => value < 1e-3).length;
    expect(small).toBeGreaterThan(900);
    expect(small).toBeLessThan(1100);
  });

  it('gives a trial its point whatever was asked for before, as long as nothing repeats', () => {
    const problem = problemOf(continuous, int(1, 100));
    const [, , third] = suggest(problem, new TrialHistory(2), 0, 3);
    expect(suggest(problem, new TrialHistory(2), 2, 1)).toEqual([third]);
    const crowded = historyOf(2, [Float64Array.of(0.5, 7), Float64Array.of(0.25, 8)]);
    expect(suggest(problem, crowded, 2, 1)).toEqual([third]);
  });

  it('gives the points of one request as if they had been asked for one by one', () => {
    const problem = problemOf(int(1, 6), categorical('a', 'b'));
    const together = suggest(problem, new TrialHistory(2), 0, 12);
    const history = new TrialHistory(2);
    for (let index = 0; index < 12; index++) {
      const [point] = suggest(problem, history, index, 1);
      expect(point).toEqual(together[index]);
      if (point) history.add(point);
    }
  });

  it('finds the last free point where the distribution hardly ever goes', () => {
    const problem = problemOf(int(1, 1000, { distribution: 'logNormal' }));
    const taken = Array.from({ length: 999 }, (_, index) => Float64Array.of(index + 1));
    expect(suggest(problem, historyOf(1, taken), 999, 5)).toEqual([Float64Array.of(1000)]);
  });

  it('counts a point of another space in the history for nothing', () => {
    const outside = historyOf(1, [Float64Array.of(77)]);
    expect(suggest(problemOf(int(1, 3)), outside, 1, 9)).toHaveLength(3);
  });
});
