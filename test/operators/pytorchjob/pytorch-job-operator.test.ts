import { describe, expect, test } from 'vitest';
import type { KubeObject, Stored } from '../../../core/kubernetes-object.ts';
import type { StoredPod } from '../../../core/pod.ts';
import { PODS, PYTORCHJOBS, SERVICES } from '../../../kube/resource.ts';
import type { PodFate } from '../../support/fake-kubelet.ts';
import { useOperatorEnvironment } from '../environment.ts';

const environment = useOperatorEnvironment();

const CONTAINERS = [
  { name: 'pytorch', image: 'train:1', command: ['train'], env: [{ name: 'RANK', value: 'mine' }] },
  { name: 'helper', image: 'help:1' },
];
const TEMPLATE = { spec: { containers: CONTAINERS } };

function create(
  replicas: Record<string, { replicas?: number; restartPolicy?: string }>,
  runPolicy: Record<string, unknown> = {},
  spec: Record<string, unknown> = {},
): Promise<Stored<KubeObject>> {
  const specs = Object.entries(replicas).map(([type, replica]) => [type, { ...replica, template: TEMPLATE }]);
  return environment.client.create(PYTORCHJOBS, {
    apiVersion: 'kubeflow.org/v1',
    kind: 'PyTorchJob',
    metadata: { name: 'job', namespace: 'default' },
    spec: { pytorchReplicaSpecs: Object.fromEntries(specs) as object, runPolicy, ...spec },
  } as KubeObject);
}

/** Fates by the beginning of the pod's name. */
function fates(byPrefix: Record<string, PodFate>): (pod: StoredPod) => PodFate {
  return ({ metadata }) =>
    Object.entries(byPrefix).find(([prefix]) => metadata.name.startsWith(`job-${prefix}`))?.[1] ?? 'runs';
}

async function setRunPolicy(runPolicy: Record<string, unknown>): Promise<void> {
  const ref = { namespace: 'default', name: 'job' };
  await environment.client.patch(PYTORCHJOBS, ref, { type: 'merge', body: { spec: { runPolicy } } });
  await environment.settle();
}

const MASTER_AND_TWO = { Master: { replicas: 1 }, Worker: { replicas: 2 } };

