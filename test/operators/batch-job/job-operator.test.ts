import { describe, expect, test } from 'vitest';
import type { KubeObject, Stored } from '../../../core/kubernetes-object.ts';
import { JOBS, PODS } from '../../../kube/resource.ts';
import type { PodFate } from '../../support/fake-kubelet.ts';
import { useOperatorEnvironment } from '../environment.ts';

const environment = useOperatorEnvironment();

const TEMPLATE = { spec: { restartPolicy: 'Never', containers: [{ name: 'train', image: 'train:1' }] } };

function create(spec: Record<string, unknown> = {}): Promise<Stored<KubeObject>> {
  const manifest: KubeObject & { spec: object } = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'job', namespace: 'default' },
    spec: { template: TEMPLATE, ...spec },
  };
  return environment.client.create(JOBS, manifest);
}

describe('a job that succeeds', () => {
  test('runs one pod, which can be found by its labels, and is complete', async () => {
    environment.start(() => ({ exitCode: 0, afterMs: 10_000 }));
    const job = await create();
    await environment.settle();
    const pod = await environment.pod('job-0');
    expect(pod.metadata.labels).toMatchObject({
      'batch.kubernetes.io/job-name': 'job',
      'batch.kubernetes.io/controller-uid': job.metadata.uid,
      'job-name': 'job',
      'controller-uid': job.metadata.uid,
    });
    expect((await environment.job(JOBS)).status).toMatchObject({
      active: 1,
      startTime: '2026-01-01T00:00:00Z',
    });
    await environment.pass(10_000);
    expect(await environment.conditions(JOBS)).toEqual(['Complete']);
    const { status } = await environment.job(JOBS);
    expect(status).toMatchObject({ succeeded: 1 });
    expect(status?.completionTime).toBeDefined();
    expect(status).not.toHaveProperty('active');
    expect(await environment.podNames()).toEqual(['job-0']);
    expect(await environment.eventReasons()).toEqual(['Completed', 'SuccessfulCreate']);
  });

  test('runs the indexes that it has, each with its number', async () => {
    environment.start(() => ({ exitCode: 0, afterMs: 1_000 }));
    await create({ completionMode: 'Indexed', completions: 3, parallelism: 2 });
    await environment.settle();
    const pod = await environment.pod('job-1-1');
    expect(pod.spec.containers[0]?.env).toEqual([{ name: 'JOB_COMPLETION_INDEX', value: '1' }]);
    expect(pod.metadata.annotations).toMatchObject({ 'batch.kubernetes.io/job-completion-index': '1' });
    await environment.pass(1_000);
    await environment.pass(1_000);
    expect(await environment.podNames()).toEqual(['job-0-0', 'job-1-1', 'job-2-2']);
    expect((await environment.job(JOBS)).status).toMatchObject({ succeeded: 3, completedIndexes: '0-2' });
    expect(await environment.conditions(JOBS)).toEqual(['Complete']);
  });
});

describe('a job that fails', () => {
  test('has tried seven times, later each time, and keeps the failed pods', async () => {
    const kubelet = environment.start(() => ({ exitCode: 1 }));
    await create();
    await environment.settle();
    expect(kubelet.started).toHaveLength(1);
    await environment.pass(11_000);
    expect(kubelet.started).toHaveLength(2);
    await environment.pass(11_000);
    expect(kubelet.started).toHaveLength(2);
    await environment.pass(10_000);
    expect(kubelet.started).toHaveLength(3);
    for (let minute = 0; minute < 20; minute++) await environment.pass(60_000);
    expect(kubelet.started).toHaveLength(7);
    const { status } = await environment.job(JOBS);
    expect(status).toMatchObject({ failed: 7 });
    expect(status?.conditions?.at(-1)).toMatchObject({
      type: 'Failed',
      status: 'True',
      reason: 'BackoffLimitExceeded',
    });
    expect(await environment.podNames()).toHaveLength(7);
  });

  test('counts a pod that somebody deleted', async () => {
    const kubelet = environment.start(() => 'runs');
    await create({ backoffLimit: 0 });
    await environment.settle();
    await environment.client.delete(PODS, { namespace: 'default', name: 'job-0' });
    await environment.settle();
    expect(await environment.conditions(JOBS)).toEqual(['Failed']);
    expect(kubelet.started).toEqual(['job-0']);
  });

  test('stops its pods at the deadline', async () => {
    const kubelet = environment.start(() => 'runs');
    await create({ activeDeadlineSeconds: 60, parallelism: 2, completions: 2 });
    await environment.pass(61_000);
    const { status } = await environment.job(JOBS);
    expect(status?.conditions?.at(-1)).toMatchObject({ type: 'Failed', reason: 'DeadlineExceeded' });
    expect(kubelet.stopped).toHaveLength(2);
  });

  test('fails at once where it is not valid', async () => {
    environment.start(() => 'runs');
    await create({ template: { spec: { ...TEMPLATE.spec, restartPolicy: 'Always' } } });
    await environment.settle();
    expect(await environment.podNames()).toEqual([]);
    const { status } = await environment.job(JOBS);
    expect(status?.conditions?.[0]).toMatchObject({ type: 'Failed', reason: 'JobInvalidSpec' });
    expect(status?.conditions?.[0]?.message).toContain('spec.template.spec.restartPolicy');
  });
});

test('a suspended job stops its pods, and goes on without counting them', async () => {
  const fates: PodFate[] = ['runs', { exitCode: 0, afterMs: 1_000 }];
  environment.start(() => fates.shift() ?? 'runs');
  await create({ backoffLimit: 0 });
  await environment.settle();
  const suspend = async (value: boolean): Promise<void> => {
    const body = { spec: { suspend: value } };
    await environment.client.patch(JOBS, { namespace: 'default', name: 'job' }, { type: 'merge', body });
    await environment.settle();
  };
  await suspend(true);
  expect(await environment.podNames()).toEqual([]);
  expect(await environment.conditions(JOBS)).toEqual(['Suspended']);
  await suspend(false);
  expect(await environment.podNames()).toEqual(['job-1']);
  await environment.pass(1_000);
  expect(await environment.conditions(JOBS)).toEqual(['Suspended=False', 'Complete']);
});

test('a finished job is deleted when its time to live has passed', async () => {
  environment.start(() => ({ exitCode: 0 }));
  await create({ ttlSecondsAfterFinished: 60 });
  await environment.settle();
  expect((await environment.client.list(JOBS)).items).toHaveLength(1);
  await environment.pass(61_000);
  expect((await environment.client.list(JOBS)).items).toEqual([]);
  expect(await environment.podNames()).toEqual([]);
});

test('an operator that is started anew starts no pod twice', async () => {
  const kubelet = environment.start(() => 'runs');
  await create({ parallelism: 3, completions: 3 });
  await environment.settle();
  await environment.stop();
  const next = environment.start(() => 'runs');
  await environment.pass(60_000);
  expect(kubelet.started).toHaveLength(3);
  expect([...next.started].sort()).toEqual(['job-0', 'job-1', 'job-2']);
  expect((await environment.job(JOBS)).status).toMatchObject({ active: 3 });
});
