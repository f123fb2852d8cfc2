import { describe, expect, test } from 'vitest';
import type { KubeObject, Stored } from '../../../core/kubernetes-object.ts';
import { PODS, SERVICES, TFJOBS, TFJOBS_V1BETA2 } from '../../../kube/resource.ts';
import type { PodFate } from '../../support/fake-kubelet.ts';
import type { StoredPod } from '../../../core/pod.ts';
import { useOperatorEnvironment } from '../environment.ts';

const environment = useOperatorEnvironment();

const TEMPLATE = { spec: { containers: [{ name: 'tensorflow', image: 'train:1', command: ['train'] }] } };

interface TfJobManifest extends KubeObject {
  spec: Record<string, unknown>;
}

function tfJob(
  replicas: Record<string, { replicas?: number; restartPolicy?: string }>,
  runPolicy: Record<string, unknown> = {},
): TfJobManifest {
  const specs = Object.entries(replicas).map(([type, spec]) => [type, { ...spec, template: TEMPLATE }]);
  return {
    apiVersion: 'kubeflow.org/v1',
    kind: 'TFJob',
    metadata: { name: 'job', namespace: 'default' },
    spec: { tfReplicaSpecs: Object.fromEntries(specs) as object, runPolicy },
  };
}

function create(manifest: KubeObject): Promise<Stored<KubeObject>> {
  return environment.client.create(TFJOBS, manifest);
}

/** Fates by the beginning of the pod's name. */
function fates(byPrefix: Record<string, PodFate>, otherwise: PodFate = 'runs'): (pod: StoredPod) => PodFate {
  return ({ metadata }) =>
    Object.entries(byPrefix).find(([prefix]) => metadata.name.startsWith(`job-${prefix}`))?.[1] ?? otherwise;
}

async function setRunPolicy(runPolicy: Record<string, unknown>): Promise<void> {
  const ref = { namespace: 'default', name: 'job' };
  await environment.client.patch(TFJOBS, ref, { type: 'merge', body: { spec: { runPolicy } } });
  await environment.settle();
}

describe('a job that succeeds', () => {
  test('has one pod and one headless service per replica, owned by it', async () => {
    environment.start(fates({}));
    const job = await create(tfJob({ Chief: {}, Worker: { replicas: 2 } }));
    await environment.settle();
    const names = ['job-chief-0', 'job-worker-0', 'job-worker-1'];
    expect(await environment.podNames()).toEqual(names);
    expect(await environment.serviceNames()).toEqual(names);
    const pod = await environment.pod('job-worker-1');
    expect(pod.metadata.ownerReferences).toEqual([
      {
        apiVersion: 'kubeflow.org/v1',
        kind: 'TFJob',
        name: 'job',
        uid: job.metadata.uid,
        controller: true,
        blockOwnerDeletion: true,
      },
    ]);
    const ref = { namespace: 'default', name: 'job-worker-1' };
    expect((await environment.client.get(SERVICES, ref)) as object).toMatchObject({
      spec: { clusterIP: 'None', selector: pod.metadata.labels, ports: [{ name: 'tfjob-port', port: 2222 }] },
    });
    expect((await environment.job(TFJOBS)).status).toMatchObject({
      startTime: '2026-01-01T00:00:00Z',
      replicaStatuses: { Chief: { active: 1 }, Worker: { active: 2 } },
    });
  });

  test('goes through Created and Running to Succeeded', async () => {
    environment.start(fates({ chief: { exitCode: 0, afterMs: 10_000 } }));
    await create(tfJob({ Chief: {}, Worker: {} }));
    await environment.settle();
    expect(await environment.conditions(TFJOBS)).toEqual(['Created', 'Running']);
    await environment.pass(10_000);
    expect(await environment.conditions(TFJOBS)).toEqual(['Created', 'Running=False', 'Succeeded']);
    const { status } = await environment.job(TFJOBS);
    expect(status?.completionTime).toBeDefined();
    expect(status?.['replicaStatuses']).toEqual({ Chief: { succeeded: 1 }, Worker: { succeeded: 1 } });
    expect(await environment.eventReasons()).toEqual(
      expect.arrayContaining([
        'ExitedWithCode',
        'SuccessfulCreatePod',
        'SuccessfulCreateService',
        'TFJobSucceeded',
      ]),
    );
  });

  test('stops what still runs and keeps what has ended', async () => {
    const kubelet = environment.start(fates({ chief: { exitCode: 0, afterMs: 10_000 } }));
    await create(tfJob({ Chief: {}, PS: {}, Worker: {} }));
    await environment.pass(11_000);
    expect(await environment.podNames()).toEqual(['job-chief-0']);
    expect(await environment.serviceNames()).toEqual(['job-chief-0']);
    expect([...kubelet.stopped].sort()).toEqual(['job-ps-0', 'job-worker-0']);
    expect(await environment.conditions(TFJOBS)).toContain('Succeeded');
  });

  test.each([
    ['None', ['job-chief-0', 'job-ps-0']],
    ['Running', ['job-chief-0']],
    ['All', []],
  ])('leaves on a cluster what cleanPodPolicy %s leaves', async (cleanPodPolicy, left) => {
    environment.start(fates({ chief: { exitCode: 0, afterMs: 10_000 } }), { stopProcessesAtEnd: false });
    await create(tfJob({ Chief: {}, PS: {} }, { cleanPodPolicy }));
    await environment.pass(11_000);
    expect(await environment.podNames()).toEqual(left);
    expect(await environment.serviceNames()).toEqual(left);
  });
});

