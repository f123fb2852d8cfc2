import { describe, expect, test } from 'vitest';
import { formatPath } from '../../../core/errors.ts';
import { isManagedElsewhere } from '../../../operators/training-job/managed-by.ts';
import { readTfJobSpec } from '../../../operators/tfjob/read-spec.ts';
import type { StoredTfJob } from '../../../operators/tfjob/types.ts';
import { type ReplicaManifests, specOf, storedJob, TEMPLATE } from './fixtures.ts';

const V1BETA2 = 'kubeflow.org/v1beta2';

function container(fields: Record<string, unknown>): { template: object } {
  return { template: { spec: { containers: [{ name: 'tensorflow', image: 'train:1', ...fields }] } } };
}

describe('defaults', () => {
  test.each(['worker', 'WORKER', 'Worker'])('replica key %s is Worker', (key) => {
    expect(specOf(storedJob({ [key]: {} })).groups.map(({ type }) => type)).toEqual(['Worker']);
  });

  test('are one replica, restart policy Never and a port of its own', () => {
    const [group] = specOf(storedJob({ Worker: {} })).groups;
    expect(group).toMatchObject({ replicas: 1, restartPolicy: 'Never' });
    expect(group?.template.spec.containers[0]?.ports).toEqual([{ name: 'tfjob-port', containerPort: 2222 }]);
  });

  test('put the port behind those of the author, whatever their numbers', () => {
    const custom = { name: 'custom', containerPort: 2222 };
    const [group] = specOf(storedJob({ Worker: container({ ports: [custom] }) })).groups;
    expect(group?.template.spec.containers[0]?.ports).toEqual([
      custom,
      { name: 'tfjob-port', containerPort: 2222 },
    ]);
  });

  test.each([
    ['kubeflow.org/v1', {}, 'None'],
    ['kubeflow.org/v1', { runPolicy: { cleanPodPolicy: 'All' } }, 'All'],
    // Flat in v1, it is not a field.
    ['kubeflow.org/v1', { cleanPodPolicy: 'All' }, 'None'],
    [V1BETA2, {}, 'Running'],
    [V1BETA2, { cleanPodPolicy: 'All' }, 'All'],
  ])('%s %j: cleanPodPolicy is %s', (apiVersion, spec, expected) => {
    expect(specOf(storedJob({ Worker: {} }, { apiVersion, spec })).cleanPodPolicy).toBe(expected);
  });

  test('set no limits', () => {
    expect(specOf(storedJob({ Worker: {} }))).toMatchObject({
      ttlSecondsAfterFinished: null,
      activeDeadlineSeconds: null,
      backoffLimit: null,
      suspend: false,
      needsAllWorkers: false,
      dynamicWorkers: false,
    });
  });

  test('null stands for absent', () => {
    const job = storedJob({ Worker: { replicas: null, restartPolicy: null } }, { spec: { runPolicy: null } });
    expect(specOf(job).groups).toHaveLength(1);
  });
});

