import { describe, expect, it } from 'vitest';
import type { Container, PodSpec } from '../../../core/pod.ts';
import { collectorContainer } from './collector-fixture.ts';
import { KubeletHarness, once, shell } from './kubelet-harness.ts';

const volumeMounts = [{ name: 'shared', mountPath: '/shared' }];

/** A training beside a collector of the experiment's own, both in shell, with a directory that they share. */
function pod(training: string, collector: string, more: Partial<PodSpec> = {}): PodSpec {
  const mine: Container = { ...shell(collector, { volumeMounts }), name: 'mine', restartPolicy: 'Always' };
  return once(shell(training, { volumeMounts }), {
    initContainers: [collectorContainer('mine'), mine],
    volumes: [{ name: 'shared', emptyDir: {} }],
    ...more,
  });
}

function values(harness: KubeletHarness, source = 'pod-0/mine'): number[] {
  return (harness.sink.observations.get(source) ?? []).map(({ value }) => value);
}

/** Waits for a file; the shell has nothing better. */
const until = (file: string): string => `until [ -e ${file} ]; do sleep 0.02; done`;

describe('a collector of the own', () => {
  it('runs before the training starts, and beside it', async () => {
    await using harness = new KubeletHarness().start();
    const training = `echo $(date +%s%N) > /shared/started; ${until('/shared/seen')}`;
    const collector = `began=$(date +%s%N); ${until('/shared/started')}; [ $began -lt $(cat /shared/started) ] && echo loss=1; touch /shared/seen`;
    const ended = await harness.finish(pod(training, collector), { name: 'pod-0' });
    expect(ended.status?.phase).toBe('Succeeded');
    expect(values(harness)).toEqual([1]);
  });

  it('is told when the training has ended, and has time for its last words', async () => {
    await using harness = new KubeletHarness().start();
    const training = `${until('/shared/ready')}; echo 7 > /shared/result`;
    const collector = `trap 'echo loss=$(cat /shared/result); exit 3' TERM; touch /shared/ready; while :; do sleep 0.05; done`;
    const ended = await harness.finish(pod(training, collector), { name: 'pod-0' });
    expect(values(harness)).toEqual([7]);
    expect(harness.sink.calls.at(-1)).toBe('finish pod-0/mine');
    expect(ended.status?.phase).toBe('Succeeded');
    expect(ended.status?.initContainerStatuses?.[1]?.state?.terminated?.exitCode).toBe(3);
  });

  it('is killed when it does not end in time', async () => {
    await using harness = new KubeletHarness().start();
    const collector = `trap 'echo loss=5' TERM; touch /shared/ready; while :; do sleep 0.05; done`;
    const spec = pod(until('/shared/ready'), collector, { terminationGracePeriodSeconds: 1 });
    const ended = await harness.finish(spec, { name: 'pod-0' });
    expect(values(harness)).toEqual([5]);
    expect(ended.status?.phase).toBe('Succeeded');
    expect(ended.status?.initContainerStatuses?.[1]?.state?.terminated?.signal).toBe(9);
  });

  it('does not keep a failed training from failing', async () => {
    await using harness = new KubeletHarness().start();
    const ended = await harness.finish(pod('exit 4', 'echo loss=1'), { name: 'pod-0' });
    expect(ended.status?.phase).toBe('Failed');
  });

  it('is started over when it fails, and its starts are told apart', async () => {
    await using harness = new KubeletHarness().start();
    const collector = `echo loss=1; [ -e /shared/tried ] && touch /shared/done; touch /shared/tried; exit 1`;
    await harness.finish(pod(until('/shared/done'), collector), { name: 'pod-0' });
    expect(values(harness)).toEqual([1]);
    expect(values(harness, 'pod-0/mine#1')).toEqual([1]);
  });

  it('is not started over when it has done its work', async () => {
    await using harness = new KubeletHarness().start();
    const collector = 'echo loss=1; echo x >> /shared/starts';
    // Ten times the wait before a restart.
    const training = `${until('/shared/starts')}; sleep 0.2; [ $(wc -l < /shared/starts) = 1 ]`;
    const ended = await harness.finish(pod(training, collector), { name: 'pod-0' });
    expect(ended.status?.phase).toBe('Succeeded');
    expect([...harness.sink.observations.keys()]).toEqual(['pod-0/mine']);
  });

  it('that cannot be started holds nothing up', async () => {
    await using harness = new KubeletHarness().start();
    const spec = pod('true', '');
    const [reader, mine] = spec.initContainers ?? [];
    const initContainers = [reader, { ...mine, command: ['/no/such/program'] }] as Container[];
    const ended = await harness.finish({ ...spec, initContainers }, { name: 'pod-0' });
    expect(ended.status?.phase).toBe('Succeeded');
    expect(ended.status?.initContainerStatuses?.[1]?.state?.terminated?.reason).toBe('StartError');
    expect(harness.sink.calls).toEqual(['finish pod-0/mine']);
    expect(harness.sink.reports.get('pod-0/mine')?.read).toBe(0);
  });
});