describe('a job with a master', () => {
  test('has one pod and one headless service per replica, and the master leads', async () => {
    environment.start(fates({}));
    const job = await create(MASTER_AND_TWO);
    await environment.settle();
    const names = ['job-master-0', 'job-worker-0', 'job-worker-1'];
    expect(await environment.podNames()).toEqual(names);
    expect(await environment.serviceNames()).toEqual(names);
    const identity = {
      'training.kubeflow.org/operator-name': 'pytorchjob-controller',
      'training.kubeflow.org/job-name': 'job',
      'training.kubeflow.org/replica-type': 'master',
      'training.kubeflow.org/replica-index': '0',
    };
    const master = await environment.pod('job-master-0');
    expect(master.metadata.labels).toEqual({ ...identity, 'training.kubeflow.org/job-role': 'master' });
    expect(master.metadata.ownerReferences?.[0]).toMatchObject({ kind: 'PyTorchJob', uid: job.metadata.uid });
    expect(master.spec.restartPolicy).toBe('OnFailure');
    const worker = await environment.pod('job-worker-1');
    expect(worker.metadata.labels).not.toHaveProperty('training.kubeflow.org/job-role');
    const ref = { namespace: 'default', name: 'job-master-0' };
    expect((await environment.client.get(SERVICES, ref)) as object).toMatchObject({
      spec: { clusterIP: 'None', selector: identity, ports: [{ name: 'pytorchjob-port', port: 23456 }] },
    });
  });

  test('tells every container the rank and the address, behind what its author says', async () => {
    environment.start(fates({}));
    await create(MASTER_AND_TWO);
    await environment.settle();
    const { containers } = (await environment.pod('job-worker-1')).spec;
    const ranks = containers.map(({ env }) =>
      env?.filter(({ name }) => name === 'RANK').map(({ value }) => value),
    );
    expect(ranks).toEqual([['mine', '2'], ['2']]);
    for (const { env } of containers) {
      expect(env).toContainEqual({ name: 'MASTER_ADDR', value: 'job-master-0' });
      expect(env?.at(-1)).toEqual({ name: 'PET_NNODES', value: '3' });
    }
  });

  test('starts its workers after the master', async () => {
    const kubelet = environment.start(fates({}));
    await create(MASTER_AND_TWO);
    await environment.settle();
    expect(kubelet.started).toEqual(['job-master-0', 'job-worker-0', 'job-worker-1']);
  });

  test('on a cluster starts them at once, with an init container that asks for the master', async () => {
    environment.start(fates({}), { masterWait: 'init-container' });
    await create(MASTER_AND_TWO);
    await environment.settle();
    const worker = await environment.pod('job-worker-0');
    expect(worker.spec.initContainers).toMatchObject([{ name: 'init-pytorch', image: 'alpine:3.10' }]);
    expect(worker.spec.initContainers?.[0]?.command?.at(-1)).toContain('nslookup job-master-0');
    expect((await environment.pod('job-master-0')).spec.initContainers).toBeUndefined();
  });

  test('succeeds with it and stops the workers', async () => {
    const kubelet = environment.start(fates({ master: { exitCode: 0, afterMs: 10_000 } }));
    await create(MASTER_AND_TWO);
    await environment.settle();
    expect(await environment.conditions(PYTORCHJOBS)).toEqual(['Created', 'Running']);
    await environment.pass(10_000);
    expect(await environment.conditions(PYTORCHJOBS)).toEqual(['Created', 'Running=False', 'Succeeded']);
    expect((await environment.job(PYTORCHJOBS)).status).toMatchObject({
      replicaStatuses: { Master: { succeeded: 1 }, Worker: { succeeded: 2 } },
    });
    expect([...kubelet.stopped].sort()).toEqual(['job-worker-0', 'job-worker-1']);
    expect(await environment.podNames()).toEqual(['job-master-0']);
    expect(await environment.eventReasons()).toContain('PyTorchJobSucceeded');
  });

  test.each([
    ['None', ['job-master-0', 'job-worker-0']],
    ['Running', ['job-master-0']],
    ['All', []],
  ])('leaves on a cluster what cleanPodPolicy %s leaves', async (cleanPodPolicy, left) => {
    const fateOf = fates({ master: { exitCode: 0, afterMs: 10_000 } });
    environment.start(fateOf, { stopProcessesAtEnd: false });
    await create({ Master: { replicas: 1 }, Worker: {} }, { cleanPodPolicy });
    await environment.pass(11_000);
    expect(await environment.podNames()).toEqual(left);
  });
});

test('waits with the workers while the master has not begun', async () => {
  environment.start(fates({ master: 'pends' }));
  await create(MASTER_AND_TWO);
  await environment.pass(60_000);
  expect(await environment.podNames()).toEqual(['job-master-0']);
  expect(await environment.serviceNames()).toHaveLength(3);
});

test('workers without a master start at once and all have to succeed', async () => {
  environment.start(
    fates({ 'worker-0': { exitCode: 0, afterMs: 1_000 }, 'worker-1': { exitCode: 0, afterMs: 9_000 } }),
  );
  await create({ Worker: { replicas: 2 } });
  await environment.pass(2_000);
  expect(await environment.conditions(PYTORCHJOBS)).toEqual(['Created', 'Running']);
  await environment.pass(8_000);
  expect(await environment.conditions(PYTORCHJOBS)).toContain('Succeeded');
});

test('one elastic worker is enough', async () => {
  environment.start(fates({ 'worker-1': { exitCode: 0, afterMs: 1_000 } }));
  await create({ Worker: { replicas: 2 } }, {}, { elasticPolicy: { minReplicas: 1, maxReplicas: 2 } });
  await environment.pass(2_000);
  expect(await environment.conditions(PYTORCHJOBS)).toContain('Succeeded');
  expect(await environment.podNames()).toEqual(['job-worker-1']);
});

