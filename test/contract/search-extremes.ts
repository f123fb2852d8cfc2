import { expect, it } from 'vitest';
import type { SearchAlgorithm, Searcher, Settings } from '../../algorithms/search-algorithm.ts';
import { HISTORY_STATE, TrialHistory } from '../../algorithms/trial-history.ts';
import { coordinatesOf } from '../../algorithms/unit-coordinates.ts';
import { randomStream } from '../../core/random.ts';
import type { Parameter, Point, SearchProblem } from '../../core/search-space.ts';
import { categorical, discrete, double, int, isFeasible, problemOf } from '../algorithms/spaces.ts';

/** What becomes of a trial; NaN is a failure. */
type Outcome = (point: Point, trial: number) => number;

const MIXED = problemOf(
  double(-3, 3),
  double(1e-5, 1, { distribution: 'logUniform' }),
  double(0, 1, { step: 0.01, decimals: 2 }),
  int(1, 64),
  categorical('a', 'b', 'c'),
);

/** A bowl in the unit cube. Whole multiples of 2⁻²⁰, so that sums with great numbers lose nothing. */
function bowl({ parameters }: SearchProblem): Outcome {
  return (point) => {
    const distances = coordinatesOf(parameters, point).map((coordinate) => (coordinate - 0.3) ** 2);
    const mean = distances.reduce((sum, distance) => sum + distance, 0) / distances.length;
    return Math.round(mean * 2 ** 20) / 2 ** 20;
  };
}

/** How far a search is driven. */
interface Extremes {
  dimensions: number;
  /** Trials of the searches that are compared. */
  trials: number;
  /** Trials of one request when there are results already. */
  batch: number;
}

const FAR: Extremes = { dimensions: 500, trials: 40, batch: 100 };
/** A suggestion that a model is fitted for takes a tenth of a second and more. */
const NEAR: Extremes = { dimensions: 20, trials: 20, batch: 10 };
const FIT_A_MODEL: ReadonlySet<string> = new Set(['auto', 'bayesianoptimization']);

