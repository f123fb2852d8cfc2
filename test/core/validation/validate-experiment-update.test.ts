import { describe, expect, it } from 'vitest';
import { withDefaults } from '../../../core/defaults.ts';
import { formatPath } from '../../../core/errors.ts';
import type { Experiment } from '../../../core/experiment.ts';
import { validateExperiment } from '../../../core/validation/validate-experiment.ts';
import { validateExperimentUpdate } from '../../../core/validation/validate-experiment-update.ts';
import { type Changes, experimentDocument, lenientCatalog } from '../../support/experiment-document.ts';

function experiment(changes: Changes = {}): Experiment {
  const { experiment: valid, issues } = validateExperiment(experimentDocument(changes), lenientCatalog);
  if (!valid) throw new Error(JSON.stringify(issues));
  return valid;
}

function ended(type: 'Succeeded' | 'Failed', reason: string): Changes {
  return { status: { trials: 12, conditions: [{ type, status: 'True', reason }] } };
}

function found(stored: Experiment, changed: Experiment): string[] {
  return validateExperimentUpdate(stored, changed).map(({ code, path }) => `${code} ${formatPath(path)}`);
}

const MORE = { 'spec.maxTrialCount': 20 };

describe('validateExperimentUpdate', () => {
  it('accepts no change', () => {
    expect(found(experiment(), experiment())).toEqual([]);
    expect(found(experiment(ended('Failed', 'ExperimentFailed')), experiment())).toEqual([]);
  });

  it('accepts defaults that are written out', () => {
    expect(found(experiment(), withDefaults(experiment()))).toEqual([]);
    expect(found(withDefaults(experiment()), experiment())).toEqual([]);
  });

  it.each<[string, Changes]>([
    ['maxTrialCount', MORE],
    ['parallelTrialCount', { 'spec.parallelTrialCount': 5 }],
    ['maxFailedTrialCount', { 'spec.maxFailedTrialCount': 5 }],
    [
      'all limits, by removing them',
      { 'spec.maxTrialCount': undefined, 'spec.maxFailedTrialCount': undefined },
    ],
    ['the desired state', { 'spec.desiredState': 'Paused' }],
    ['a desired state that is the default', { 'spec.desiredState': 'Running' }],
    ['the policy, to one that allows more', { 'spec.resumePolicy': 'LongRunning' }],
    ['labels', { 'metadata.labels': { team: 'vision' } }],
  ])('accepts a change of %s', (_, changes) => {
    expect(found(experiment(), experiment(changes))).toEqual([]);
  });

  it.each<[string, Changes]>([
    ['spec.parameters', { 'spec.parameters.0.feasibleSpace.max': '0.1' }],
    ['spec.objective', { 'spec.objective.goal': 0.1 }],
    ['spec.algorithm', { 'spec.algorithm.algorithmName': 'tpe' }],
    ['spec.trialTemplate', { 'spec.trialTemplate.trialSpec.spec.backoffLimit': 1 }],
    ['spec.metricsCollectorSpec', { 'spec.metricsCollectorSpec': { collector: { kind: 'None' } } }],
    ['spec.resumePolicy', { 'spec.resumePolicy': 'FromVolume' }],
  ])('refuses a change of %s', (path, changes) => {
    expect(found(experiment(), experiment(changes))).toEqual([`SPEC_FIELD_IMMUTABLE ${path}`]);
  });

  it('refuses a change of a field that valid experiments have not yet', () => {
    const stored = experiment();
    const earlyStopping = { algorithmName: 'medianstop' };
    const changed = { ...stored, spec: { ...stored.spec, earlyStopping } };
    expect(found(stored, changed)).toEqual(['SPEC_FIELD_IMMUTABLE spec.earlyStopping']);
  });

  it('refuses a limit that leaves no room for a trial', () => {
    const stored = experiment({ status: { trials: 8 } });
    const lowered = { 'spec.maxTrialCount': 8 };
    expect(found(stored, experiment(lowered))).toEqual(['SPEC_MAX_TRIALS_TOO_LOW spec.maxTrialCount']);
    expect(found(stored, experiment({ 'spec.maxTrialCount': 9 }))).toEqual([]);
  });

  it('accepts a pause where the limit leaves no room for a trial', () => {
    const stored = experiment({ status: { trials: 12 } });
    expect(found(stored, experiment({ 'spec.desiredState': 'Paused' }))).toEqual([]);
  });

  it.each([
    ['Succeeded', 'ExperimentStopped'],
    ['Failed', 'ExperimentCancelled'],
    ['Failed', 'ExperimentTrialsFailAlike'],
  ])('lets one that ended as %s with %s run again', (type, reason) => {
    const conditions = [{ type, status: 'True', reason }];
    const stored = experiment({ status: { trials: 3, conditions }, 'spec.desiredState': 'Stopped' });
    expect(found(stored, experiment({ 'spec.desiredState': 'Running' }))).toEqual([]);
  });

  it.each(['LongRunning', 'FromVolume'])(
    'restarts an experiment that used up its trials, with %s',
    (policy) => {
      const resume = { 'spec.resumePolicy': policy };
      const stored = experiment({ ...ended('Succeeded', 'ExperimentMaxTrialsReached'), ...resume });
      expect(found(stored, experiment({ ...MORE, ...resume }))).toEqual([]);
    },
  );

  it.each<[string, Changes]>([
    ['has failed', { ...ended('Failed', 'ExperimentFailed'), 'spec.resumePolicy': 'LongRunning' }],
    [
      'reached its goal',
      { ...ended('Succeeded', 'ExperimentGoalReached'), 'spec.resumePolicy': 'LongRunning' },
    ],
    ['used up its trials and has the policy Never', ended('Succeeded', 'ExperimentMaxTrialsReached')],
  ])('does not restart one that %s', (_, changes) => {
    const stored = experiment(changes);
    const changed = { ...stored, spec: { ...stored.spec, maxTrialCount: 20 } };
    expect(found(stored, changed)).toEqual(['SPEC_NOT_RESTARTABLE spec']);
  });
});