describe('a job that is refused', () => {
  const CASES: [string, StoredTfJob, [path: string, text: string][]][] = [
    ['no replicas', storedJob({}), [['spec.tfReplicaSpecs', 'there are none']]],
    ['no specification', { ...storedJob({}), spec: null }, [['spec.tfReplicaSpecs', 'there are none']]],
    [
      'no containers',
      storedJob({ Worker: { template: { spec: {} } } }),
      [['spec.tfReplicaSpecs.Worker.template.spec.containers', 'no containers']],
    ],
    [
      'an empty image',
      storedJob({ Worker: container({ image: '' }) }),
      [['spec.tfReplicaSpecs.Worker.template.spec.containers[0].image', 'no image']],
    ],
    [
      'no container named tensorflow',
      storedJob({ Worker: container({ name: 'train' }) }),
      [['spec.tfReplicaSpecs.Worker.template.spec.containers', 'named "tensorflow"']],
    ],
    ['Chief and Master', storedJob({ Chief: {}, Master: {} }), [['spec.tfReplicaSpecs', 'not both']]],
    [
      'Chief and Master in any spelling',
      storedJob({ chief: {}, MASTER: {} }),
      [['spec.tfReplicaSpecs', 'not both']],
    ],
    [
      'two chiefs',
      storedJob({ Chief: { replicas: 2 } }),
      [['spec.tfReplicaSpecs.Chief.replicas', 'only one Chief']],
    ],
    [
      'no replica of a type',
      storedJob({ Worker: { replicas: 0 } }),
      [['spec.tfReplicaSpecs.Worker.replicas', 'is 0']],
    ],
    [
      'a count that is no number',
      storedJob({ Worker: { replicas: '2' } }),
      [['spec.tfReplicaSpecs.Worker.replicas', 'the text "2"']],
    ],
    [
      'an unknown type',
      storedJob({ Worker: {}, Foo: {} }),
      [['spec.tfReplicaSpecs.Foo', 'no replica type "Foo"']],
    ],
    [
      'one type in two spellings',
      storedJob({ Worker: {}, worker: {} }),
      [['spec.tfReplicaSpecs.worker', 'same replica type']],
    ],
    [
      'an unknown restart policy',
      storedJob({ Worker: { restartPolicy: 'Sometimes' } }),
      [['spec.tfReplicaSpecs.Worker.restartPolicy', '"Sometimes"']],
    ],
    [
      'an unknown cleanPodPolicy',
      storedJob({ Worker: {} }, { spec: { runPolicy: { cleanPodPolicy: 'running' } } }),
      [['spec.runPolicy.cleanPodPolicy', '"running"']],
    ],
    [
      'negative limits',
      storedJob({ Worker: {} }, { spec: { runPolicy: { backoffLimit: -1, activeDeadlineSeconds: -2 } } }),
      [
        ['spec.runPolicy.activeDeadlineSeconds', 'is -2'],
        ['spec.runPolicy.backoffLimit', 'is -1'],
      ],
    ],
    [
      'two evaluators in an old job',
      storedJob({ Evaluator: { replicas: 2 } }, { apiVersion: V1BETA2 }),
      [['spec.tfReplicaSpecs.Evaluator.replicas', 'only one Evaluator']],
    ],
    [
      'a negative limit in an old job, where it stands there',
      storedJob({ Worker: {} }, { apiVersion: V1BETA2, spec: { backoffLimit: -1 } }),
      [['spec.backoffLimit', 'is -1']],
    ],
    [
      'several errors, all at once',
      storedJob({ Worker: { ...container({ image: null }), replicas: 0 }, Foo: {} }),
      [
        ['spec.tfReplicaSpecs.Foo', 'no replica type'],
        ['spec.tfReplicaSpecs.Worker.replicas', 'is 0'],
        ['spec.tfReplicaSpecs.Worker.template.spec.containers[0].image', 'no image'],
      ],
    ],
  ];

  test.each(CASES)('%s', (_name, job, expected) => {
    const reading = readTfJobSpec(job);
    if (reading.valid) throw new Error('the job is taken for valid');
    expect(reading.issues.map(({ path }) => formatPath(path))).toEqual(expected.map(([path]) => path));
    for (const [index, [, text]] of expected.entries()) {
      expect(reading.issues[index]?.message).toContain(text);
      expect(reading.issues[index]?.remedy).toMatch(/\.$/);
    }
  });

  test.each<[string, ReplicaManifests, boolean]>([
    ['00test', { Worker: {} }, false],
    ['Test', { Worker: {} }, false],
    ['a'.repeat(54), { Worker: {} }, true],
    ['a'.repeat(55), { Worker: {} }, false],
    ['a'.repeat(53), { Worker: { replicas: 11 } }, true],
    ['a'.repeat(54), { Worker: { replicas: 11 } }, false],
    ['a'.repeat(52), { Evaluator: {}, Worker: {} }, false],
  ])('name %s with %j is fine: %s', (name, replicas, valid) => {
    const job = storedJob(replicas);
    expect(readTfJobSpec({ ...job, metadata: { ...job.metadata, name } }).valid).toBe(valid);
  });
});

test.each([
  [undefined, false],
  [null, false],
  ['kubeflow.org/training-operator', false],
  ['', true],
  ['kueue.x-k8s.io/multikueue', true],
  ['other-job-controller', true],
])('managedBy %s: somebody else looks after the job: %s', (managedBy, expected) => {
  const job = storedJob({ Worker: { template: TEMPLATE } }, { spec: { runPolicy: { managedBy } } });
  expect(isManagedElsewhere(job)).toBe(expected);
});
