import { describe, expect, it } from 'vitest';
import { sobolSearch } from '../../algorithms/sobol.ts';
import { TrialHistory } from '../../algorithms/trial-history.ts';
import { randomStream } from '../../core/random.ts';
import type { Point, SearchProblem } from '../../core/search-space.ts';
import { categorical, double, historyOf, int, problemOf } from './spaces.ts';

function suggest(problem: SearchProblem, history: TrialHistory, first: number, count: number): Point[] {
  return sobolSearch.create(problem, {}, randomStream('sobol')).suggest(history, first, count);
}

describe('Sobol search', () => {
  it('tries the values of every parameter equally often in blocks of 2^k trials', () => {
    const problem = problemOf(categorical('a', 'b', 'c', 'd'), int(1, 8), double(-1, 1));
    const points = suggest(problem, new TrialHistory(3), 0, 64);
    for (const choice of [0, 1, 2, 3]) {
      expect(points.filter(([category]) => category === choice)).toHaveLength(16);
    }
    for (const n of [1, 2, 3, 4, 5, 6, 7, 8]) {
      expect(points.filter(([, whole]) => whole === n)).toHaveLength(8);
    }
    expect(points.filter(([, , x]) => x !== undefined && x < 0)).toHaveLength(32);
  });

  it('reaches the largest whole number as often as the others', () => {
    const points = suggest(problemOf(int(1, 4), double(0, 1)), new TrialHistory(2), 0, 400);
    expect(points.filter(([n]) => n === 4)).toHaveLength(100);
  });

  it('honours logarithmic ranges', () => {
    const problem = problemOf(double(1e-4, 1, { distribution: 'logUniform' }));
    const points = suggest(problem, new TrialHistory(1), 0, 32);
    expect(points.filter(([x = 0]) => x < 1e-2)).toHaveLength(16);
  });

  it('gives a trial its point whatever the history', () => {
    const problem = problemOf(double(0, 1), int(1, 100));
    const points = suggest(problem, new TrialHistory(2), 0, 10);
    expect(suggest(problem, historyOf(2, points.slice(0, 4)), 9, 1)).toEqual(points.slice(9));
  });

  it('replaces a point that would repeat an earlier one by a free one', () => {
    const problem = problemOf(int(1, 7), categorical('a', 'b', 'c'));
    const points = suggest(problem, new TrialHistory(2), 0, 21);
    expect(new Set(points.map((point) => point.join())).size).toBe(21);
    expect(suggest(problem, historyOf(2, points), 21, 1)).toEqual([]);
  });

  it('serves more parameters than there are direction numbers', () => {
    const problem = problemOf(...Array.from({ length: 1100 }, () => double(0, 1)));
    const [first, second] = suggest(problem, new TrialHistory(1100), 0, 2);
    expect(first?.every((x) => x > 0 && x < 1)).toBe(true);
    expect(first).not.toEqual(second);
  });
});
