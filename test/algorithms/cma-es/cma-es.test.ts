import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cmaEsSearch } from '../../../algorithms/cma-es/cma-es.ts';
import type { Settings } from '../../../algorithms/search-algorithm.ts';
import { randomSearch } from '../../../algorithms/random.ts';
import { HISTORY_STATE, TrialHistory, type HistoryState } from '../../../algorithms/trial-history.ts';
import { randomStream } from '../../../core/random.ts';
import type { Parameter, Point, SearchProblem } from '../../../core/search-space.ts';
import { informedSearchContract, loss, search } from '../../contract/informed-search.ts';
import { categorical, discrete, double, int, problemOf } from '../spaces.ts';

const { succeeded, failed, earlyStopped } = HISTORY_STATE;

const cube = (dimensions: number, min = 0, max = 1): Parameter[] =>
  Array.from({ length: dimensions }, () => double(min, max));
const median = (values: number[]): number =>
  values.sort((left, right) => left - right)[values.length >> 1] ?? NaN;
const sphere = (point: Point): number => point.reduce((sum, x) => sum + (x - 0.3) ** 2, 0);
const ellipsoid = (point: Point): number =>
  point.reduce((sum, x, k) => sum + 10 ** ((6 * k) / (point.length - 1)) * (x - 0.3) ** 2, 0);
const rosenbrock = (point: Point): number =>
  point
    .subarray(1)
    .reduce((sum, next, k) => sum + 100 * (next - (point[k] ?? 0) ** 2) ** 2 + (1 - (point[k] ?? 0)) ** 2, 0);

interface Tried {
  points: Point[];
  values: number[];
}

/** A search of so many trials, one after the other; it ends with a value below `target`. */
function tried(
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
    history.set(history.add(point), succeeded, value);
    points.push(point);
    values.push(value);
    if (value < target) break;
  }
  return { points, values };
}

describe('CMA-ES', () => {
  informedSearchContract(cmaEsSearch, { trials: 100 });

  it.each([
    ['a factor', (value: number) => value * 1e12],
    ['a small factor', (value: number) => value * 1e-12],
    ['a sum', (value: number) => value + 1e9],
    ['a logarithm', (value: number) => Math.log(value)],
  ])('cares for the order of results only: %s changes nothing', (_, changed) => {
    const plain = (point: Point): number => Math.round(loss(point) * 1e5) / 1e5 + 1e-5;
    expect(search({ algorithm: cmaEsSearch, objective: (point) => changed(plain(point)) })).toEqual(
      search({ algorithm: cmaEsSearch, objective: plain }),
    );
  });

  // Medians of pycma 4.4 over 21 seeds, from the same start. Evenly spread draws make up for a sixth of them.
  it.each([
    { name: 'sphere', objective: sphere, parameters: cube(5), target: 1e-10, published: 681 },
    { name: 'sphere', objective: sphere, parameters: cube(10), target: 1e-10, published: 1396 },
    { name: 'ellipsoid', objective: ellipsoid, parameters: cube(5), target: 1e-8, published: 1348 },
    { name: 'ellipsoid', objective: ellipsoid, parameters: cube(10), target: 1e-8, published: 3692 },
    {
      name: 'Rosenbrock function',
      objective: rosenbrock,
      parameters: cube(5, -2, 2),
      target: 1e-8,
      published: 1741,
    },
  ])('solves the $name of $parameters.length dimensions in as many trials as are published', (run) => {
    const { objective, parameters, target } = run;
    const needed = ['a', 'b', 'c'].map(
      (seed) => tried(problemOf(...parameters), objective, { trials: 5_000, seed, target }).values.length,
    );
    expect(median(needed)).toBeGreaterThan(0.7 * run.published);
    expect(median(needed)).toBeLessThan(1.1 * run.published);
  });

  it('finds an optimum at the end of the ranges', () => {
    const corner = (point: Point): number => point.reduce((sum, x, k) => sum + (k + 1) * x, 0);
    const { points, values } = tried(problemOf(...cube(4)), corner, { trials: 300 });
    expect(Math.min(...values)).toBe(0);
    expect(new Set(points.map(String)).size).toBe(points.length);
  });

  it('searches a single parameter too', () => {
    const { values } = tried(
      problemOf(double(1e-6, 1, { distribution: 'logUniform' })),
      ([x = 0]) => (Math.log10(x) + 4.3) ** 2,
      { trials: 60 },
    );
    expect(Math.min(...values)).toBeLessThan(1e-4);
  });

  it('has nothing to adapt where no parameter has two values', () => {
    expect(cmaEsSearch.unsupported(problemOf(int(3, 3), categorical('a')), {})).toEqual([
      'CMA-ES only supports search spaces with a parameter that has more than one value.',
    ]);
    expect(cmaEsSearch.unsupported(problemOf(categorical('a', 'b')), {})).toEqual([]);
  });
});

