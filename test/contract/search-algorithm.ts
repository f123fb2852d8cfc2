import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pointCount } from '../../algorithms/finite-space.ts';
import type { SearchAlgorithm, Searcher, Settings } from '../../algorithms/search-algorithm.ts';
import { HISTORY_STATE, TrialHistory } from '../../algorithms/trial-history.ts';
import { randomStream } from '../../core/random.ts';
import type { Point, SearchProblem } from '../../core/search-space.ts';
import {
  anyProblem,
  anySmallProblem,
  categorical,
  discrete,
  double,
  int,
  isFeasible,
  problemOf,
} from '../algorithms/spaces.ts';

const REGISTRY = new URL('../../algorithms/registry.ts', import.meta.url).href;
const HISTORY = new URL('../../algorithms/trial-history.ts', import.meta.url).href;
const RANDOM = new URL('../../core/random.ts', import.meta.url).href;

/** What every search algorithm must do. So many finite spaces are searched through, which takes a model in each step. */
export function searchAlgorithmContract(
  algorithm: SearchAlgorithm,
  settings: Settings = {},
  { finiteSpaces = 25 }: { finiteSpaces?: number } = {},
): void {
  const searcherFor = (problem: SearchProblem, seed = 'seed'): Searcher =>
    algorithm.create(problem, settings, randomStream(seed));
  const suits = (problem: SearchProblem): boolean => algorithm.unsupported(problem, settings).length === 0;
  const finite = problemOf(
    int(1, 6),
    double(0.1, 0.5, { step: 0.1, decimals: 1 }),
    categorical('a', 'b', 'c'),
    discrete('1', '10', '100'),
  );

  describe(`the algorithm ${algorithm.name}`, () => {
    it('suggests feasible values only, in any space that it supports', () => {
      fc.assert(
        fc.property(anyProblem, fc.string(), (problem, seed) => {
          fc.pre(suits(problem));
          const points = run(searcherFor(problem, seed), problem, { requests: 3, perRequest: 3 });
          for (const point of points) {
            problem.parameters.forEach((parameter, axis) => {
              expect(isFeasible(parameter, point[axis] ?? Number.NaN)).toBe(true);
            });
          }
        }),
      );
    });

    it('uses every point of a finite space exactly once and then ends', () => {
      fc.assert(
        fc.property(anySmallProblem, fc.integer({ min: 1, max: 9 }), (problem, perRequest) => {
          const count = Number(pointCount(problem.parameters));
          const requests = Math.ceil(count / perRequest) + 1;
          const points = run(searcherFor(problem), problem, { requests, perRequest });
          expect(points).toHaveLength(count);
          expect(distinct(points)).toBe(count);
        }),
        { numRuns: finiteSpaces },
      );
    });

    it('gives eight trials that run at the same time eight different points', () => {
      const history = new TrialHistory(finite.parameters.length);
      expect(distinct(searcherFor(finite).suggest(history, 0, 8))).toBe(8);
    });

    it('does not give points again that are running, failed or told from outside', () => {
      const searcher = searcherFor(finite);
      const history = new TrialHistory(finite.parameters.length);
      const own = [Float64Array.of(1, 0.1, 0, 1), Float64Array.of(6, 0.5, 2, 100)];
      for (const [index, point] of own.entries()) {
        history.set(
          history.add(point),
          index === 0 ? HISTORY_STATE.failed : HISTORY_STATE.running,
          Number.NaN,
        );
      }
      const points = searcher.suggest(history, 0, 1000);
      expect(points).toHaveLength(6 * 5 * 3 * 3 - own.length);
      expect(distinct([...points, ...own])).toBe(points.length + own.length);
    });

    it('answers from a replayed history as a searcher that has lived through it', () => {
      const lived = searcherFor(finite);
      const history = new TrialHistory(finite.parameters.length);
      for (let request = 0; request < 12; request++) {
        const before = searcherFor(finite).suggest(copyOf(history), history.size, 3);
        const points = lived.suggest(history, history.size, 3);
        expect(points).toEqual(before);
        record(history, points);
      }
    });

    it('gives the same points in another process', () => {
      const here = searcherFor(finite, 'process').suggest(new TrialHistory(4), 0, 6);
      const script = `
        const { searchAlgorithm } = await import(${JSON.stringify(REGISTRY)});
        const { TrialHistory } = await import(${JSON.stringify(HISTORY)});
        const { randomStream } = await import(${JSON.stringify(RANDOM)});
        const { problem, settings, name } = JSON.parse(process.argv[1]);
        const searcher = searchAlgorithm(name).create(problem, settings, randomStream('process'));
        const points = searcher.suggest(new TrialHistory(4), 0, 6);
        console.log(JSON.stringify(points.map((point) => [...point])));`;
      const input = JSON.stringify({ problem: finite, settings, name: algorithm.name });
      const output = execFileSync(process.execPath, ['--input-type=module', '-e', script, input], {
        encoding: 'utf8',
      });
      expect(JSON.parse(output)).toEqual(here.map((point) => [...point]));
    });

    it('suggests something else for another seed', () => {
      const points = (seed: string): Point[] =>
        searcherFor(finite, seed).suggest(new TrialHistory(finite.parameters.length), 0, 5);
      expect(points('a')).not.toEqual(points('b'));
    });

    it('suggests nothing when nothing is asked for', () =>
      expect(searcherFor(finite).suggest(new TrialHistory(4), 0, 0)).toEqual([]));

    documentsItsSettings(algorithm);
  });
}

/** What every search algorithm must do, whether it labels its trials or not. */
export function documentsItsSettings({ settings }: SearchAlgorithm): void {
  it('documents settings with defaults that it takes itself', () => {
    for (const setting of settings) {
      const { name, description, defaultValue } = setting;
      expect(name).toMatch(/^[A-Za-z][A-Za-z_]*$/);
      expect(description).toMatch(/\.$/);
      if (defaultValue !== null) expect(setting.check(defaultValue)).toBeUndefined();
    }
  });
}

/** Requests one after the other; every suggestion gets an outcome. */
function run(
  searcher: Searcher,
  problem: SearchProblem,
  { requests, perRequest }: { requests: number; perRequest: number },
): Point[] {
  const history = new TrialHistory(problem.parameters.length);
  const all: Point[] = [];
  for (let request = 0; request < requests; request++) {
    const points = searcher.suggest(history, all.length, perRequest);
    record(history, points);
    all.push(...points);
  }
  return all;
}

/** One in four fails, one runs on. */
function record(history: TrialHistory, points: readonly Point[]): void {
  for (const point of points) {
    const row = history.add(point);
    if (row % 4 === 1) history.set(row, HISTORY_STATE.failed, Number.NaN);
    else if (row % 4 !== 2) history.set(row, HISTORY_STATE.succeeded, point[0] ?? 0);
  }
}

function copyOf(history: TrialHistory): TrialHistory {
  const copy = new TrialHistory(history.dimensions);
  for (let row = 0; row < history.size; row++) {
    copy.set(copy.add(history.point(row)), history.state(row), history.value(row));
  }
  return copy;
}

function distinct(points: readonly Point[]): number {
  return new Set(points.map((point) => point.join())).size;
}
