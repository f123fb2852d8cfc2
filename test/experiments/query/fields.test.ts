import { describe, expect, it } from 'vitest';
import { exactNumber } from '../../../experiments/query/exact-number.ts';
import { experimentFields } from '../../../experiments/query/experiment-fields.ts';
import { parseFilter } from '../../../experiments/query/filter.ts';
import { trialFields } from '../../../experiments/query/trial-fields.ts';
import { condition, experiment, NOW, trial } from '../../support/experiment-objects.ts';

describe('the number of a parameter', () => {
  it.each([
    ['32', 32],
    ['0.001', 0.001],
    ['1.50', 1.5],
    ['1e-05', 1e-5],
    ['1E3', 1000],
    ['-0.25', -0.25],
    ['0', 0],
    ['0.0', 0],
    ['123456789.125', 123456789.125],
    ['9007199254740992', 9007199254740992],
  ])('%s is exact', (text, value) => expect(exactNumber(text)).toBe(value));

  it.each([
    ['9007199254740993'],
    ['0.1000000000000000055'],
    ['1e999'],
    ['007'],
    ['+1'],
    ['.5'],
    ['5.'],
    ['0x10'],
    ['adam'],
    [''],
    [' 1'],
    ['NaN'],
    ['Infinity'],
  ])('%s stays text', (text) => expect(exactNumber(text)).toBe(text));
});

describe('a trial', () => {
  const subject = trial({
    index: 3,
    meta: { labels: { 'katib.kubeflow.org/experiment': 'exp', team: 'vision' } },
    spec: {
      objective: {
        type: 'minimize',
        objectiveMetricName: 'loss',
        additionalMetricNames: ['val/acc', 'top.max'],
        metricStrategies: [{ name: 'val/acc', value: 'max' }],
      },
      parameterAssignments: [
        { name: 'lr', value: '0.01' },
        { name: 'num-layers', value: '3' },
      ],
    },
    status: {
      conditions: [condition('Running', 'False'), condition('Succeeded', 'True', 'TrialSucceeded')],
      startTime: '2026-01-01T12:00:00Z',
      completionTime: '2026-01-01T12:01:30Z',
      observation: {
        metrics: [
          { name: 'loss', min: '0.25', max: '2', latest: '0.5' },
          { name: 'val/acc', min: '0.1', max: '0.9', latest: '0.8' },
          { name: 'top.max', min: 'unavailable', max: 'unavailable', latest: 'conv-3' },
        ],
      },
    },
  });
  const { spec } = experiment({
    objective: subject.spec.objective,
    parameters: ['lr', 'num-layers'].map((name) => ({
      name,
      parameterType: 'double',
      feasibleSpace: { min: '0', max: '9' },
    })),
  });

  it.each([
    ['name = exp-3 AND namespace = default AND experiment = exp'],
    ['status = Succeeded AND reason = TrialSucceeded'],
    ['objective = 0.25'],
    ['params.lr = 0.01 AND params.num-layers >= 3'],
    ['metrics.loss = 0.25 AND metrics.loss.max = 2 AND metrics.loss.latest = 0.5'],
    ['metrics.val/acc = 0.9 AND metrics."val/acc".min = 0.1'],
    ['metrics.top.max = conv-3 AND metrics.top.max.latest:conv'],
    ['labels.team = vision AND labels.katib.kubeflow.org/experiment = exp'],
    ['creationTime = "2026-01-01" AND startTime:*'],
    ['completionTime > "2026-01-01T12:01:00Z" AND durationSeconds = 90'],
  ])('has the fields of %s', (text) => {
    expect(parseFilter(text, trialFields({ spec }))(subject)).toBe(true);
  });

  it('has no other parameters and metrics than its experiment, which are named', () => {
    expect(() => parseFilter('params.lrr > 1', trialFields({ spec }))).toThrow(
      expect.objectContaining({ code: 'QUERY_FIELD_UNKNOWN', remedy: 'Did you mean "params.lr"?' }),
    );
    expect(() => parseFilter('metrics.acc > 1', trialFields({ spec }))).toThrow(/no field "metrics.acc"/);
    expect(parseFilter('params.lrr > 1', trialFields())(subject)).toBe(false);
  });
});

it('an experiment has its state, counts, best value and times', () => {
  const subject = experiment(
    { desiredState: 'Stopped' },
    {
      conditions: [condition('Succeeded', 'True', 'ExperimentGoalReached')],
      startTime: NOW,
      completionTime: NOW,
      trials: 4,
      trialsFailed: 1,
      currentOptimalTrial: {
        bestTrialName: 'exp-2',
        observation: { metrics: [{ name: 'loss', min: '0.25', max: '1', latest: '0.5' }] },
      },
    },
  );
  const text = [
    'name = exp AND namespace = default AND status = Succeeded AND reason = ExperimentGoalReached',
    'desiredState = Stopped AND algorithm = random AND objectiveMetric = loss AND objective = 0.25',
    'maxTrials = 6 AND parallelTrials = 2 AND trials.total = 4 AND trials.failed = 1 AND NOT labels.team:*',
    'durationSeconds = 0 AND startTime:* AND completionTime:* AND creationTime < "2026-01-02"',
  ].join(' AND ');
  expect(parseFilter(text, experimentFields)(subject)).toBe(true);
});
