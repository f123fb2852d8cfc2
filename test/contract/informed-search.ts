import { expect, it } from 'vitest';
import { randomSearch } from '../../algorithms/random.ts';
import type { SearchAlgorithm } from '../../algorithms/search-algorithm.ts';
import { HISTORY_STATE, TrialHistory } from '../../algorithms/trial-history.ts';
import { randomStream } from '../../core/random.ts';
import type { Point, SearchProblem } from '../../core/search-space.ts';
import { categorical, double, int, problemOf } from '../algorithms/spaces.ts';

const PROBLEM = problemOf(
  double(0, 1),
  double(1e-5, 1, { distribution: 'logUniform' }),
  int(1, 20),
  categorical('a', 'b', 'c'),
);

export function loss([x = 0, rate = 1, layers = 0, kind = 0]: Point): number {
  return (
    (x - 0.3) ** 2 + 0.1 * (Math.log10(rate) + 2) ** 2 + 0.01 * (layers - 7) ** 2 + 0.2 * Number(kind !== 1)
  );
}

export interface Run {
  algorithm: SearchAlgorithm;
  problem?: SearchProblem;
  objective?: (point: Point, trial: number) => number;
  trials?: number;
  batch?: number;
  seed?: string;
}

/** The points of a search, `batch` at a time. */
export function search({
  algorithm,
  problem = PROBLEM,
  objective = loss,
  trials = 60,
  batch = 1,
  seed = 's',
}: Run): Point[] {
  const searcher = algorithm.create(problem, {}, randomStream(seed));
  const history = new TrialHistory(problem.parameters.length);
  const points: Point[] = [];
  while (points.length < trials) {
    for (const point of searcher.suggest(history, points.length, batch)) {
      const value = objective(point, points.length);
      history.set(
        history.add(point),
        Number.isNaN(value) ? HISTORY_STATE.failed : HISTORY_STATE.succeeded,
        value,
      );
      points.push(point);
    }
  }
  return points;
}

const best = (points: readonly Point[]): number => Math.min(...points.map(loss));
const SEEDS = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
const median = (values: number[]): number =>
  values.sort((left, right) => left - right)[values.length >> 1] ?? NaN;

/** What every search that learns from results must do. So many `trials` are enough for it to be far ahead, over so many `seeds`. */
export function informedSearchContract(
  algorithm: SearchAlgorithm,
  { trials = 60, seeds = 7 }: { trials?: number; seeds?: number } = {},
): void {
  it.each([
    ['one at a time', { batch: 1 }],
    ['eight at a time', { batch: 8 }],
    [
      'where a fifth of the trials fail',
      { objective: (point: Point, trial: number) => (trial % 5 === 4 ? NaN : loss(point)) },
    ],
  ])('finds what random search does not, %s', (_, run) => {
    const found = median(
      SEEDS.slice(0, seeds).map((seed) => best(search({ algorithm, seed, trials, ...run }))),
    );
    const random = median(
      SEEDS.slice(0, seeds).map((seed) => best(search({ algorithm: randomSearch, seed, trials }))),
    );
    expect(found).toBeLessThan(random / 2);
  });

  it('maximizes as it minimizes the negative', () => {
    const upwards = { ...PROBLEM, direction: 'maximize' } as const;
    const mirrored = search({ algorithm, problem: upwards, trials: 30, objective: (point) => -loss(point) });
    expect(mirrored).toEqual(search({ algorithm, trials: 30 }));
  });

  it('goes on where all results are equal', () => {
    const points = search({ algorithm, objective: () => 1 });
    expect(new Set(points.map(String)).size).toBe(points.length);
  });

  it('gives eight trials of one request eight different points, apart from each other', () => {
    const points = search({ algorithm, batch: 8, trials: 32 }).slice(-8);
    expect(new Set(points.map(([x]) => x)).size).toBe(8);
  });
}
