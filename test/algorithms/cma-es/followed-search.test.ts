import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cmaEsSearch } from '../../../algorithms/cma-es/cma-es.ts';
import type { Settings } from '../../../algorithms/search-algorithm.ts';
import { HISTORY_STATE, TrialHistory, type HistoryState } from '../../../algorithms/trial-history.ts';
import { randomStream } from '../../../core/random.ts';
import type { Point } from '../../../core/search-space.ts';
import { categorical, double, int, problemOf } from '../spaces.ts';
import { cube, sphere } from './searches.ts';

const { succeeded, failed, earlyStopped } = HISTORY_STATE;

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
