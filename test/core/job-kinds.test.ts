import { describe, expect, it } from 'vitest';
import { jobKind, type JobKind, primaryPodTemplates } from '../../core/job-kinds.ts';

const POD = { spec: { containers: [] } };

function kindOf(name: string): JobKind {
  const kind = jobKind(name);
  if (!kind) throw new Error(`no kind ${name}`);
  return kind;
}

function manifest(field: string, ...types: string[]): Record<string, unknown> {
  return { spec: { [field]: Object.fromEntries(types.map((type) => [type, { template: POD }])) } };
}

describe('jobKind', () => {
  it.each([
    ['Job', 'Complete'],
    ['TFJob', 'Succeeded'],
    ['PyTorchJob', 'Succeeded'],
    ['XGBoostJob', 'Succeeded'],
    ['MPIJob', 'Succeeded'],
    ['TrainJob', 'Complete'],
  ])('%s has succeeded when %s is true', (kind, type) => {
    expect(jobKind(kind)).toMatchObject({
      successCondition: `status.conditions.#(type=="${type}")#|#(status=="True")#`,
      failureCondition: 'status.conditions.#(type=="Failed")#|#(status=="True")#',
    });
  });

  it.each(['Workflow', 'PipelineRun'])('%s has no default conditions', (kind) => {
    expect(jobKind(kind)).toMatchObject({ successCondition: null, failureCondition: null });
  });

  it('knows no other kind', () => {
    expect(jobKind('RayJob')).toBeUndefined();
    expect(jobKind('')).toBeUndefined();
  });
});

describe('podTemplates', () => {
  it('finds the one of a Job', () => {
    expect(kindOf('Job').podTemplates({ spec: { template: POD } })).toEqual([
      { path: ['spec', 'template'], replicaType: null, template: POD },
    ]);
  });

  it.each([
    ['TFJob', 'tfReplicaSpecs'],
    ['PyTorchJob', 'pytorchReplicaSpecs'],
    ['XGBoostJob', 'xgbReplicaSpecs'],
    ['MPIJob', 'mpiReplicaSpecs'],
  ])('finds those of a %s in %s', (kind, field) => {
    expect(kindOf(kind).podTemplates(manifest(field, 'Master', 'Worker'))).toEqual([
      { path: ['spec', field, 'Master', 'template'], replicaType: 'Master', template: POD },
      { path: ['spec', field, 'Worker', 'template'], replicaType: 'Worker', template: POD },
    ]);
  });

  it.each([
    {},
    { spec: null },
    { spec: { tfReplicaSpecs: [] } },
    { spec: { tfReplicaSpecs: { Worker: 1 } } },
  ])('finds none in %j', (broken) => {
    expect(kindOf('TFJob').podTemplates(broken)).toEqual([]);
  });
});

describe('primaryPodTemplates', () => {
  const TYPE = 'training.kubeflow.org/replica-type';
  const ROLE = { 'training.kubeflow.org/job-role': 'master' };

  it.each<[string, string, string[], Record<string, string>, (string | null)[]]>([
    ['TFJob', 'tfReplicaSpecs', ['Chief', 'Worker', 'PS'], ROLE, ['Chief']],
    ['TFJob', 'tfReplicaSpecs', ['Master', 'Worker'], ROLE, ['Master']],
    ['TFJob', 'tfReplicaSpecs', ['PS', 'Worker'], ROLE, ['Worker']],
    ['TFJob', 'tfReplicaSpecs', ['chief', 'worker'], ROLE, ['chief']],
    ['TFJob', 'tfReplicaSpecs', ['Chief', 'Worker'], { [TYPE]: 'worker' }, ['Worker']],
    ['TFJob', 'tfReplicaSpecs', ['Chief', 'Worker'], {}, ['Chief', 'Worker']],
    ['TFJob', 'tfReplicaSpecs', ['Chief', 'Worker'], { [TYPE]: 'worker', ...ROLE }, []],
    ['TFJob', 'tfReplicaSpecs', ['Worker'], { 'training.kubeflow.org/replica-index': '0' }, ['Worker']],
    ['PyTorchJob', 'pytorchReplicaSpecs', ['Master', 'Worker'], ROLE, ['Master']],
    ['PyTorchJob', 'pytorchReplicaSpecs', ['Worker'], ROLE, []],
    ['MPIJob', 'mpiReplicaSpecs', ['Launcher', 'Worker'], ROLE, ['Launcher']],
  ])('of a %s with %s %j and labels %j are %j', (kind, field, types, labels, expected) => {
    const found = primaryPodTemplates(kindOf(kind), manifest(field, ...types), labels);
    expect(found.map(({ replicaType }) => replicaType)).toEqual(expected);
  });

  it('are those that carry a written label', () => {
    const marked = { template: { metadata: { labels: { role: 'main' } } } };
    const spec = { tfReplicaSpecs: { Worker: { template: POD }, Chief: marked } };
    const found = primaryPodTemplates(kindOf('TFJob'), { spec }, { role: 'main' });
    expect(found.map(({ replicaType }) => replicaType)).toEqual(['Chief']);
  });
});
