import { describe, expect, test } from 'vitest';
import { formatPath } from '../../../core/errors.ts';
import { readPyTorchJobSpec } from '../../../operators/pytorchjob/read-spec.ts';
import { isManagedElsewhere } from '../../../operators/training-job/managed-by.ts';
import type { StoredTrainingJob } from '../../../operators/training-job/types.ts';
import { MASTER, specOf, storedJob } from './fixtures.ts';

function container(fields: Record<string, unknown>): { template: object } {
  return { template: { spec: { containers: [{ name: 'pytorch', image: 'train:1', ...fields }] } } };
}

describe('defaults', () => {
  test('are restart policy OnFailure, a port of its own, and no limits', () => {
    const spec = specOf(storedJob({ ...MASTER, Worker: {} }));
    expect(spec).toMatchObject({
      ...{ cleanPodPolicy: 'None', ttlSecondsAfterFinished: null, activeDeadlineSeconds: null },
      ...{ backoffLimit: null, suspend: false, nprocPerNode: 'auto', elastic: null },
    });
    expect(spec.groups).toMatchObject([
      { type: 'Master', replicas: 1, restartPolicy: 'OnFailure' },
      { type: 'Worker', replicas: 1, restartPolicy: 'OnFailure' },
    ]);
    expect(spec.groups[0]?.template.spec.containers[0]?.ports).toEqual([
      { name: 'pytorchjob-port', containerPort: 23456 },
    ]);
  });

  test.each(['worker', 'WORKER', 'Worker'])('replica key %s is Worker', (key) => {
    expect(specOf(storedJob({ [key]: {} })).groups.map(({ type }) => type)).toEqual(['Worker']);
  });

  test.each<[string, Record<string, Record<string, unknown>>, Record<string, unknown>, object]>([
    ['a master decides', { ...MASTER, Worker: {} }, {}, { type: 'Master', needs: 'all' }],
    [
      'a master decides of an elastic job, too',
      { ...MASTER, Worker: {} },
      { elasticPolicy: {} },
      { type: 'Master', needs: 'all' },
    ],
    ['without a master, all workers do', { Worker: {} }, {}, { type: 'Worker', needs: 'all' }],
    ['one elastic worker does', { Worker: {} }, { elasticPolicy: {} }, { type: 'Worker', needs: 'any' }],
  ])('%s about success', (_name, replicas, spec, success) => {
    expect(specOf(storedJob(replicas, { spec })).success).toEqual(success);
  });
});

const WORKER_PATH = 'spec.pytorchReplicaSpecs.Worker';

describe('a job that is refused', () => {
  const elastic = (elasticPolicy: Record<string, unknown>, spec = {}): StoredTrainingJob =>
    storedJob({ Worker: {} }, { spec: { elasticPolicy, ...spec } });

  test.each<[string, StoredTrainingJob, [path: string, text: string]]>([
    // What the Training Operator's webhook refuses.
    ['a name with a digit first', storedJob(MASTER, { name: '0-test' }), ['metadata.name', '"0-test"']],
    [
      'no containers',
      storedJob({ Worker: { template: { spec: { containers: [] } } } }),
      [`${WORKER_PATH}.template.spec.containers`, 'no containers'],
    ],
    [
      'an empty image',
      storedJob({ Worker: container({ image: '' }) }),
      [`${WORKER_PATH}.template.spec.containers[0].image`, 'no image'],
    ],
    [
      'no container named pytorch',
      storedJob({ Worker: container({ name: 'train' }) }),
      [`${WORKER_PATH}.template.spec.containers`, 'named "pytorch"'],
    ],
    [
      'two masters',
      storedJob({ Master: { replicas: 2 } }),
      ['spec.pytorchReplicaSpecs.Master.replicas', 'only one Master'],
    ],
    [
      'a master that is not counted',
      storedJob({ Master: {} }),
      ['spec.pytorchReplicaSpecs.Master.replicas', 'is missing'],
    ],
    ['no worker of its type', storedJob({ Worker: { replicas: 0 } }), [`${WORKER_PATH}.replicas`, 'is 0']],
    [
      'an elastic job without workers',
      storedJob(MASTER, { spec: { elasticPolicy: {} } }),
      [WORKER_PATH, 'there are none'],
    ],
    [
      'the number of processes given twice',
      elastic({ nProcPerNode: 1 }, { nprocPerNode: '1' }),
      ['spec.elasticPolicy.nProcPerNode', 'twice'],
    ],
    [
      'an unknown replica type',
      storedJob({ ...MASTER, PS: {} }),
      ['spec.pytorchReplicaSpecs.PS', 'no replica'],
    ],
    // What it lets pass although the job could never work.
    ['no replicas', storedJob({}), ['spec.pytorchReplicaSpecs', 'there are none']],
    ['no specification', { ...storedJob({}), spec: null }, ['spec.pytorchReplicaSpecs', 'there are none']],
    [
      'two spellings of a type',
      storedJob({ Worker: {}, WORKER: {} }),
      ['spec.pytorchReplicaSpecs.WORKER', 'same replica type'],
    ],
    [
      'a name that leaves no place for the replica',
      storedJob({ Worker: {} }, { name: 'a'.repeat(60) }),
      ['metadata.name', 'too long'],
    ],
    [
      'an unknown restart policy',
      storedJob({ Worker: { restartPolicy: 'Sometimes' } }),
      [`${WORKER_PATH}.restartPolicy`, '"Sometimes"'],
    ],
    [
      'a number of processes in words',
      storedJob(MASTER, { spec: { nprocPerNode: 'two' } }),
      ['spec.nprocPerNode', '"two"'],
    ],
    [
      'a number of processes that is no text',
      storedJob(MASTER, { spec: { nprocPerNode: 2 } }),
      ['spec.nprocPerNode', '2'],
    ],
    [
      'a policy for pods that does not exist',
      storedJob(MASTER, { spec: { runPolicy: { cleanPodPolicy: 'Some' } } }),
      ['spec.runPolicy.cleanPodPolicy', '"Some"'],
    ],
    ['a minimum of no workers', elastic({ minReplicas: 0 }), ['spec.elasticPolicy.minReplicas', 'is 0']],
    [
      'a minimum above the maximum',
      elastic({ minReplicas: 3, maxReplicas: 2 }),
      ['spec.elasticPolicy.minReplicas', 'more than maxReplicas (2)'],
    ],
    [
      'a rendezvous setting with a comma',
      elastic({ rdzvConf: [{ key: 'a', value: '1,2' }] }),
      ['spec.elasticPolicy.rdzvConf[0]', '"a=1,2"'],
    ],
    [
      'a rendezvous setting without a name',
      elastic({ rdzvConf: [{ value: '1' }] }),
      ['spec.elasticPolicy.rdzvConf[0]', '"=1"'],
    ],
  ])('%s', (_name, job, [path, text]) => {
    const reading = readPyTorchJobSpec(job);
    if (reading.valid) throw new Error('the job was accepted');
    expect(reading.issues.map((issue) => formatPath(issue.path))).toContain(path);
    const found = reading.issues.find((issue) => formatPath(issue.path) === path);
    expect(found?.message).toContain(text);
    expect(found?.remedy).toMatch(/\S/);
  });
});

test.each([
  [undefined, false],
  ['kubeflow.org/training-operator', false],
  ['', true],
  ['kueue.x-k8s.io/multikueue', true],
])('managedBy %j means another controller: %s', (managedBy, elsewhere) => {
  const job = storedJob(MASTER, { spec: { runPolicy: managedBy === undefined ? {} : { managedBy } } });
  expect(isManagedElsewhere(job)).toBe(elsewhere);
});