describe('a job that fails', () => {
  test('says which replicas failed, and stops the others', async () => {
    environment.start(fates({ worker: { exitCode: 1, afterMs: 5_000 } }));
    await create(tfJob({ Chief: {}, Worker: { replicas: 2 } }));
    await environment.pass(6_000);
    const { status } = await environment.job(TFJOBS);
    expect(status?.conditions?.at(-1)).toMatchObject({
      type: 'Failed',
      status: 'True',
      reason: 'TFJobFailed',
    });
    expect(status?.conditions?.at(-1)?.message).toMatch(
      /^TFJob default\/job has failed because [12] Worker replica\(s\) failed\.$/,
    );
    expect(await environment.podNames()).not.toContain('job-chief-0');
  });

  test('fails when somebody else deletes a running pod', async () => {
    environment.start(fates({}));
    await create(tfJob({ Worker: { restartPolicy: 'OnFailure' } }));
    await environment.settle();
    await environment.client.delete(PODS, { namespace: 'default', name: 'job-worker-0' });
    await environment.settle();
    expect(await environment.conditions(TFJOBS)).toEqual(['Created', 'Running=False', 'Failed']);
  });

  test('fails when the deadline has passed, although nothing happens', async () => {
    environment.start(fates({}));
    await create(tfJob({ Worker: {} }, { activeDeadlineSeconds: 60 }));
    await environment.pass(55_000);
    expect(await environment.conditions(TFJOBS)).toEqual(['Created', 'Running']);
    await environment.pass(10_000);
    const { status } = await environment.job(TFJOBS);
    expect(status?.conditions?.at(-1)).toMatchObject({
      type: 'Failed',
      message: 'Job job has failed because it was active longer than specified deadline',
    });
    expect(status?.completionTime).toBeDefined();
    expect(await environment.podNames()).toEqual([]);
  });
});

describe('restart policy ExitCode', () => {
  test('replaces a pod that was killed, under the same name', async () => {
    const ends: PodFate[] = [{ exitCode: 137, afterMs: 1_000 }];
    const kubelet = environment.start(() => ends.shift() ?? 'runs');
    await create(tfJob({ Worker: { restartPolicy: 'ExitCode' } }));
    await environment.settle();
    const before = await environment.pod('job-worker-0');
    expect(before.spec.restartPolicy).toBe('Never');
    await environment.pass(2_000);
    const after = await environment.pod('job-worker-0');
    expect(after.metadata.uid).not.toBe(before.metadata.uid);
    expect(kubelet.started).toEqual(['job-worker-0', 'job-worker-0']);
    expect(await environment.conditions(TFJOBS)).toEqual(['Created', 'Running']);
    expect(await environment.eventReasons()).toContain('TFJobRestarting');
  });

  test('gives up when the backoff limit is reached', async () => {
    const kubelet = environment.start(() => ({ exitCode: 137, afterMs: 1_000 }));
    await create(tfJob({ Worker: { restartPolicy: 'ExitCode' } }, { backoffLimit: 2 }));
    for (let round = 0; round < 10; round++) await environment.pass(30_000);
    expect(kubelet.started).toHaveLength(3);
    expect((await environment.job(TFJOBS)).status?.conditions?.at(-1)).toMatchObject({
      type: 'Failed',
      message: 'Job job has failed because it has reached the specified backoff limit',
    });
  });

  test('waits before it replaces a replacement', async () => {
    const kubelet = environment.start(() => ({ exitCode: 137 }));
    await create(tfJob({ Worker: { restartPolicy: 'ExitCode' } }));
    await environment.pass(5_000);
    expect(kubelet.started).toHaveLength(2);
    await environment.pass(10_000);
    expect(kubelet.started).toHaveLength(3);
    await environment.pass(10_000);
    expect(kubelet.started).toHaveLength(3);
    expect(await environment.conditions(TFJOBS)).toContain('Restarting');
  });

  test('does not repeat what the node could not start', async () => {
    const kubelet = environment.start(() => ({ refusal: 'LOCAL_NO_COMMAND', message: 'no command' }));
    await create(tfJob({ Worker: { restartPolicy: 'ExitCode' } }));
    await environment.pass(60_000);
    expect(kubelet.started).toHaveLength(1);
    expect(await environment.conditions(TFJOBS)).toEqual(['Created', 'Failed']);
  });
});

