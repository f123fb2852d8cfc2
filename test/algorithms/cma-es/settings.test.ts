import { describe, expect, it } from 'vitest';
import { cmaEsSearch } from '../../../algorithms/cma-es/cma-es.ts';
import type { Settings } from '../../../algorithms/search-algorithm.ts';
import { HISTORY_STATE, TrialHistory } from '../../../algorithms/trial-history.ts';
import { randomStream } from '../../../core/random.ts';
import type { Point } from '../../../core/search-space.ts';
import { problemOf } from '../spaces.ts';
import { cube, ellipsoid, median, rosenbrock, sphere, tried } from './searches.ts';

const { succeeded } = HISTORY_STATE;

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
    ['popsize', '1', 'It must be a whole number, from 2 to 10000.'],
    ['popsize', '1e4', 'It must be a whole number, from 2 to 10000.'],
    ['popsize', '10001', 'It must be a whole number, from 2 to 10000.'],
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
    expect(spread({ sigma: '1e300' })).toBe(0.5);
    expect(spread({ sigma: '1e-300' })).toBeLessThan(1e-10);
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