describe('CMA-ES where values are discrete', () => {
  const seeds = Array.from({ length: 10 }, (_, seed) => String(seed));

  it.each([
    { what: 'integers', parameters: Array.from({ length: 5 }, () => int(-20, 20)), trials: 600 },
    {
      what: 'steps, lists and logarithms',
      parameters: [
        double(0, 1, { step: 0.125, decimals: 3 }),
        discrete('1', '10', '100', '1000'),
        int(1, 256, { distribution: 'logUniform' }),
        int(0, 9),
      ],
      trials: 500,
    },
    {
      what: 'categories',
      parameters: Array.from({ length: 6 }, () => categorical('a', 'b', 'c', 'd')),
      trials: 250,
    },
    {
      what: 'numbers and integers',
      parameters: [...cube(3), ...Array.from({ length: 3 }, () => int(0, 9))],
      trials: 900,
    },
    {
      what: 'numbers and categories',
      parameters: [...cube(3), ...Array.from({ length: 4 }, () => categorical('a', 'b', 'c'))],
      trials: 500,
    },
  ])('ends at the right value of $what, never at a wrong one', ({ what, parameters, trials }) => {
    for (const seed of seeds) {
      // Any point may be the best; distances are told in places of the parameter's values.
      const problem = problemOf(...parameters);
      const [best] = randomSearch
        .create(problem, {}, randomStream(`${what} ${seed}`))
        .suggest(new TrialHistory(parameters.length), 0, 1);
      const objective = (point: Point): number =>
        parameters.reduce((sum, parameter, k) => {
          const [x = 0, goal = 0] = [point[k], best?.[k]];
          if (parameter.kind === 'categorical') return sum + Number(x !== goal);
          const isLog = parameter.kind === 'discrete' || parameter.distribution === 'logUniform';
          return sum + (isLog ? Math.abs(Math.log10(x / goal)) : Math.abs(x - goal));
        }, 0);
      const isContinuous = parameters.some(
        (parameter) => parameter.kind === 'double' && parameter.step === null,
      );
      const target = isContinuous ? 0.05 : 1e-9;
      const { values } = tried(problem, objective, { trials, seed, target });
      expect(Math.min(...values)).toBeLessThan(target);
    }
  });
});