describe('suspending', () => {
  test('keeps a job that is created suspended from starting', async () => {
    environment.start(fates({}));
    await create(tfJob({ Worker: {} }, { suspend: true }));
    await environment.settle();
    expect(await environment.podNames()).toEqual([]);
    expect(await environment.conditions(TFJOBS)).toEqual(['Created', 'Suspended']);
    expect((await environment.job(TFJOBS)).status?.startTime).toBeUndefined();
  });

  test('stops a running job without failing it, and lets it begin again', async () => {
    environment.start(fates({}));
    await create(tfJob({ Worker: { replicas: 2 } }));
    await environment.settle();
    await setRunPolicy({ suspend: true });
    expect(await environment.podNames()).toEqual([]);
    expect(await environment.serviceNames()).toEqual([]);
    expect(await environment.conditions(TFJOBS)).toEqual(['Created', 'Running=False', 'Suspended']);
    expect((await environment.job(TFJOBS)).status).toMatchObject({
      startTime: '2026-01-01T00:00:00Z',
      replicaStatuses: { Worker: {} },
    });

    await environment.pass(60_000);
    await setRunPolicy({ suspend: false });
    expect(await environment.podNames()).toEqual(['job-worker-0', 'job-worker-1']);
    expect(await environment.conditions(TFJOBS)).toEqual(['Created', 'Suspended=False', 'Running']);
    expect((await environment.job(TFJOBS)).status?.startTime).not.toBe('2026-01-01T00:00:00Z');
    expect(await environment.eventReasons()).toEqual(
      expect.arrayContaining(['TFJobResumed', 'TFJobSuspended']),
    );
  });
});

describe('a job that is not to be run', () => {
  test('fails at once with every error, its field and what to do', async () => {
    environment.start(fates({}));
    await create(tfJob({ Worker: { replicas: 0 }, Foo: {} }));
    await environment.settle();
    const { status } = await environment.job(TFJOBS);
    expect(status?.conditions?.at(-1)).toMatchObject({ type: 'Failed', reason: 'TFJobInvalidSpec' });
    const message = status?.conditions?.at(-1)?.message ?? '';
    expect(message).toContain('spec.tfReplicaSpecs.Worker.replicas: replicas is 0. Write 1 or more');
    expect(message).toContain('spec.tfReplicaSpecs.Foo: There is no replica type "Foo". Use Chief,');
    expect(status?.completionTime).toBeDefined();
    expect(await environment.podNames()).toEqual([]);
    expect(await environment.eventReasons()).toContain('TFJobInvalidSpec');
  });

  test('stops the pods of a job that becomes invalid', async () => {
    environment.start(fates({}));
    await create(tfJob({ Worker: {} }));
    await environment.settle();
    await setRunPolicy({ cleanPodPolicy: 'Sometimes' });
    expect(await environment.podNames()).toEqual([]);
    expect(await environment.conditions(TFJOBS)).toEqual(['Created', 'Running=False', 'Failed']);
  });

  test('is left alone when another controller manages it', async () => {
    environment.start(fates({}));
    await create(tfJob({ Worker: {} }, { managedBy: 'kueue.x-k8s.io/multikueue' }));
    await environment.settle();
    expect((await environment.job(TFJOBS)).status).toBeUndefined();
    expect(await environment.podNames()).toEqual([]);
  });
});

describe('the end of a finished job', () => {
  test('comes when its time to live has passed, and takes the pods along', async () => {
    environment.start(fates({ worker: { exitCode: 0 } }));
    await create(tfJob({ Worker: {} }, { ttlSecondsAfterFinished: 100 }));
    await environment.pass(90_000);
    expect(await environment.podNames()).toEqual(['job-worker-0']);
    await environment.pass(15_000);
    expect((await environment.client.list(TFJOBS)).items).toEqual([]);
    expect(await environment.podNames()).toEqual([]);
  });
});

