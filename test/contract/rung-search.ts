import { describe, expect, it } from 'vitest';
import { PARENT_LABEL, RUNG_LABEL } from '../../core/labels.ts';
import { randomStream } from '../../core/random.ts';
import type { Point, SearchProblem } from '../../core/search-space.ts';
import type { SearchAlgorithm, Searcher, Settings, Suggested } from '../../algorithms/search-algorithm.ts';
import { HISTORY_STATE, TrialHistory } from '../../algorithms/trial-history.ts';
import { categorical, double, int, isFeasible, problemOf } from '../algorithms/spaces.ts';
import { copyOf, LoggedSearch, suggestionsElsewhere } from './logged-search.ts';
import { documentsItsSettings } from './search-algorithm.ts';

/** p3 is the resource, with the rungs 1, 3, 9 and 27. */
export const RUNG_PROBLEM: SearchProblem = problemOf(
  double(0, 1),
  categorical('a', 'b', 'c'),
  double(1e-5, 1, { distribution: 'logUniform' }),
  int(1, 27),
);
export const RUNG_SETTINGS: Settings = { resource_name: 'p3' };
export const RUNGS = [1, 3, 9, 27];

/** Better with more of the resource, but for a little noise that makes rungs disagree. */
export function lossOf([x = 0, kind = 0, rate = 1, epochs = 1]: Point): number {
  const limit = (x - 0.3) ** 2 + 0.2 * Number(kind !== 1) + 0.05 * (Math.log10(rate) + 2) ** 2;
  return limit + (1 + Math.sin(40 * x)) / epochs;
}

export function rungOf({ labels }: Suggested): number {
  return Number(labels?.[RUNG_LABEL]);
}