describe('CMA-ES as a function of its history', () => {
  const problem = problemOf(double(0, 1), int(1, 9), categorical('a', 'b', 'c'), double(-5, 5));
  const copy = (history: TrialHistory): TrialHistory => {
    const other = new TrialHistory(history.dimensions);
    for (let row = 0; row < history.size; row++)
      other.set(other.add(history.point(row)), history.state(row), history.value(row));
    return other;
  };
  const outcomes = fc.record({
    delay: fc.nat({ max: 40 }),
    state: fc.constantFrom<HistoryState>(succeeded, succeeded, succeeded, failed, earlyStopped),
    value: fc.oneof(fc.double({ min: -1, max: 1 }), fc.constantFrom(NaN, Infinity, 0)),
    isForeign: fc.boolean(),
  });

  it.each([{}, { restart_strategy: 'bipop', popsize: '4' }, { lr_adapt: 'true' }] as Settings[])(
    'answers anew as it did, whatever ends when and whoever suggested it (settings %o)',
    (settings) => {
      fc.assert(
        fc.property(fc.array(outcomes, { minLength: 30, maxLength: 90 }), (trials) => {
          const lived = cmaEsSearch.create(problem, settings, randomStream('h'));
          const history = new TrialHistory(4);
          trials.forEach(({ isForeign }, index) => {
            trials.forEach(({ delay, state, value }, row) => {
              if (row + delay === index && row < history.size) history.set(row, state, value);
            });
            const [point] = lived.suggest(history, index, 1);
            if (index % 10 === 9) {
              const anew = cmaEsSearch.create(problem, settings, randomStream('h'));
              expect(anew.suggest(copy(history), index, 1)).toEqual([point]);
            }
            history.add(
              isForeign && index % 3 === 0 ? Float64Array.of(1, 9, 2, -5) : (point ?? new Float64Array()),
            );
          });
        }),
        { numRuns: 12 },
      );
    },
  );

  it('goes on while a trial never ends, and works again what follows when it does', () => {
    const continuous = problemOf(...cube(3));
    const searcher = cmaEsSearch.create(continuous, {}, randomStream('slow'));
    const history = new TrialHistory(3);
    for (let index = 0; index < 200; index++) {
      const [point = new Float64Array(3)] = searcher.suggest(history, index, 1);
      const row = history.add(point);
      if (index !== 2) history.set(row, succeeded, sphere(point));
    }
    expect(sphere(history.point(199))).toBeLessThan(1e-3);
    const before = searcher.suggest(history, 200, 1);
    history.set(2, succeeded, sphere(history.point(2)));
    const after = searcher.suggest(history, 200, 1);
    expect(after).not.toEqual(before);
    expect(after).toEqual(
      cmaEsSearch.create(continuous, {}, randomStream('slow')).suggest(copy(history), 200, 1),
    );
  });

  it('stays on its course when all points come from outside, at the ends of the space', () => {
    const continuous = problemOf(...cube(3));
    const searcher = cmaEsSearch.create(continuous, {}, randomStream('foreign'));
    const history = new TrialHistory(3);
    for (let index = 0; index < 60; index++) {
      const point = Float64Array.from({ length: 3 }, (_, k) => (index >> k) & 1);
      history.set(history.add(point), index % 7 === 0 ? failed : succeeded, sphere(point));
    }
    for (let index = 60; index < 400; index++) {
      const [point = new Float64Array(3)] = searcher.suggest(history, index, 1);
      history.set(history.add(point), succeeded, sphere(point));
    }
    expect(sphere(history.point(399))).toBeLessThan(1e-4);
  });

  it('gets away from where everything fails', () => {
    const fails = (point: Point): boolean => point.every((x) => Math.abs(x - 0.5) < 0.25);
    const searcher = cmaEsSearch.create(problemOf(...cube(2)), {}, randomStream('failures'));
    const history = new TrialHistory(2);
    for (let index = 0; index < 300; index++) {
      const [point = new Float64Array(2)] = searcher.suggest(history, index, 1);
      const away = Math.hypot((point[0] ?? 0) - 0.9, (point[1] ?? 0) - 0.8);
      history.set(history.add(point), fails(point) ? failed : succeeded, away);
    }
    expect(Math.hypot((history.point(299)[0] ?? 0) - 0.9, (history.point(299)[1] ?? 0) - 0.8)).toBeLessThan(
      0.01,
    );
  });
});