describe('changes of a job that runs', () => {
  test('more replicas are started and fewer are stopped', async () => {
    environment.start(fates({}));
    await create(tfJob({ Worker: { replicas: 2 } }));
    await environment.settle();
    const ref = { namespace: 'default', name: 'job' };
    const scale = async (replicas: number): Promise<void> => {
      const body = { spec: { tfReplicaSpecs: { Worker: { replicas } } } };
      await environment.client.patch(TFJOBS, ref, { type: 'merge', body });
      await environment.settle();
    };
    await scale(3);
    expect(await environment.podNames()).toEqual(['job-worker-0', 'job-worker-1', 'job-worker-2']);
    await scale(1);
    expect(await environment.podNames()).toEqual(['job-worker-0']);
    expect(await environment.serviceNames()).toEqual(['job-worker-0']);
    expect(await environment.conditions(TFJOBS)).toEqual(['Created', 'Running']);
  });

  test('a job that is deleted and created anew waits for the pods of the old one to go', async () => {
    environment.start(fates({}));
    const old = await create(tfJob({ Worker: {} }));
    await environment.settle();
    await environment.client.delete(TFJOBS, { namespace: 'default', name: 'job' });
    const anew = await create(tfJob({ Worker: {} }));
    await environment.pass(2_000);
    const pod = await environment.pod('job-worker-0');
    expect(pod.metadata.ownerReferences?.[0]?.uid).toBe(anew.metadata.uid);
    expect(anew.metadata.uid).not.toBe(old.metadata.uid);
    expect(await environment.conditions(TFJOBS)).toEqual(['Created', 'Running']);
  });

  test('a pod of somebody else is not touched, and the trouble is told', async () => {
    environment.start(fates({}));
    await environment.client.create(PODS, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'job-worker-0', namespace: 'default' },
      spec: { containers: [{ name: 'other', image: 'other' }] },
    });
    await create(tfJob({ Worker: {} }));
    await environment.settle();
    expect((await environment.pod('job-worker-0')).metadata.ownerReferences).toBeUndefined();
    expect(await environment.eventReasons()).toContain('FailedCreatePod');
  });
});

describe('an operator that is started anew', () => {
  test('goes on where the other stopped, without starting anything twice', async () => {
    const first = environment.start(fates({}));
    await create(tfJob({ Worker: { replicas: 2 } }));
    await environment.settle();
    expect(first.started).toHaveLength(2);
    await environment.stop();
    const uids = (await environment.client.list(PODS)).items.map(({ metadata }) => metadata.uid);
    environment.start(fates({}));
    await environment.pass(60_000);
    expect((await environment.client.list(PODS)).items.map(({ metadata }) => metadata.uid)).toEqual(uids);
    expect(await environment.conditions(TFJOBS)).toEqual(['Created', 'Running']);
  });
});

describe('a job of kubeflow.org/v1beta2', () => {
  function oldJob(spec: Record<string, unknown>): TfJobManifest {
    return {
      apiVersion: 'kubeflow.org/v1beta2',
      kind: 'TFJob',
      metadata: { name: 'job', namespace: 'default' },
      spec,
    };
  }

  test('runs with its flat policies, its TF_CONFIG and its labels', async () => {
    environment.start(fates({}));
    await environment.client.create(
      TFJOBS_V1BETA2,
      oldJob({ activeDeadlineSeconds: 60, tfReplicaSpecs: { Worker: { template: TEMPLATE } } }),
    );
    await environment.settle();
    const pod = await environment.pod('job-worker-0');
    expect(pod.metadata.labels).toMatchObject({
      'tf-job-name': 'job',
      'tf-job-role': 'master',
      'training.kubeflow.org/job-role': 'master',
    });
    expect(pod.spec.containers[0]?.env?.[0]?.value).toContain('"worker":["job-worker-0.default.svc:2222"]');
    await environment.pass(60_000);
    expect(await environment.conditions(TFJOBS_V1BETA2)).toEqual(['Created', 'Running=False', 'Failed']);
  });

  test('is refused with the reason of its time', async () => {
    environment.start(fates({}));
    await environment.client.create(TFJOBS_V1BETA2, oldJob({}));
    await environment.settle();
    const { status } = await environment.job(TFJOBS_V1BETA2);
    expect(status?.conditions?.at(-1)).toMatchObject({ type: 'Failed', reason: 'InvalidTFJobSpec' });
  });
});
