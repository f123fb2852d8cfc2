import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  DEFAULT_IMPORTANCE_SETTINGS,
  type ImportanceEvaluator,
  type ImportanceReport,
} from '../../algorithms/importance/importance.ts';
import { HISTORY_STATE, TrialHistory, type HistoryState } from '../../algorithms/trial-history.ts';
import { coordinateOf, pointAt } from '../../algorithms/unit-coordinates.ts';
import { randomStream } from '../../core/random.ts';
import type { Parameter, Point, SearchProblem } from '../../core/search-space.ts';
import { anyProblem, categorical, discrete, double, int, problemOf } from '../algorithms/spaces.ts';

/** A trial that has ended. */
export interface EndedTrial {
  point: Point;
  value: number;
  state?: HistoryState;
}

export function historyOfTrials(dimensions: number, trials: readonly EndedTrial[]): TrialHistory {
  const history = new TrialHistory(dimensions);
  for (const { point, value, state = HISTORY_STATE.succeeded } of trials)
    history.set(history.add(point), state, value);
  return history;
}

/** Trials at random places; `objective` sees a point and the same as coordinates in [0, 1]. */
export function randomTrials(
  { parameters }: SearchProblem,
  count: number,
  objective: (coordinates: readonly number[], point: Point) => number,
  seed = 'trials',
): EndedTrial[] {
  const random = randomStream(seed);
  return Array.from({ length: count }, () => {
    const point = pointAt(
      parameters,
      parameters.map(() => random.next()),
    );
    const coordinates = parameters.map((parameter, axis) => coordinateOf(parameter, point[axis] ?? 0));
    return { point, value: objective(coordinates, point) };
  });
}

export function evaluate(
  evaluator: ImportanceEvaluator,
  problem: SearchProblem,
  trials: readonly EndedTrial[],
  settings = DEFAULT_IMPORTANCE_SETTINGS,
): ImportanceReport {
  return evaluator.evaluate(problem, historyOfTrials(problem.parameters.length, trials), settings);
}

export function shareOf({ importances }: ImportanceReport, name: string): number {
  return importances.find(({ parameter }) => parameter === name)?.share ?? Number.NaN;
}

const MIXED = problemOf(
  double(-5, 5),
  double(1e-5, 1, { distribution: 'logUniform' }),
  double(0, 1, { step: 0.05, decimals: 2 }),
  int(1, 9),
  int(1, 5000, { distribution: 'logUniform' }),
  double(0, 1, { distribution: 'normal' }),
  discrete('1', '2', '4', '8', '100'),
  categorical('a', 'b', 'c', 'd'),
);
const NAMES = MIXED.parameters.map(({ name }) => name);

