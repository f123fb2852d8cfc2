import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Objective } from '../../../core/experiment.ts';
import { TRIAL_STATES } from '../../../core/trial.ts';
import {
  MAX_LISTED_NAMES,
  optimalTrial,
  tallyStatus,
  tallyTrials,
} from '../../../controller/experiment/tally.ts';
import { condition, trial } from '../../support/experiment-objects.ts';

const MINIMIZE: Objective = { type: 'minimize', objectiveMetricName: 'loss' };

describe('tallyTrials', () => {
  it('puts a trial into the first state of Katib that holds', () => {
    const both = trial({ index: 1, status: { conditions: [condition('Running'), condition('Succeeded')] } });
    const stopped = trial({
      index: 2,
      status: { conditions: [condition('Running'), condition('EarlyStopped')] },
    });
    const ended = trial({
      index: 3,
      status: { conditions: [condition('Running', 'False'), condition('MetricsUnavailable')] },
    });
    const tally = tallyTrials([both, stopped, ended, trial({ index: 4 })], MINIMIZE);
    expect(tally.counts).toMatchObject({ Succeeded: 1, EarlyStopped: 1, MetricsUnavailable: 1, Pending: 1 });
    expect(tally).toMatchObject({ total: 4, active: 1, completed: 3, failures: 1 });
  });

  it('keeps exact counts and the newest names, oldest first, in whatever order the trials come', () => {
    const trials = Array.from({ length: 250 }, (_, index) => trial({ index, state: 'Succeeded' }));
    const shuffled = trials.toSorted((a, b) => a.metadata.name.localeCompare(b.metadata.name)).toReversed();
    const status = tallyStatus(tallyTrials(shuffled, MINIMIZE));
    expect(status.trialsSucceeded).toBe(250);
    expect(status.succeededTrialList).toEqual(
      Array.from({ length: MAX_LISTED_NAMES }, (_, at) => `exp-${150 + at}`),
    );
  });

  it('leaves zeros and empty lists out of the status, as Katib does', () => {
    expect(tallyStatus(tallyTrials([trial({ index: 0, state: 'Failed' })], MINIMIZE))).toEqual({
      trials: 1,
      trialsFailed: 1,
      failedTrialList: ['exp-0'],
    });
  });

  it('counts every trial once, whatever the states', () => {
    const states = fc.array(fc.constantFrom(...TRIAL_STATES), { maxLength: 60 });
    fc.assert(
      fc.property(states, (list) => {
        const tally = tallyTrials(
          list.map((state, index) => trial({ index, state })),
          MINIMIZE,
        );
        for (const state of TRIAL_STATES)
          expect(tally.counts[state]).toBe(list.filter((other) => other === state).length);
        expect(tally.active + tally.completed).toBe(list.length);
      }),
    );
  });
});

describe('the best trial', () => {
  const bestOf = (objective: Objective, ...losses: (number | string | undefined)[]): string | undefined =>
    tallyTrials(
      losses.map((loss, index) =>
        trial({ index, state: 'Succeeded', spec: { objective }, ...(loss !== undefined && { loss }) }),
      ),
      objective,
    ).best?.trial.metadata.name;

  it.each([
    ['the smallest when minimizing', MINIMIZE, [3, 1, 2], 'exp-1'],
    ['the largest when maximizing', { ...MINIMIZE, type: 'maximize' }, [3, 1, 2], 'exp-0'],
    ['the oldest of equals', MINIMIZE, [2, 1, 1], 'exp-1'],
    ['never NaN', MINIMIZE, ['NaN', 5, 'NaN'], 'exp-1'],
    ['never a text', MINIMIZE, ['', 'genotype', 7], 'exp-2'],
    ['never an unavailable one', MINIMIZE, ['unavailable', undefined, 9], 'exp-2'],
    ['nobody where nothing was measured', MINIMIZE, ['NaN', undefined], undefined],
    ['a finite value before +Inf', MINIMIZE, ['+Inf', 8], 'exp-1'],
  ] satisfies [string, Objective, (number | string | undefined)[], string | undefined][])(
    'is %s',
    (_, objective, losses, expected) => expect(bestOf(objective, ...losses)).toBe(expected),
  );

  it.each([
    ['min', 'exp-0'],
    ['max', 'exp-1'],
    ['latest', 'exp-2'],
  ] as const)('is judged by the strategy %s', (value, expected) => {
    const objective: Objective = { ...MINIMIZE, metricStrategies: [{ name: 'loss', value }] };
    const metrics = [
      { name: 'loss', min: '1', max: '9', latest: '5' },
      { name: 'loss', min: '2', max: '7', latest: '6' },
      { name: 'loss', min: '3', max: '8', latest: '4' },
    ];
    const trials = metrics.map((metric, index) =>
      trial({
        index,
        spec: { objective },
        status: { conditions: [condition('Succeeded')], observation: { metrics: [metric] } },
      }),
    );
    expect(tallyTrials(trials, objective).best?.trial.metadata.name).toBe(expected);
  });

  it('is told with its assignments and all its metrics', () => {
    expect(optimalTrial(trial({ index: 4, state: 'Succeeded', loss: 0.5 }))).toEqual({
      bestTrialName: 'exp-4',
      parameterAssignments: [{ name: 'x', value: '4' }],
      observation: { metrics: [{ name: 'loss', min: '0.5', max: '0.5', latest: '0.5' }] },
    });
  });
});
