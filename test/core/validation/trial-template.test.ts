import { describe, expect, it } from 'vitest';
import { formatPath, SpecError } from '../../../core/errors.ts';
import type { TrialTemplate } from '../../../core/experiment.ts';
import { checkTemplateText, checkTrialTemplate } from '../../../core/validation/trial-template.ts';

const CONTAINER = { name: 'training', command: ['train', '--lr=${trialParameters.rate}'] };
const POD = { spec: { containers: [CONTAINER], restartPolicy: 'Never' } };

function template(changes: Partial<TrialTemplate> = {}): TrialTemplate {
  return {
    primaryContainerName: 'training',
    trialParameters: [{ name: 'rate', reference: 'lr' }],
    trialSpec: { apiVersion: 'batch/v1', kind: 'Job', spec: { template: POD } },
    ...changes,
  };
}

function without(field: keyof TrialTemplate): TrialTemplate {
  const rest = template();
  Reflect.deleteProperty(rest, field);
  return rest;
}

function job(pod: object, metadata: object = {}): TrialTemplate {
  return template({ trialSpec: { apiVersion: 'batch/v1', kind: 'Job', metadata, spec: { template: pod } } });
}

function tfJob(types: readonly string[], changes: Partial<TrialTemplate> = {}): TrialTemplate {
  const tfReplicaSpecs = Object.fromEntries(types.map((type) => [type, { replicas: 1, template: POD }]));
  return template({
    trialSpec: { apiVersion: 'kubeflow.org/v1', kind: 'TFJob', spec: { tfReplicaSpecs } },
    ...changes,
  });
}

const PIPELINE = {
  apiVersion: 'tekton.dev/v1',
  kind: 'PipelineRun',
  spec: { params: [{ name: 'lr', value: '${trialParameters.rate}' }] },
};
const CONDITION = 'status.[@this].#(phase=="Succeeded")#';
const CONFIG_MAP = { configMapName: 'templates', configMapNamespace: 'kubeflow', templatePath: 'job.yaml' };

function found(spec: TrialTemplate, parameters: readonly string[] | null = ['lr']): string[] {
  return [...checkTrialTemplate(spec, parameters)].map(
    ({ code, path }) => `${code} ${formatPath(path).replace('spec.trialTemplate.', '')}`,
  );
}

describe('a trial template is accepted', () => {
  it.each<[string, TrialTemplate]>([
    ['for a Job', template()],
    ['for a TFJob of workers', tfJob(['Worker'])],
    ['for a TFJob with a chief', tfJob(['Chief', 'Worker', 'PS'])],
    ['for a TFJob of old spelling', tfJob(['worker'])],
    [
      'for a kind with written conditions',
      template({ trialSpec: PIPELINE, successCondition: CONDITION, failureCondition: CONDITION }),
    ],
    [
      'from a ConfigMap',
      {
        ...without('trialSpec'),
        configMap: CONFIG_MAP,
        successCondition: CONDITION,
        failureCondition: CONDITION,
      },
    ],
    [
      'with an own label in the namespace of Katib',
      job({ ...POD, metadata: { labels: { 'katib.kubeflow.org/model-training': 'true' } } }),
    ],
    [
      'with text that looks like shell',
      job({ spec: { ...POD.spec, containers: [{ ...CONTAINER, args: ['${HOME}', '$(trial)', '{{x}}'] }] } }),
    ],
  ])('%s', (_, spec) => {
    expect(found(spec)).toEqual([]);
  });

  it('for a TFJob whose primary pods are the workers', () => {
    const primaryPodLabels = { 'training.kubeflow.org/replica-type': 'worker' };
    expect(found(tfJob(['PS', 'Worker'], { primaryPodLabels }))).toEqual([]);
  });

  it('for an MPIJob whose launcher is marked by a label of its operator', () => {
    const mpiReplicaSpecs = {
      Launcher: { template: POD },
      Worker: { template: { spec: { containers: [{ name: 'other' }] } } },
    };
    const trialSpec = { apiVersion: 'kubeflow.org/v1', kind: 'MPIJob', spec: { mpiReplicaSpecs } };
    expect(found(template({ trialSpec, primaryPodLabels: { 'mpi-job-role': 'launcher' } }))).toEqual([]);
  });

  it('for every metadata reference', () => {
    const names = ['Name', 'Namespace', 'Kind', 'APIVersion', 'Labels[a/b]', 'Annotations[c]'];
    const trialParameters = names.map((name, index) => ({
      name: `p${index}`,
      reference: `\${trialSpec.${name}}`,
    }));
    const args = trialParameters.map(({ name }) => `\${trialParameters.${name}}`);
    const pod = { spec: { containers: [{ name: 'training', args }], restartPolicy: 'Never' } };
    const spec = { ...job(pod, { labels: { 'a/b': '1' }, annotations: { c: '2' } }), trialParameters };
    expect(found(spec, [])).toEqual([]);
  });
});

