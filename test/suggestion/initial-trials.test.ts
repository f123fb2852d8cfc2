import { describe, expect, it } from 'vitest';
import { autoSearch } from '../../algorithms/auto/auto.ts';
import { randomSearch } from '../../algorithms/random.ts';
import { suggestionsOf } from '../../algorithms/search-algorithm.ts';
import { TrialHistory } from '../../algorithms/trial-history.ts';
import { randomStream } from '../../core/random.ts';
import type { Assignments, SearchProblem } from '../../core/search-space.ts';
import { afterInitialTrials, checkInitialTrials } from '../../suggestion/initial-trials.ts';
import { categorical, double, int, problemOf } from '../algorithms/spaces.ts';

const SPACE = problemOf(double(0, 1), int(1, 5), categorical('a', 'b'));
const assignments = (...values: string[]): Assignments =>
  values.map((value, at) => ({ name: `p${at}`, value }));
const problem = (...initialTrials: Assignments[]): SearchProblem => ({ ...SPACE, initialTrials });

describe('initial trials', () => {
  it('are the first suggestions, and the algorithm goes on behind them', () => {
    const known = problem(assignments('0.25', '3', 'b'), assignments('1', '1', 'a'));
    const own = randomSearch.create(known, {}, randomStream('s'));
    const searcher = afterInitialTrials(own, known);
    const history = new TrialHistory(3);
    const first = suggestionsOf(searcher, history, 0, 5);
    expect(first.suggestions.map(({ point }) => [...point])).toEqual([
      [0.25, 3, 1],
      [1, 1, 0],
    ]);
    expect(first.exhausted).toBe(false);
    for (const { point } of first.suggestions) history.add(point);
    expect(suggestionsOf(searcher, history, 2, 3)).toEqual(suggestionsOf(own, history, 2, 3));
    expect(suggestionsOf(searcher, history, 1, 1).suggestions[0]?.point).toEqual(Float64Array.of(1, 1, 0));
  });

  it('are left to no algorithm, and those behind them to the one that is chosen', () => {
    const known = problem(assignments('0.25', '3', 'b'));
    const searcher = afterInitialTrials(autoSearch.create(known, {}, randomStream('s')), known);
    const choiceAt = (index: number): string | undefined =>
      searcher.choice?.(new TrialHistory(3), index)?.algorithmName;
    expect([choiceAt(0), choiceAt(1)]).toEqual([undefined, 'bayesianoptimization']);
  });

  it('are not suggested again in a finite space', () => {
    const space = problemOf(int(1, 3));
    const known = { ...space, initialTrials: [assignments('2')] };
    const searcher = afterInitialTrials(randomSearch.create(known, {}, randomStream('s')), known);
    const history = new TrialHistory(1);
    for (const index of [0, 1]) {
      const { suggestions } = suggestionsOf(searcher, history, index, 3);
      for (const { point } of suggestions) history.add(point);
    }
    expect([0, 1, 2].map((row) => history.point(row)[0]).sort()).toEqual([1, 2, 3]);
  });

  it.each([
    ['a value outside its range', assignments('2', '3', 'a'), [0, 'parameterAssignments'], /p0.*"2".*0 to 1/],
    ['a missing value', assignments('0.5', '3'), [0, 'parameterAssignments'], /p2 has no value.*a, b/],
    [
      'a parameter that there is not',
      [...assignments('0.5', '3', 'a'), { name: 'p9', value: '1' }],
      [0, 'parameterAssignments', 3, 'name'],
      /no parameter "p9"/,
    ],
    [
      'two values of one parameter',
      [...assignments('0.5', '3', 'a'), { name: 'p1', value: '4' }],
      [0, 'parameterAssignments', 3, 'name'],
      /p1 has two values.*Keep one/,
    ],
  ])('are refused with %s', (_, wrong, path, text) => {
    const issues = checkInitialTrials(problem(wrong));
    expect(issues).toHaveLength(1);
    expect(issues[0]).toMatchObject({ code: 'SPEC_INITIAL_TRIAL_INVALID', path });
    expect(`${issues[0]?.message} ${issues[0]?.remedy}`).toMatch(text);
  });

  it('are fine where each parameter has one of its values, in any order', () =>
    expect(checkInitialTrials(problem(assignments('0.5', '3', 'a').toReversed()))).toEqual([]));
});