describe('a job that fails', () => {
  test('under policy Never says which replicas failed, and stops the others', async () => {
    environment.start(fates({ worker: { exitCode: 1, afterMs: 5_000 } }));
    await create({ Master: { replicas: 1 }, Worker: { restartPolicy: 'Never' } });
    await environment.pass(6_000);
    expect((await environment.job(PYTORCHJOBS)).status?.conditions?.at(-1)).toMatchObject({
      ...{ type: 'Failed', reason: 'PyTorchJobFailed' },
      message: 'PyTorchJob job is failed because 1 Worker replica(s) failed.',
    });
    expect(await environment.podNames()).not.toContain('job-master-0');
  });

  test('under policy OnFailure replaces a pod that somebody deleted', async () => {
    const kubelet = environment.start(fates({}));
    await create({ Master: { replicas: 1 }, Worker: {} });
    await environment.settle();
    await environment.client.delete(PODS, { namespace: 'default', name: 'job-worker-0' });
    await environment.pass(1_000);
    expect(kubelet.started).toEqual(['job-master-0', 'job-worker-0', 'job-worker-0']);
    expect(await environment.conditions(PYTORCHJOBS)).toEqual(['Created', 'Running']);
  });

  test('under policy ExitCode gives up when the backoff limit is reached', async () => {
    const kubelet = environment.start(fates({ worker: { exitCode: 137, afterMs: 1_000 } }));
    await create({ Master: { replicas: 1 }, Worker: { restartPolicy: 'ExitCode' } }, { backoffLimit: 2 });
    for (let round = 0; round < 10; round++) await environment.pass(30_000);
    expect(kubelet.started.filter((name) => name === 'job-worker-0')).toHaveLength(3);
    expect((await environment.job(PYTORCHJOBS)).status?.conditions?.at(-1)?.message).toBe(
      'Job job has failed because it has reached the specified backoff limit',
    );
  });

  test('when the deadline has passed, although nothing happens', async () => {
    environment.start(fates({}));
    await create(MASTER_AND_TWO, { activeDeadlineSeconds: 60 });
    await environment.pass(65_000);
    expect(await environment.conditions(PYTORCHJOBS)).toEqual(['Created', 'Running=False', 'Failed']);
    expect(await environment.podNames()).toEqual([]);
  });

  test('at once with every error, its field and what to do, when its specification is wrong', async () => {
    environment.start(fates({}));
    await create({ Master: {}, Foo: {} });
    await environment.settle();
    const failure = (await environment.job(PYTORCHJOBS)).status?.conditions?.at(-1);
    expect(failure).toMatchObject({ type: 'Failed', reason: 'PyTorchJobInvalidSpec' });
    expect(failure?.message).toContain('spec.pytorchReplicaSpecs.Master.replicas: replicas is missing');
    expect(failure?.message).toContain('There is no replica type "Foo". Use Master, Worker.');
    expect(await environment.podNames()).toEqual([]);
  });
});

test('is stopped by suspend and begins again with its master', async () => {
  const kubelet = environment.start(fates({}));
  await create(MASTER_AND_TWO);
  await environment.settle();
  await setRunPolicy({ suspend: true });
  expect(await environment.podNames()).toEqual([]);
  expect(await environment.serviceNames()).toEqual([]);
  expect(await environment.conditions(PYTORCHJOBS)).toEqual(['Created', 'Running=False', 'Suspended']);
  await setRunPolicy({ suspend: false });
  expect(kubelet.started.slice(3)).toEqual(['job-master-0', 'job-worker-0', 'job-worker-1']);
  expect(await environment.conditions(PYTORCHJOBS)).toEqual(['Created', 'Suspended=False', 'Running']);
});

test('is left alone when another controller manages it', async () => {
  environment.start(fates({}));
  await create(MASTER_AND_TWO, { managedBy: 'kueue.x-k8s.io/multikueue' });
  await environment.settle();
  expect((await environment.job(PYTORCHJOBS)).status).toBeUndefined();
  expect(await environment.podNames()).toEqual([]);
});

test('goes when its time to live has passed, and takes the pods along', async () => {
  environment.start(fates({ master: { exitCode: 0 } }));
  await create({ Master: { replicas: 1 } }, { ttlSecondsAfterFinished: 100 });
  await environment.pass(90_000);
  expect(await environment.podNames()).toEqual(['job-master-0']);
  await environment.pass(15_000);
  expect((await environment.client.list(PYTORCHJOBS)).items).toEqual([]);
  expect(await environment.podNames()).toEqual([]);
});
