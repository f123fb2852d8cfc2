import { describe, expect, it } from 'vitest';
import { withDefaults } from '../../core/defaults.ts';
import type { Experiment, ExperimentSpec } from '../../core/experiment.ts';
import { type Changes, experimentDocument } from '../support/experiment-document.ts';

function defaulted(changes: Changes = {}): ExperimentSpec {
  return withDefaults(experimentDocument(changes) as unknown as Experiment).spec;
}

describe('withDefaults', () => {
  it('fills in what Katib fills in', () => {
    expect(defaulted({ 'spec.parallelTrialCount': undefined })).toMatchObject({
      parallelTrialCount: 3,
      resumePolicy: 'Never',
      objective: { metricStrategies: [{ name: 'loss', value: 'min' }] },
      parameters: [
        { feasibleSpace: { distribution: 'uniform' } },
        { feasibleSpace: { distribution: 'uniform' } },
      ],
      metricsCollectorSpec: { collector: { kind: 'StdOut' } },
      trialTemplate: {
        successCondition: 'status.conditions.#(type=="Complete")#|#(status=="True")#',
        failureCondition: 'status.conditions.#(type=="Failed")#|#(status=="True")#',
      },
    });
  });

  it('leaves the choice of the algorithm to the service where nobody names one', () => {
    expect(defaulted({ 'spec.algorithm': undefined }).algorithm).toEqual({ algorithmName: 'auto' });
  });

  it('sets no primary pod labels for a Job, and no limits', () => {
    const spec = defaulted({ 'spec.maxTrialCount': undefined, 'spec.maxFailedTrialCount': undefined });
    expect(spec.trialTemplate).not.toHaveProperty('primaryPodLabels');
    expect(spec).not.toHaveProperty('maxTrialCount');
    expect(spec).not.toHaveProperty('maxFailedTrialCount');
  });

  it('changes nothing the second time, and never its argument', () => {
    const experiment = experimentDocument() as unknown as Experiment;
    const once = withDefaults(experiment);
    expect(withDefaults(once)).toEqual(once);
    expect(experiment).toEqual(experimentDocument());
  });

  it('keeps what is written', () => {
    const written = {
      'spec.resumePolicy': 'LongRunning',
      'spec.parallelTrialCount': 1,
      'spec.trialTemplate.successCondition': 'status.succeeded',
      'spec.parameters.0.feasibleSpace.distribution': 'logUniform',
    };
    expect(defaulted(written)).toMatchObject({
      resumePolicy: 'LongRunning',
      parallelTrialCount: 1,
      trialTemplate: { successCondition: 'status.succeeded' },
      parameters: [{ feasibleSpace: { distribution: 'logUniform' } }, {}],
    });
  });

  it('runs no more trials in parallel than there are', () => {
    expect(
      defaulted({ 'spec.parallelTrialCount': undefined, 'spec.maxTrialCount': 2 }).parallelTrialCount,
    ).toBe(2);
  });

  it('gives additional metrics the strategy of the objective', () => {
    const spec = defaulted({
      'spec.objective.type': 'maximize',
      'spec.objective.additionalMetricNames': ['acc', 'time'],
      'spec.objective.metricStrategies': [{ name: 'time', value: 'latest' }],
    });
    expect(spec.objective.metricStrategies).toEqual([
      { name: 'time', value: 'latest' },
      { name: 'loss', value: 'max' },
      { name: 'acc', value: 'max' },
    ]);
  });

  it.each([
    ['TFJob', { 'training.kubeflow.org/job-role': 'master' }],
    [
      'TrainJob',
      { 'jobset.sigs.k8s.io/replicatedjob-name': 'node', 'batch.kubernetes.io/job-completion-index': '0' },
    ],
    ['Workflow', undefined],
  ])('marks the primary pods of a %s', (kind, labels) => {
    expect(defaulted({ 'spec.trialTemplate.trialSpec.kind': kind }).trialTemplate.primaryPodLabels).toEqual(
      labels,
    );
  });

  it.each([
    ['File', { fileSystemPath: { path: '/var/log/katib/metrics.log', kind: 'File', format: 'TEXT' } }],
    ['TensorFlowEvent', { fileSystemPath: { path: '/var/log/katib/tfevent/', kind: 'Directory' } }],
    ['PrometheusMetric', { httpGet: { path: '/metrics', port: 8080 } }],
    ['Push', undefined],
  ])('gives the collector %s its source', (kind, source) => {
    const spec = defaulted({ 'spec.metricsCollectorSpec': { collector: { kind } } });
    expect(spec.metricsCollectorSpec?.source).toEqual(source);
  });

  it('fills in only what is missing of a source', () => {
    const source = { fileSystemPath: { path: '/a.json', format: 'JSON' }, filter: { metricsFormat: [] } };
    const spec = defaulted({ 'spec.metricsCollectorSpec': { collector: { kind: 'File' }, source } });
    expect(spec.metricsCollectorSpec?.source).toEqual({
      fileSystemPath: { path: '/a.json', kind: 'File', format: 'JSON' },
      filter: { metricsFormat: [] },
    });
  });
});