describe('the settings of CMA-ES', () => {
  const remedy = (name: string, value: string): string | undefined =>
    cmaEsSearch.settings.find((setting) => setting.name === name)?.check(value);

  it.each([
    [
      'restart_strategy',
      'restarts',
      'restart_strategy restarts is not supported in CMAES optimization. It must be one of none, ipop, bipop.',
    ],
    ['sigma', '-0.1', 'It must be a number, 0 or more.'],
    ['sigma', 'wide', 'It must be a number, 0 or more.'],
    ['sigma', '', 'It must be a number, 0 or more.'],
    ['popsize', '1', 'It must be a whole number, 2 or more.'],
    ['lr_adapt', 'yes', 'It must be true or false.'],
    ['use_separable_cma', '', 'It must be true or false.'],
    ['random_state', '-1', 'It must be a whole number, 0 or more.'],
  ])('refuse %s %o and say what is right', (name, value, text) => expect(remedy(name, value)).toBe(text));

  it.each([
    ['restart_strategy', 'None'],
    ['restart_strategy', 'bipop'],
    ['sigma', '0.001'],
    ['sigma', '0'],
    ['popsize', '2'],
    ['lr_adapt', 'True'],
    ['use_separable_cma', 'false'],
  ])('take %s %o', (name, value) => expect(remedy(name, value)).toBeUndefined());

  const spread = (settings: Settings): number => {
    const { points } = tried(problemOf(...cube(3)), sphere, { trials: 7, settings });
    return Math.max(...points.flatMap((point) => [...point].map((x) => Math.abs(x - 0.5))));
  };

  it('begin in the middle, as wide as sigma says', () => {
    expect(spread({ sigma: '0.001' })).toBeLessThan(0.005);
    expect(spread({ sigma: '0.05' })).toBeLessThan(spread({}));
    expect(spread({ sigma: '0' })).toBe(spread({}));
  });

  it('make a generation as large as popsize says', () => {
    const searcher = cmaEsSearch.create(problemOf(...cube(3)), { popsize: '12' }, randomStream('p'));
    const history = new TrialHistory(3);
    const next = (): Point | undefined => searcher.suggest(history, 50, 1)[0];
    const first = next();
    for (let row = 0; row < 12; row++) {
      expect(next()).toEqual(first);
      const [point = new Float64Array(3)] = searcher.suggest(history, row, 1);
      history.set(history.add(point), succeeded, sphere(point));
    }
    expect(next()).not.toEqual(first);
  });

  /** Two valleys, of which the wide one is the worse. */
  const valleys = (point: Point): number => {
    const away = (goal: number): number => point.reduce((sum, x) => sum + (x - goal) ** 2, 0);
    return Math.min(away(0.65), 12 * away(0.1) - 0.2);
  };

  it.each(['ipop', 'bipop'])('restart with %s, and find what one run does not', (strategy) => {
    const seeds = ['a', 'b', 'c', 'd', 'e', 'f'];
    const found = (settings: Settings): number =>
      seeds.filter((seed) => {
        const { values } = tried(problemOf(...cube(2)), valleys, {
          trials: 3_000,
          settings,
          seed,
          target: -0.19,
        });
        return Math.min(...values) < -0.19;
      }).length;
    expect(found({ restart_strategy: strategy })).toBeGreaterThan(seeds.length - 2);
    expect(found({ restart_strategy: 'none' })).toBeLessThan(seeds.length / 2);
  });

  it('search 200 parameters without their dependences, by themselves', () => {
    const wide = problemOf(...cube(200));
    const { points, values } = tried(wide, ellipsoid, { trials: 900 });
    expect(Math.min(...values)).toBeLessThan((values[0] ?? 0) / 5);
    const asked = tried(wide, ellipsoid, { trials: 60, settings: { use_separable_cma: 'true' } });
    expect(asked.points).toEqual(points.slice(0, 60));
  });

  it('learn dependences where there are trials enough for it', () => {
    const after = (maxTrials: number | null, settings: Settings): Point | undefined =>
      tried({ ...problemOf(...cube(4)), maxTrials }, rosenbrock, { trials: 90, settings }).points.at(-1);
    expect(after(120, {})).toEqual(after(120, { use_separable_cma: 'true' }));
    expect(after(121, {})).toEqual(after(121, { use_separable_cma: 'false' }));
    expect(after(null, {})).toEqual(after(null, { use_separable_cma: 'false' }));
    expect(after(120, {})).not.toEqual(after(121, {}));
  });

  it('get nearer to an optimum under noise with learning rates that adapt themselves', () => {
    const regret = (settings: Settings): number =>
      median(
        ['a', 'b', 'c', 'd', 'e'].map((seed) => {
          const noise = randomStream(seed);
          const objective = (point: Point): number => sphere(point) + 0.1 * noise.next();
          const { points } = tried(problemOf(...cube(5)), objective, { trials: 1_500, settings, seed });
          return median(points.slice(-100).map(sphere));
        }),
      );
    expect(regret({ lr_adapt: 'true' })).toBeLessThan(regret({}));
  });
});
