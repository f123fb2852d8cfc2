import { describe, expect, it } from 'vitest';
import { describeIssue } from '../../core/errors.ts';
import { checkRunnableHere } from '../../local/runnable-jobs.ts';
import { type Changes, experimentDocument } from '../support/experiment-document.ts';

function found(changes: Changes): string[] {
  return [...checkRunnableHere(experimentDocument(changes))].map(describeIssue);
}

const TEMPLATE = 'spec.trialTemplate.trialSpec';

function tfJob(apiVersion: string, runPolicy: object): Changes {
  return { [TEMPLATE]: { apiVersion, kind: 'TFJob', spec: { runPolicy } } };
}

describe('checkRunnableHere', () => {
  it.each<[string, Changes]>([
    ['a Job', {}],
    [
      'a Job that names its usual manager',
      { [`${TEMPLATE}.spec.managedBy`]: 'kubernetes.io/job-controller' },
    ],
    ['a TFJob', tfJob('kubeflow.org/v1', {})],
    ['a PyTorchJob', { [TEMPLATE]: { apiVersion: 'kubeflow.org/v1', kind: 'PyTorchJob', spec: {} } }],
    ['a TFJob in its old spelling', tfJob('kubeflow.org/v1beta2', {})],
    [
      'a TFJob of its usual manager',
      tfJob('kubeflow.org/v1', { managedBy: 'kubeflow.org/training-operator' }),
    ],
    ['a TFJob whose manager is left empty', tfJob('kubeflow.org/v1', { managedBy: null })],
    ['a template in a ConfigMap', { [TEMPLATE]: undefined }],
    ['something that is not a manifest', { [TEMPLATE]: 'kind: Job' }],
  ])('accepts %s', (_, changes) => {
    expect(found(changes)).toEqual([]);
  });

  it.each([
    ['argoproj.io/v1alpha1', 'Workflow'],
    ['kubeflow.org/v1', 'XGBoostJob'],
    ['batch/v1beta1', 'Job'],
  ])('refuses %s %s, and says what runs here', (apiVersion, kind) => {
    expect(found({ [`${TEMPLATE}.apiVersion`]: apiVersion, [`${TEMPLATE}.kind`]: kind })).toEqual([
      `${TEMPLATE}.kind: Nothing on this computer runs a ${kind} of ${apiVersion}. Use one of Job (batch/v1), ` +
        'TFJob (kubeflow.org/v1), TFJob (kubeflow.org/v1beta2), PyTorchJob (kubeflow.org/v1), or submit the ' +
        'experiment to a cluster that has the kind.',
    ]);
  });

  it('refuses a job that waits for a manager that is not here', () => {
    expect(found(tfJob('kubeflow.org/v1', { managedBy: 'kueue.x-k8s.io/multikueue' }))).toEqual([
      `${TEMPLATE}.spec.runPolicy.managedBy: managedBy is "kueue.x-k8s.io/multikueue", and no such controller is on ` +
        'this computer: nobody would run the job. Remove it, or write "kubeflow.org/training-operator".',
    ]);
  });
});
