import { describe, expect, it } from 'vitest';
import { describeIssue } from '../../../core/errors.ts';
import { validateExperiment } from '../../../core/validation/validate-experiment.ts';
import { type Changes, experimentDocument, lenientCatalog } from '../../support/experiment-document.ts';

const JOB = 'spec.trialTemplate.trialSpec.spec';
const POD = `${JOB}.template.spec`;

function messages(changes: Changes): string[] {
  return validateExperiment(experimentDocument(changes), lenientCatalog).issues.map(describeIssue);
}

describe('a misspelt field of the trial template', () => {
  it.each([
    [`${JOB}.backofLimit`, 'backofLimit', 'backoffLimit'],
    [`${JOB}.template.metdata`, 'metdata', 'metadata'],
    [`${POD}.volume`, 'volume', 'volumes'],
    [`${POD}.containers.0.comand`, 'comand', 'command'],
    [`${POD}.containers.0.Env`, 'Env', 'env'],
  ])('is refused at %s', (path, found, meant) => {
    const shown = path.replace('.0.', '[0].');
    expect(messages({ [path]: {} })).toEqual([
      `${shown}: There is no field "${found}" here. Did you mean "${meant}"?`,
    ]);
  });

  it('is found in the pod templates of every kind that has them', () => {
    const template = { spec: { containers: [{ name: 'training', arg: ['--x'] }] } };
    const trialSpec = {
      apiVersion: 'kubeflow.org/v1',
      kind: 'TFJob',
      spec: { tfReplicaSpecs: { Worker: { template } } },
    };
    expect(messages({ 'spec.trialTemplate.trialSpec': trialSpec })).toContainEqual(
      expect.stringContaining('containers[0].arg: There is no field "arg" here. Did you mean "args"?'),
    );
  });

  it.each([`${JOB}.gangScheduling`, `${POD}.workloadRef`, `${POD}.containers.0.x-note`])(
    'is not what a field of a later Kubernetes is taken for: %s',
    (path) => {
      expect(messages({ [path]: {} })).toEqual([]);
    },
  );
});