describe('a trial template is refused', () => {
  it.each<[string, TrialTemplate, string[]]>([
    ['without any source', without('trialSpec'), ['SPEC_TEMPLATE_SOURCE spec.trialTemplate']],
    ['without a primary container', without('primaryContainerName'), ['SPEC_REQUIRED primaryContainerName']],
    [
      'for an empty primary container',
      template({ primaryContainerName: '' }),
      ['SPEC_REQUIRED primaryContainerName'],
    ],
    [
      'for a name in its metadata',
      job(POD, { name: 'x' }),
      ['SPEC_TEMPLATE_METADATA trialSpec.metadata.name'],
    ],
    [
      'for a namespace in its metadata',
      job(POD, { namespace: 'x' }),
      ['SPEC_TEMPLATE_METADATA trialSpec.metadata.namespace'],
    ],
    [
      'for a reserved label',
      job(POD, { labels: { 'katib.kubeflow.org/trial': 'x' } }),
      ['SPEC_RESERVED_NAME trialSpec.metadata.labels.katib.kubeflow.org/trial'],
    ],
    [
      'for a reserved annotation',
      job(POD, { annotations: { 'katydid.dev/trial-uid': 'x' } }),
      ['SPEC_RESERVED_NAME trialSpec.metadata.annotations.katydid.dev/trial-uid'],
    ],
    [
      'for a command that is a text, and a number in the environment',
      job({
        spec: {
          ...POD.spec,
          containers: [
            { ...CONTAINER, command: 'train --lr=${trialParameters.rate}', env: [{ name: 'A', value: 1 }] },
          ],
        },
      }),
      [
        'SPEC_WRONG_TYPE trialSpec.spec.template.spec.containers[0].command',
        'SPEC_NOT_QUOTED trialSpec.spec.template.spec.containers[0].env[0].value',
      ],
    ],
    [
      'for a Job without a pod template',
      template({
        trialSpec: { apiVersion: 'batch/v1', kind: 'Job', spec: { a: '${trialParameters.rate}' } },
      }),
      ['SPEC_TEMPLATE_INVALID trialSpec.spec'],
    ],
    [
      'for a Job that restarts for ever',
      job({ spec: { ...POD.spec, restartPolicy: 'Always' } }),
      ['SPEC_TEMPLATE_INVALID trialSpec.spec.template.spec.restartPolicy'],
    ],
    [
      'for a misspelt container',
      template({ primaryContainerName: 'trainer' }),
      ['SPEC_PRIMARY_CONTAINER_MISSING primaryContainerName'],
    ],
    [
      'for a container that only the parameter servers have',
      tfJob(['PS', 'Worker'], { primaryContainerName: 'ps' }),
      ['SPEC_PRIMARY_CONTAINER_MISSING primaryContainerName'],
    ],
    [
      'for labels that no pod has',
      tfJob(['Worker'], { primaryPodLabels: { 'training.kubeflow.org/replica-type': 'chief' } }),
      ['SPEC_PRIMARY_POD_MISSING primaryPodLabels'],
    ],
    [
      'for a kind without default conditions',
      template({ trialSpec: PIPELINE }),
      ['SPEC_CONDITION_REQUIRED successCondition', 'SPEC_CONDITION_REQUIRED failureCondition'],
    ],
    [
      'for a kind unheard of',
      template({ trialSpec: { ...PIPELINE, kind: 'RayJob' }, successCondition: CONDITION }),
      ['SPEC_CONDITION_REQUIRED failureCondition'],
    ],
    [
      'for a condition that is no expression',
      template({ successCondition: 'a.#(b' }),
      ['SPEC_CONDITION_INVALID successCondition'],
    ],
    [
      'for a ConfigMap without conditions',
      { ...without('trialSpec'), configMap: CONFIG_MAP },
      ['SPEC_CONDITION_REQUIRED successCondition', 'SPEC_CONDITION_REQUIRED failureCondition'],
    ],
    [
      'for an undefined placeholder',
      job({ spec: { ...POD.spec, containers: [{ ...CONTAINER, args: ['${trialParameters.lr}'] }] } }),
      ['SPEC_PLACEHOLDER_UNDEFINED trialSpec.spec.template.spec.containers[0].args[0]'],
    ],
    [
      'for a misspelt placeholder',
      job({ spec: { ...POD.spec, containers: [{ ...CONTAINER, args: ['${trialParameter.rate}'] }] } }),
      ['SPEC_PLACEHOLDER_UNDEFINED trialSpec.spec.template.spec.containers[0].args[0]'],
    ],
    [
      'for metadata without a trial parameter',
      job({ spec: { ...POD.spec, containers: [{ ...CONTAINER, args: ['${trialSpec.Name}'] }] } }),
      ['SPEC_PLACEHOLDER_UNDEFINED trialSpec.spec.template.spec.containers[0].args[0]'],
    ],
    [
      'for an empty reference',
      template({ trialParameters: [{ name: 'rate', reference: '' }] }),
      ['SPEC_REQUIRED trialParameters[0].reference', 'SPEC_PARAMETER_UNUSED spec.parameters[0].name'],
    ],
    [
      'for an empty name',
      template({
        trialParameters: [
          { name: 'rate', reference: 'lr' },
          { name: '', reference: '${trialSpec.Name}' },
        ],
      }),
      ['SPEC_TRIAL_PARAMETER_INVALID trialParameters[1].name'],
    ],
    [
      'for two trial parameters of one name',
      template({
        trialParameters: [
          { name: 'rate', reference: 'lr' },
          { name: 'rate', reference: '${trialSpec.Name}' },
        ],
      }),
      ['SPEC_TRIAL_PARAMETER_DUPLICATE trialParameters[1].name'],
    ],
    [
      'for metadata that does not exist',
      template({ trialParameters: [{ name: 'rate', reference: '${trialSpec.Uid}' }] }),
      [
        'SPEC_REFERENCE_UNKNOWN trialParameters[0].reference',
        'SPEC_PARAMETER_UNUSED spec.parameters[0].name',
      ],
    ],
    [
      'for a label that the template does not have',
      template({ trialParameters: [{ name: 'rate', reference: '${trialSpec.Labels[a]}' }] }),
      [
        'SPEC_REFERENCE_UNKNOWN trialParameters[0].reference',
        'SPEC_PARAMETER_UNUSED spec.parameters[0].name',
      ],
    ],
    [
      'without trial parameters',
      without('trialParameters'),
      [
        'SPEC_PLACEHOLDER_UNDEFINED trialSpec.spec.template.spec.containers[0].command[1]',
        'SPEC_PARAMETER_UNUSED spec.parameters[0].name',
      ],
    ],
  ])('%s', (_, spec, expected) => {
    expect(found(spec)).toEqual(expected);
  });

  it('for both sources', () => {
    expect(found(template({ configMap: CONFIG_MAP }))).toEqual(['SPEC_TEMPLATE_SOURCE spec.trialTemplate']);
  });

  it('for an empty place of a ConfigMap', () => {
    const configMap = { ...CONFIG_MAP, templatePath: '' };
    const spec = {
      ...without('trialSpec'),
      configMap,
      successCondition: CONDITION,
      failureCondition: CONDITION,
    };
    expect(found(spec)).toEqual(['SPEC_REQUIRED configMap.templatePath']);
  });

  it('for a manifest without kind and apiVersion', () => {
    const trialSpec = { spec: { a: '${trialParameters.rate}' } };
    expect(found(template({ trialSpec }))).toEqual([
      'SPEC_TEMPLATE_INVALID trialSpec.apiVersion',
      'SPEC_TEMPLATE_INVALID trialSpec.kind',
    ]);
  });

  it('for a PyTorchJob without a master, whose pods nobody marks', () => {
    const pytorchReplicaSpecs = { Worker: { template: POD } };
    const trialSpec = { apiVersion: 'kubeflow.org/v1', kind: 'PyTorchJob', spec: { pytorchReplicaSpecs } };
    expect(found(template({ trialSpec }))).toEqual(['SPEC_PRIMARY_POD_MISSING primaryPodLabels']);
  });

  it('for reserved names inside its pods', () => {
    const env = [{ name: 'KATIB_TRIAL_NAME', value: 'x' }];
    const containers = [{ ...CONTAINER, env }, { name: 'metrics-logger-and-collector' }];
    const pod = {
      metadata: { labels: { 'katib.kubeflow.org/experiment': 'x' } },
      spec: { ...POD.spec, containers },
    };
    const at = 'trialSpec.spec.template';
    expect(found(job(pod))).toEqual([
      `SPEC_RESERVED_NAME ${at}.metadata.labels.katib.kubeflow.org/experiment`,
      `SPEC_RESERVED_NAME ${at}.spec.containers[0].env[0].name`,
      `SPEC_RESERVED_NAME ${at}.spec.containers[1].name`,
    ]);
  });

  it('for a search parameter that no trial sees', () => {
    expect(found(template(), ['lr', 'momentum'])).toEqual(['SPEC_PARAMETER_UNUSED spec.parameters[1].name']);
  });

  it('for a reference to a search parameter that does not exist', () => {
    const trialParameters = [
      { name: 'rate', reference: 'lr' },
      { name: 'rate2', reference: 'momentum' },
    ];
    expect(found(template({ trialParameters }))).toEqual([
      'SPEC_REFERENCE_UNKNOWN trialParameters[1].reference',
      'SPEC_TRIAL_PARAMETER_UNUSED trialParameters[1].name',
    ]);
  });

  it('but not for references while the search parameters are not known', () => {
    expect(found(template({ trialParameters: [{ name: 'rate', reference: 'architecture' }] }), null)).toEqual(
      [],
    );
  });
});

describe('the text of a ConfigMap template', () => {
  const spec: TrialTemplate = { ...without('trialSpec'), configMap: CONFIG_MAP };
  const text = `
apiVersion: batch/v1
kind: Job
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: training
          args: [ "--lr", "\${trialParameters.rate}" ]
`;

  it('is accepted where everything fits', () => {
    expect([...checkTemplateText(spec, text, ['lr'])]).toEqual([]);
  });

  it('is refused for a placeholder that is not declared', () => {
    const changed = text.replace('trialParameters.rate', 'trialParameters.lr');
    const codes = [...checkTemplateText(spec, changed, ['lr'])].map(({ code }) => code);
    expect(codes).toEqual(['SPEC_TRIAL_PARAMETER_UNUSED', 'SPEC_PLACEHOLDER_UNDEFINED']);
  });

  it('is refused where it is no manifest', () => {
    expect(() => [...checkTemplateText(spec, 'a: [', ['lr'])]).toThrow(SpecError);
    expect(() => [...checkTemplateText(spec, 'just text', ['lr'])]).toThrow('not an object');
  });
});