/** What every search in rungs must do. */
export function rungSearchContract(algorithm: SearchAlgorithm, more: Settings = {}): void {
  const settings = { ...RUNG_SETTINGS, ...more };
  const searcherFor = (problem: SearchProblem, seed = 'seed'): Searcher =>
    algorithm.create(problem, settings, randomStream(seed));
  const start = (problem = RUNG_PROBLEM, workers = 4, seed = 'seed'): LoggedSearch =>
    new LoggedSearch(searcherFor(problem, seed), problem.parameters.length, workers);

  describe(`the search in rungs ${[algorithm.name, ...Object.values(more)].join(' ')}`, () => {
    it('gives each trial feasible values and exactly the resource of its rung', () => {
      const search = start().run(120, lossOf);
      expect(search.suggested).toHaveLength(120);
      for (const suggested of search.suggested) {
        RUNG_PROBLEM.parameters.forEach((parameter, axis) =>
          expect(isFeasible(parameter, suggested.point[axis] ?? Number.NaN)).toBe(true),
        );
        expect(suggested.point[3]).toBe(RUNGS[rungOf(suggested)]);
      }
    });

    it('lets trials go on with the values of a finished trial of the rung below', () => {
      const search = start().run(120, lossOf);
      const children = search.suggested.filter(({ labels }) => labels?.[PARENT_LABEL] !== undefined);
      expect(children.length).toBeGreaterThan(20);
      for (const child of children) {
        const parent = search.byName(child.labels?.[PARENT_LABEL] ?? '');
        expect(rungOf(parent)).toBe(rungOf(child) - 1);
        expect([...parent.point.subarray(0, 3)]).toEqual([...child.point.subarray(0, 3)]);
      }
      const parents = children.map(({ labels }) => labels?.[PARENT_LABEL]);
      expect(new Set(parents).size).toBe(parents.length);
    });

    it.each([1, 2, 7, 40])('always has a trial for each of %d workers', (workers) => {
      const search = start(RUNG_PROBLEM, workers).run(150, lossOf);
      expect(search.leastRunning).toBe(workers);
    });

    it('goes on where trials fail, and lets none go on from them', () => {
      const search = start().run(150, (point, trial) => (trial % 3 === 0 ? Number.NaN : lossOf(point)));
      expect(search.leastRunning).toBe(4);
      expect(search.suggested.some((suggested) => rungOf(suggested) === 3)).toBe(true);
      for (const { labels } of search.suggested) {
        const parent = labels?.[PARENT_LABEL];
        if (parent !== undefined) expect(Number(parent.slice(2)) % 3).not.toBe(0);
      }
    });

    it('goes on where every trial fails', () =>
      expect(start().run(40, () => Number.NaN).leastRunning).toBe(4));

    it('waits for no trial that does not end', () => {
      const search = start().run(150, lossOf, { stuck: [1] });
      expect(search.leastRunning).toBe(4);
      expect(search.suggested.filter((suggested) => rungOf(suggested) === 3).length).toBeGreaterThan(2);
    });

    it('answers from a replayed history as a searcher that has lived through it, also in batches', () => {
      const lived = start();
      for (let step = 0; step < 40; step++) {
        const { history } = lived;
        const anew = searcherFor(RUNG_PROBLEM).suggestLabelled?.(copyOf(history), history.size, 3);
        const ones = start();
        ones.takeOver(copyOf(history));
        expect(ones.ask(1)).toEqual(anew?.suggestions.slice(0, 1));
        expect(lived.ask(3)).toEqual(anew?.suggestions);
        lived.endOldest(3, lossOf);
      }
    });

    it('ignores trials that carry no labels of it', () => {
      const search = start();
      for (let row = 0; row < 20; row++)
        search.history.set(search.history.add(Float64Array.of(0.3, 1, 0.01, 27)), HISTORY_STATE.succeeded, 0);
      expect(
        search.ask(4).every((suggested) => rungOf(suggested) === 0 || !suggested.labels?.[PARENT_LABEL]),
      ).toBe(true);
    });

    it('maximizes as it minimizes the negative', () => {
      const upwards = { ...RUNG_PROBLEM, direction: 'maximize' } as const;
      expect(start(upwards).run(60, (point) => -lossOf(point)).suggested).toEqual(
        start().run(60, lossOf).suggested,
      );
    });

    it('ends when every configuration of a finite space has come as far as it can, and not before', () => {
      const small = problemOf(int(1, 3), categorical('a', 'b'), int(5, 5), int(1, 27));
      const search = start(small).run(1_000, ([x = 0, , , epochs = 1]) => x + 1 / epochs);
      expect(search.isExhausted).toBe(true);
      const begun = search.suggested.filter(({ labels }) => labels?.[PARENT_LABEL] === undefined);
      expect(new Set(begun.map(({ point }) => point.subarray(0, 3).join())).size).toBe(6);
      expect(begun).toHaveLength(6);
      expect(search.suggested.some((suggested) => rungOf(suggested) === 3)).toBe(true);
    });

    it('gives the same points and labels in another process', () => {
      const { history } = start().run(60, lossOf);
      const here = searcherFor(RUNG_PROBLEM).suggestLabelled?.(history, history.size, 6).suggestions;
      const rows = Array.from({ length: history.size }, (_, row) => ({
        point: [...history.point(row)],
        tag: history.tag(row),
        state: history.state(row),
        value: history.value(row),
      }));
      const there = suggestionsElsewhere({ name: algorithm.name, problem: RUNG_PROBLEM, settings, rows });
      expect(there).toEqual(here?.map(({ point, labels }) => ({ point: [...point], labels })));
    });

    documentsItsSettings(algorithm);

    it('begins differently with another seed', () =>
      expect(start(RUNG_PROBLEM, 4, 'a').ask(3)).not.toEqual(start(RUNG_PROBLEM, 4, 'b').ask(3)));

    it('suggests nothing when nothing is asked for', () =>
      expect(searcherFor(RUNG_PROBLEM).suggestLabelled?.(new TrialHistory(4), 0, 0)).toEqual({
        suggestions: [],
        exhausted: false,
      }));

    it.each<[string, Settings, SearchProblem, RegExp]>([
      ['no resource', {}, RUNG_PROBLEM, /r_l and resource_name must be set/],
      ['a resource that is no parameter', { resource_name: 'epochs' }, RUNG_PROBLEM, /must be in parameters/],
      ['a resource that is a category', { resource_name: 'p1' }, RUNG_PROBLEM, /must be a number/],
      ['a resource from 0 on', { resource_name: 'p0' }, RUNG_PROBLEM, /above 0/],
      ['an r_l below the range', { resource_name: 'p3', r_l: '0.5' }, RUNG_PROBLEM, /r_l is below 1/],
      ['nothing but a resource', { resource_name: 'p0' }, problemOf(int(1, 9)), /no parameter to search/],
    ])('refuses %s', (_, given, problem, reason) => {
      const reasons = algorithm.unsupported(problem, { ...given, ...more });
      expect(reasons).toHaveLength(1);
      expect(reasons[0]).toMatch(reason);
    });

    it.each<[string, Settings, number[]]>([
      ['the whole range', {}, [1, 3, 9, 27]],
      ['another eta', { eta: '2' }, [2, 3, 7, 14, 27]],
      ["Katib's r_l", { r_l: '9' }, [1, 3, 9]],
      ['an r_l above the range', { r_l: '100' }, [1, 3, 9, 27]],
    ])('has rungs over %s', (_, given, rungs) => {
      const searcher = algorithm.create(RUNG_PROBLEM, { ...settings, ...given }, randomStream('seed'));
      const search = new LoggedSearch(searcher, 4, 8).run(300, lossOf);
      const seen = new Set(search.suggested.map(({ point }) => point[3] ?? 0));
      expect([...seen].sort((a, b) => a - b)).toEqual(rungs);
    });
  });
}