/** Spaces, results and requests at the ends of what there is. */
export function searchExtremesContract(algorithm: SearchAlgorithm, settings: Settings = {}): void {
  const fitsModel = FIT_A_MODEL.has(algorithm.name);
  const { dimensions: most, trials, batch } = fitsModel ? NEAR : FAR;
  const searcherFor = (problem: SearchProblem): Searcher =>
    algorithm.create(problem, settings, randomStream('extremes'));
  /** The problem, with steps where the algorithm takes no continuous parameters. */
  const suited = (problem: SearchProblem): SearchProblem =>
    algorithm.unsupported(problem, settings).length === 0
      ? problem
      : { ...problem, parameters: problem.parameters.map(stepped) };

  function search(given: SearchProblem, trials: number, batch: number, outcome?: Outcome): Point[] {
    const problem = suited(given);
    const searcher = searcherFor(problem);
    const history = new TrialHistory(problem.parameters.length);
    const valueOf = outcome ?? bowl(problem);
    const all: Point[] = [];
    while (all.length < trials) {
      const points = searcher.suggest(history, all.length, batch);
      if (points.length === 0) break;
      for (const point of points) {
        const value = valueOf(point, all.length);
        history.set(
          history.add(point),
          Number.isNaN(value) ? HISTORY_STATE.failed : HISTORY_STATE.succeeded,
          value,
        );
        all.push(point);
      }
    }
    for (const point of all) expect(isPointOf(problem.parameters, point)).toBe(true);
    return all;
  }

  it.each([
    ['one parameter', problemOf(int(3, 3))],
    ['several parameters', problemOf(int(3, 3), categorical('a'), discrete('5'), double(0.5, 0.5))],
  ])('gives the only point of a space once, with %s', (_, problem) => {
    expect(search(problem, 10, 3)).toHaveLength(1);
  });

  it('searches beside parameters that take one value', () => {
    const points = search(problemOf(int(3, 3), double(0, 1), categorical('a')), trials, 4);
    expect(distinct(points)).toBe(trials);
  });

  it.each([1, most])('searches in %d dimensions', (dimensions) => {
    const kinds = [
      double(-1, 1),
      double(1e-4, 10, { distribution: 'logUniform' }),
      int(0, 100),
      categorical('a', 'b'),
    ];
    const parameters = Array.from({ length: dimensions }, (_, at) => kinds[at % kinds.length] ?? int(0, 1));
    const points = search(problemOf(...parameters), 24, 8);
    expect(distinct(points)).toBe(24);
  });

  let plain: Point[] | undefined;
  const unchanged = (): Point[] => (plain ??= search(MIXED, trials, 4));
  const searchWith = (changed: (value: number) => number): Point[] => {
    const valueOf = bowl(suited(MIXED));
    return search(MIXED, trials, 4, (point, trial) => changed(valueOf(point, trial)));
  };

  it.each<[string, (value: number) => number]>([
    ['multiplied by 2⁴⁰', (value) => value * 2 ** 40],
    ['divided by 2⁴⁰', (value) => value / 2 ** 40],
  ])('searches the same where all results are %s', (_, changed) =>
    expect(searchWith(changed)).toEqual(unchanged()),
  );

  it('searches as well where all results are greater by a thousand million', () => {
    const shifted = searchWith((value) => value + 1e9);
    const bestOf = (points: readonly Point[]): number =>
      Math.min(...points.map((point) => bowl(suited(MIXED))(point, 0)));
    expect(bestOf(shifted)).toBeLessThan(bestOf(unchanged()) + 0.01);
    // A model has sums of the results, which lose their last digits to a great number.
    if (!fitsModel) expect(shifted).toEqual(unchanged());
  });

  it('gives a hundred trials at once a hundred points, and more when they have results', () => {
    const problem = suited(MIXED);
    const searcher = searcherFor(problem);
    const history = new TrialHistory(problem.parameters.length);
    const first = searcher.suggest(history, 0, 100);
    for (const point of first)
      history.set(history.add(point), HISTORY_STATE.succeeded, bowl(problem)(point, 0));
    const second = searcher.suggest(history, 100, batch);
    expect([first.length, second.length]).toEqual([100, batch]);
    expect(distinct([...first, ...second])).toBe(100 + batch);
    for (const point of [...first, ...second]) expect(isPointOf(problem.parameters, point)).toBe(true);
  });

  it('goes on where a fifth of the trials fail', () => {
    const valueOf = bowl(suited(MIXED));
    const points = search(MIXED, trials, 4, (point, trial) =>
      trial % 5 === 2 ? Number.NaN : valueOf(point, trial),
    );
    expect(distinct(points)).toBe(trials);
  });

  it('goes on where no trial has brought a result', () => {
    const points = search(MIXED, 60, 3, () => Number.NaN);
    expect(distinct(points)).toBe(60);
  });

  it('goes on where results are no numbers, infinite, or of trials that were stopped early', () => {
    const problem = suited(MIXED);
    const searcher = searcherFor(problem);
    const history = new TrialHistory(problem.parameters.length);
    const values = [Number.NaN, Infinity, -Infinity, 1.7e308, -1.7e308, 5e-324, 0, -0];
    const states = [HISTORY_STATE.succeeded, HISTORY_STATE.earlyStopped, HISTORY_STATE.failed];
    const points: Point[] = [];
    for (let request = 0; request < 6; request++)
      for (const point of searcher.suggest(history, history.size, 4)) {
        const row = history.add(point);
        history.set(
          row,
          states[row % states.length] ?? HISTORY_STATE.failed,
          values[row % values.length] ?? 0,
        );
        points.push(point);
      }
    for (const point of points) expect(isPointOf(problem.parameters, point)).toBe(true);
    expect(distinct(points)).toBe(24);
  });
}

function stepped(parameter: Parameter): Parameter {
  if (parameter.kind !== 'double' || parameter.step !== null || parameter.min === parameter.max)
    return parameter;
  const step = Number(((parameter.max - parameter.min) / 1000).toPrecision(1));
  return { ...parameter, step, decimals: 8, distribution: 'uniform' };
}

function isPointOf(parameters: readonly Parameter[], point: Point): boolean {
  return parameters.every((parameter, axis) => isFeasible(parameter, point[axis] ?? Number.NaN));
}

function distinct(points: readonly Point[]): number {
  return new Set(points.map((point) => point.join())).size;
}