/** What every evaluator must do. */
export function importanceEvaluatorContract(evaluator: ImportanceEvaluator): void {
  it.each(NAMES.map((name, axis) => ({ name, axis, kind: MIXED.parameters[axis]?.kind })))(
    'gives nearly all to the only parameter that matters: $name, $kind',
    ({ name, axis }) => {
      const trials = randomTrials(MIXED, 300, (at) => Math.abs((at[axis] ?? 0) - 0.3));
      expect(shareOf(evaluate(evaluator, MIXED, trials), name)).toBeGreaterThan(0.9);
    },
  );

  it('orders parameters by what they do', () => {
    const trials = randomTrials(MIXED, 300, ([a = 0, b = 0, c = 0]) => 4 * a + 2 * b + c);
    const { importances } = evaluate(evaluator, MIXED, trials);
    expect(importances.slice(0, 2).map(({ parameter }) => parameter)).toEqual(['p0', 'p1']);
  });

  it('says the same for trials and parameters in any order', () => {
    const trials = randomTrials(MIXED, 60, ([a = 0, b = 0, c = 0]) => Math.round(4 * (a + b * c)));
    const turned = [...NAMES.keys()].reverse();
    const other = {
      ...MIXED,
      parameters: turned.map((axis) => MIXED.parameters[axis]).filter((parameter) => parameter != null),
    };
    const shuffled = trials
      .toSorted((left, right) => (left.point[5] ?? 0) - (right.point[5] ?? 0))
      .map(({ point, value }) => ({
        point: Float64Array.from(turned, (axis) => point[axis] ?? 0),
        value,
      }));
    expect(evaluate(evaluator, other, shuffled)).toEqual(evaluate(evaluator, MIXED, trials));
  });

  it('maximizes as it minimizes the negative', () => {
    const trials = randomTrials(MIXED, 80, ([a = 0, b = 0]) => Math.round(10 * a * b));
    const upwards = { ...MIXED, direction: 'maximize' } as const;
    const negative = trials.map(({ point, value }) => ({ point, value: -value }));
    expect(evaluate(evaluator, upwards, negative)).toEqual(evaluate(evaluator, MIXED, trials));
  });

  it('says the same when it is asked again', () => {
    const trials = randomTrials(MIXED, 80, ([a = 0, b = 0]) => a * b);
    expect(evaluate(evaluator, MIXED, trials)).toEqual(evaluate(evaluator, MIXED, trials));
  });

  it('learns from trials that have a finite result, those that were stopped early among them', () => {
    const trials = randomTrials(MIXED, 60, ([a = 0]) => a);
    const [first, second, ...others] = trials.map((trial, index) =>
      index < 10 ? { ...trial, state: HISTORY_STATE.earlyStopped } : trial,
    );
    const point = trials[0]?.point ?? new Float64Array(0);
    const useless: EndedTrial[] = [
      { point, value: Number.NaN, state: HISTORY_STATE.failed },
      { point, value: 0, state: HISTORY_STATE.failed },
      { point, value: Number.NaN },
      { point, value: Infinity },
      { point, value: -Infinity },
      { point, value: -9, state: HISTORY_STATE.running },
    ];
    const report = evaluate(
      evaluator,
      MIXED,
      [first, ...useless, second, ...others].filter((trial) => trial != null),
    );
    const { notes, ...alone } = evaluate(evaluator, MIXED, trials);
    expect(report).toMatchObject(alone);
    expect(report.trials).toBe(60);
    expect(report.notes).toEqual([
      ...notes,
      '5 trials without a result are left out.',
      '10 trials that were stopped early count with the result at that time.',
    ]);
  });

  const one = problemOf(double(0, 1));
  it.each<[string, SearchProblem, EndedTrial[], string]>([
    ['no trial', MIXED, [], '0 trials have a result, and at least 10 are needed.'],
    [
      'nine trials',
      MIXED,
      randomTrials(MIXED, 9, ([a = 0]) => a),
      '9 trials have a result, and at least 10 are needed.',
    ],
    [
      'equal results',
      MIXED,
      randomTrials(MIXED, 50, () => 0.25),
      'All results are equal: nothing makes them better or worse.',
    ],
    [
      'parameters with one value',
      problemOf(int(3, 3), categorical('a')),
      Array.from({ length: 20 }, (_, value) => ({ point: Float64Array.of(3, 0), value })),
      'No parameter takes more than one value: there is nothing to compare.',
    ],
    [
      'no parameters',
      problemOf(),
      Array.from({ length: 20 }, (_, value) => ({ point: new Float64Array(0), value })),
      'No parameter takes more than one value: there is nothing to compare.',
    ],
  ])('says why there is nothing to say about %s', (_, problem, trials, why) => {
    const report = evaluate(evaluator, problem, trials);
    expect([report.importances, report.interactions]).toEqual([[], []]);
    expect([report.explained, report.compared]).toEqual([null, null]);
    expect(report.notes[0]).toBe(why);
  });

  it('says that nothing stands out where all trials have one point', () => {
    const trials = Array.from({ length: 40 }, (_, value) => ({ point: Float64Array.of(0.5), value }));
    const report = evaluate(evaluator, one, trials);
    expect(report.importances).toEqual([]);
    expect(report.notes).toHaveLength(1);
  });

  it('gives all to a single parameter, and none to those with one value', () => {
    const problem = problemOf(double(0, 1), int(4, 4));
    const report = evaluate(
      evaluator,
      problem,
      randomTrials(problem, 100, ([a = 0]) => a),
    );
    expect(report.importances).toEqual([
      { parameter: 'p0', share: 1, deviation: 0 },
      { parameter: 'p1', share: 0, deviation: 0 },
    ]);
    expect(report.notes).toEqual(['p1 takes a single value and cannot matter.']);
  });

  it('warns of few trials', () => {
    const { notes } = evaluate(
      evaluator,
      MIXED,
      randomTrials(MIXED, 20, ([a = 0]) => a),
    );
    expect(notes).toEqual([
      '20 trials are few for 8 parameters: the shares are rough until there are some 80.',
    ]);
  });

  it.each([
    ['the greatest numbers', 1.7e308],
    ['the smallest numbers', 5e-324 * 2 ** 20],
  ])('bears %s', (_, factor) => {
    const trials = randomTrials(MIXED, 100, ([a = 0]) => (a * 2 - 1) * factor);
    expect(shareOf(evaluate(evaluator, MIXED, trials), 'p0')).toBeGreaterThan(0.8);
  });

  it('gives shares that make 1, the greatest first, or none and a reason, in any space', () => {
    const results = fc.array(fc.oneof(fc.double(), fc.integer({ min: 0, max: 3 })), { maxLength: 40 });
    fc.assert(
      fc.property(anyProblem, results, fc.string(), (problem, values, seed) => {
        const trials = randomTrials(problem, values.length, () => 0, seed);
        const ended = trials.map(({ point }, index) => ({ point, value: values[index] ?? 0 }));
        expectSound(problem.parameters, evaluate(evaluator, problem, ended));
      }),
    );
  });

  it('has a sentence about itself and about its shares', () => {
    expect(evaluator.summary).toMatch(/^.*\.$/);
    expect(evaluator.meaning).toMatch(/^A share is .*\.$/);
  });
}

function expectSound(parameters: readonly Parameter[], report: ImportanceReport): void {
  const { importances, interactions, explained, notes } = report;
  for (const note of notes) expect(note).toMatch(/^\S.*\.$/);
  const parts = [...importances, ...interactions].map(({ share }) => share);
  for (const share of [...parts, ...importances.map(({ deviation }) => deviation)]) {
    expect(share).toBeGreaterThanOrEqual(0);
    expect(share).toBeLessThanOrEqual(1);
  }
  if (explained !== null) {
    expect(explained).toBeGreaterThan(0);
    expect(explained).toBeLessThanOrEqual(1);
  }
  if (importances.length === 0) {
    expect(notes.length).toBeGreaterThan(0);
    return;
  }
  expect(importances.map(({ parameter }) => parameter).sort()).toEqual(
    parameters.map(({ name }) => name).sort(),
  );
  expect(importances.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
  const shares = importances.map(({ share }) => share);
  expect(shares).toEqual(shares.toSorted((left, right) => right - left));
}
