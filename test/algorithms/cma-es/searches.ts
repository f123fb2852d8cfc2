import { cmaEsSearch } from '../../../algorithms/cma-es/cma-es.ts';
import type { Settings } from '../../../algorithms/search-algorithm.ts';
import { HISTORY_STATE, TrialHistory } from '../../../algorithms/trial-history.ts';
import { randomStream } from '../../../core/random.ts';
import type { Parameter, Point, SearchProblem } from '../../../core/search-space.ts';
import { double } from '../spaces.ts';

export const cube = (dimensions: number, min = 0, max = 1): Parameter[] =>
  Array.from({ length: dimensions }, () => double(min, max));
export const median = (values: number[]): number =>
  values.sort((left, right) => left - right)[values.length >> 1] ?? NaN;
export const sphere = (point: Point): number => point.reduce((sum, x) => sum + (x - 0.3) ** 2, 0);
export const ellipsoid = (point: Point): number =>
  point.reduce((sum, x, k) => sum + 10 ** ((6 * k) / (point.length - 1)) * (x - 0.3) ** 2, 0);
export const rosenbrock = (point: Point): number =>
  point
    .subarray(1)
    .reduce((sum, next, k) => sum + 100 * (next - (point[k] ?? 0) ** 2) ** 2 + (1 - (point[k] ?? 0)) ** 2, 0);

export interface Tried {
  points: Point[];
  values: number[];
}

/** A search of so many trials, one after the other; it ends with a value below `target`. */
export function tried(
  problem: SearchProblem,
  objective: (point: Point) => number,
  {
    trials,
    settings = {},
    seed = 's',
    target = -Infinity,
  }: { trials: number; settings?: Settings; seed?: string; target?: number },
): Tried {
  const searcher = cmaEsSearch.create(problem, settings, randomStream(seed));
  const history = new TrialHistory(problem.parameters.length);
  const points: Point[] = [];
  const values: number[] = [];
  for (let trial = 0; trial < trials; trial++) {
    const [point] = searcher.suggest(history, trial, 1);
    if (!point) break;
    const value = objective(point);
    history.set(history.add(point), HISTORY_STATE.succeeded, value);
    points.push(point);
    values.push(value);
    if (value < target) break;
  }
  return { points, values };
}
