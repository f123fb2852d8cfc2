import { describe, expect, it } from 'vitest';
import type { StoredPod } from '../../../core/pod.ts';
import { PODS } from '../../../kube/resource.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { FakeDiskSpace } from '../../support/fake-disk-space.ts';
import { collectorContainer } from './collector-fixture.ts';
import { eventually, isFinished, KubeletHarness, once, RecordingSink, shell } from './kubelet-harness.ts';

function values(harness: KubeletHarness, source: string): number[] {
  return (harness.sink.observations.get(source) ?? []).map(({ value }) => value);
}

describe('the collector of a pod', () => {
  it('has reported everything when the pod has finished', async () => {
    await using harness = new KubeletHarness().start();
    const script = 'for i in 1 2 3; do echo loss=$i; done; printf loss=4 >&2';
    const initContainers = [collectorContainer('main')];
    const pod = await harness.finish(once(shell(script), { initContainers }), { name: 'pod-0' });
    expect(pod.status?.phase).toBe('Succeeded');
    expect(values(harness, 'pod-0/main').sort()).toEqual([1, 2, 3, 4]);
    expect(harness.sink.calls.at(-1)).toBe('finish pod-0/main');
    expect(pod.status?.initContainerStatuses?.[0]?.state?.terminated?.exitCode).toBe(0);
  });

  it('tells the starts of a restarted container apart', async () => {
    await using harness = new KubeletHarness().start();
    const script = 'echo loss=1; echo x >> /w/n; [ $(wc -l < /w/n) -ge 2 ]';
    await harness.finish(
      {
        restartPolicy: 'OnFailure',
        containers: [shell(script, { volumeMounts: [{ name: 'w', mountPath: '/w' }] })],
        initContainers: [collectorContainer('main')],
        volumes: [{ name: 'w', emptyDir: {} }],
      },
      { name: 'pod-0' },
    );
    expect([...harness.sink.observations.keys()]).toEqual(['pod-0/main', 'pod-0/main#1']);
  });

  it('reads a file of a volume that both mount', async () => {
    await using harness = new KubeletHarness().start();
    const volumeMounts = [{ name: 'metrics-volume', mountPath: '/var/log/katib' }];
    const path = '/var/log/katib/metrics.log';
    const collector = { ...collectorContainer('main', { kind: 'File', path }), volumeMounts };
    const container = shell(`echo loss=0.25 > ${path}`, { volumeMounts });
    const volumes = [{ name: 'metrics-volume', emptyDir: {} }];
    await harness.finish(once(container, { initContainers: [collector], volumes }), { name: 'pod-0' });
    expect(values(harness, 'pod-0/main')).toEqual([0.25]);
  });

  it('reads more than fits its memory, without losing a line', async () => {
    await using harness = new KubeletHarness().start();
    const count = 50_000;
    const script = `i=0; while [ $i -lt ${count / 100} ]; do printf 'some text that fills the pipe %0999d\\n' 1; i=$((i+1)); done; awk 'BEGIN { for (i = 1; i <= ${count}; i++) print "loss=" i }'`;
    await harness.finish(once(shell(script), { initContainers: [collectorContainer('main')] }), {
      name: 'pod-0',
    });
    const seen = values(harness, 'pod-0/main');
    expect(seen).toHaveLength(count);
    expect(seen.at(-1)).toBe(count);
  });

  it('of a pod that does not count reports nothing and holds nothing up', async () => {
    await using harness = new KubeletHarness().start();
    const collector = collectorContainer('main', {
      primaryPodLabels: [{ variable: 'ROLE', value: 'chief' }],
    });
    const script = 'awk \'BEGIN { for (i = 0; i < 300000; i++) print "loss=" i }\'';
    const pod = await harness.finish(once(shell(script), { initContainers: [collector] }));
    expect(pod.status?.phase).toBe('Succeeded');
    expect(harness.sink.calls).toEqual([]);
  });

  it('that fails does not fail the pod', async () => {
    await using harness = new KubeletHarness().start();
    const collector = { ...collectorContainer('main'), args: ['--nonsense'] };
    const pod = await harness.finish(once(shell('exit 0'), { initContainers: [collector] }));
    expect(pod.status?.phase).toBe('Succeeded');
    await eventually(async () => (await harness.eventReasons()).includes('MetricsCollectorFailed'));
  });

  it('that cannot store what it read says so when its time is up', async () => {
    const clock = new FakeClock();
    const away = (): Promise<void> => Promise.reject(new Error('the disk is full'));
    const sink = { report: away, finish: away, discard: away };
    await using harness = new KubeletHarness({ clock, sink }).start();
    await harness.create(once(shell('echo loss=1'), { initContainers: [collectorContainer('main')] }), {
      name: 'pod-0',
    });
    let pod: StoredPod | undefined;
    await eventually(async () => {
      await clock.advance(1_000);
      pod = await harness.client.get(PODS, { namespace: 'tests', name: 'pod-0' });
      return isFinished(pod);
    });
    expect(pod?.status?.phase).toBe('Succeeded');
    expect(pod?.status?.initContainerStatuses?.[0]?.state?.terminated).toMatchObject({
      exitCode: 1,
      message:
        'The metrics collector failed: It was ended before everything was reported. The store said last: the disk is full',
    });
    await eventually(async () => (await harness.eventReasons()).includes('MetricsCollectorFailed'));
  });

  it('waits for room on a full disk, however long that takes', async () => {
    const clock = new FakeClock();
    const space = new FakeDiskSpace();
    const sink = new RecordingSink();
    const full = Object.assign(new Error('the disk is full'), { code: 'DB_FULL' });
    const guarded = {
      discard: sink.discard.bind(sink),
      report: (...args: Parameters<RecordingSink['report']>) =>
        space.shortage === null ? sink.report(...args) : Promise.reject(full),
      finish: (...args: Parameters<RecordingSink['finish']>) =>
        space.shortage === null ? sink.finish(...args) : Promise.reject(full),
    };
    await using harness = new KubeletHarness({ clock, space, sink: guarded }).start();
    const spec = once(shell('sleep 1; echo loss=1'), { initContainers: [collectorContainer('main')] });
    await harness.create(spec, { name: 'pod-0' });
    await harness.until('pod-0', (pod) => pod.status?.phase === 'Running');
    space.set('the disk is full');
    await eventually(() => harness.log('pod-0').includes('loss=1'));
    // Long after the pod's grace period and the collector's minute.
    for (let minutes = 0; minutes < 10; minutes++) await clock.advance(60_000);
    expect(space.refusals, 'the disk is told').toBeGreaterThan(0);
    const waiting = await harness.client.get(PODS, { namespace: 'tests', name: 'pod-0' });
    expect(isFinished(waiting)).toBe(false);
    space.set(null);
    await eventually(async () => {
      await clock.advance(1_000);
      return isFinished(await harness.client.get(PODS, { namespace: 'tests', name: 'pod-0' }));
    });
    expect(sink.observations.get('pod-0/main')?.map(({ value }) => value)).toEqual([1]);
  });

  it('reports what a stopped trial had written until then', async () => {
    await using harness = new KubeletHarness().start();
    const spec = once(shell('echo loss=7; exec sleep 60'), { initContainers: [collectorContainer('main')] });
    const annotations = { 'katydid.dev/trial-uid': 'trial-uid' };
    await harness.create(spec, { name: 'pod-0', annotations });
    await harness.until('pod-0', (pod) => pod.status?.phase === 'Running');
    await eventually(() => harness.log('pod-0') !== '');
    await harness.client.delete(PODS, { namespace: 'tests', name: 'pod-0' });
    await harness.untilGone('pod-0');
    expect(values(harness, 'pod-0/main')).toEqual([7]);
    expect(harness.sink.calls.at(-1)).toBe('finish pod-0/main');
    expect(harness.sink.logTails).toMatchObject([
      {
        trialUid: 'trial-uid',
        pod: 'pod-0',
        container: 'main',
        restartCount: 0,
        exitCode: 143,
        text: 'loss=7',
      },
    ]);
  });
});

it('keeps the end of the output of every start of a trial', async () => {
  await using harness = new KubeletHarness().start();
  const annotations = { 'katydid.dev/trial-uid': 'trial-uid' };
  await harness.create(
    { restartPolicy: 'OnFailure', containers: [shell('echo try; exit 2')] },
    { name: 'pod-0', annotations },
  );
  await eventually(() => harness.sink.logTails.length >= 2);
  expect(harness.sink.logTails.slice(0, 2)).toMatchObject([
    { restartCount: 0, exitCode: 2, reason: 'Error', text: 'try' },
    { restartCount: 1, exitCode: 2, reason: 'Error', text: 'try' },
  ]);
});
