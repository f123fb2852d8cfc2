import { describe, expect, it } from 'vitest';
import {
  byTrialIndex,
  finishedTrials,
  isFinished,
  summarizeExperiment,
  summarizeTrial,
} from '../../experiments/summary.ts';
import { condition, experiment, NOW, NOW_MS, trial } from '../support/experiment-objects.ts';

describe('the state of an experiment', () => {
  const usedUp = condition('Succeeded', 'True', 'ExperimentMaxTrialsReached', 'all done');
  const finished = { trials: 6, trialsSucceeded: 6 };

  it.each([
    ['Created', undefined],
    ['Created', { conditions: [condition('Created')] }],
    ['Running', { conditions: [condition('Created'), condition('Running')] }],
    ['Failed', { conditions: [condition('Running', 'False'), condition('Failed')] }],
    ['Succeeded', { conditions: [usedUp], ...finished }],
  ])('is %s', (state, status) => {
    expect(summarizeExperiment(experiment({}, status)).state).toBe(state);
  });

  it('is Restarting, and not finished, once its limit was raised where that is allowed', () => {
    const raised = (resumePolicy: 'Never' | 'LongRunning', maxTrialCount: number): string =>
      summarizeExperiment(experiment({ resumePolicy, maxTrialCount }, { conditions: [usedUp], ...finished }))
        .state;
    expect(raised('LongRunning', 7)).toBe('Restarting');
    expect(raised('LongRunning', 6)).toBe('Succeeded');
    expect(raised('Never', 7)).toBe('Succeeded');
    const goalReached = condition('Succeeded', 'True', 'ExperimentGoalReached');
    const status = { conditions: [goalReached], trials: 2, trialsSucceeded: 2 };
    const withGoal = summarizeExperiment(experiment({ resumePolicy: 'LongRunning' }, status));
    expect([withGoal.state, isFinished(withGoal)]).toEqual(['Succeeded', true]);
  });
});

it('an experiment is its counts, best trial and times', () => {
  const metrics = [{ name: 'loss', min: '0.25', max: '1', latest: '0.5' }];
  const summary = summarizeExperiment(
    experiment(
      {},
      {
        conditions: [condition('Running', 'True', 'ExperimentRunning', 'goes on')],
        startTime: NOW,
        trials: 5,
        trialsRunning: 1,
        trialsPending: 1,
        trialsFailed: 1,
        trialMetricsUnavailable: 1,
        trialsSucceeded: 1,
        currentOptimalTrial: {
          bestTrialName: 'exp-2',
          parameterAssignments: [{ name: 'x', value: '2' }],
          observation: { metrics },
        },
      },
    ),
  );
  expect(summary).toMatchObject({
    reason: 'ExperimentRunning',
    message: 'goes on',
    best: { name: 'exp-2', value: 0.25, parameters: [{ name: 'x', value: '2' }] },
    startedMs: NOW_MS,
    completedMs: null,
  });
  expect(finishedTrials(summary.counts)).toBe(3);
});

it('a trial has the message of its state, and its objective by its strategy', () => {
  const failed = trial({
    index: 0,
    status: { conditions: [condition('Running', 'False'), condition('Failed', 'True', 'R', 'M')] },
  });
  expect(summarizeTrial(failed)).toMatchObject({ state: 'Failed', reason: 'R', message: 'M', value: null });
  expect(summarizeTrial(trial({ index: 1, state: 'Succeeded', loss: 0.5 }))).toMatchObject({ value: 0.5 });
});

it('trials stand in the order of their index', () => {
  const names = ['exp-10', 'exp-2', 'exp-1', 'a-3'].map((name) => ({ name }));
  expect(names.sort(byTrialIndex).map(({ name }) => name)).toEqual(['a-3', 'exp-1', 'exp-2', 'exp-10']);
});
