import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Probe, StoredPod } from '../../../../core/pod.ts';
import { KubeletHarness, once, shell } from '../kubelet-harness.ts';

let kubelet: KubeletHarness;
beforeEach(() => {
  kubelet = new KubeletHarness().start();
});
afterEach(() => kubelet[Symbol.asyncDispose]());

const when = (script: string, more: Partial<Probe> = {}): Probe => ({
  exec: { command: ['sh', '-c', script] },
  periodSeconds: 0.05,
  timeoutSeconds: 5,
  ...more,
});
const isReady = ({ status }: StoredPod): boolean =>
  status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false;

describe('a container', () => {
  it('that does not live any more is ended, and started again where its pod says so', async () => {
    const { metadata } = await kubelet.create({
      restartPolicy: 'OnFailure',
      containers: [
        shell('test -e /tmp/never; sleep 60 & wait', {
          livenessProbe: when('echo stuck; exit 1', { failureThreshold: 2 }),
        }),
      ],
    });
    const pod = await kubelet.until(
      metadata.name,
      ({ status }) => (status?.containerStatuses?.[0]?.restartCount ?? 0) > 0,
    );
    expect(pod.status?.containerStatuses?.[0]?.lastState?.terminated?.exitCode).toBe(143);
    expect(await kubelet.eventReasons()).toEqual(expect.arrayContaining(['Unhealthy', 'Killing']));
  });

  it('that ignores the request is killed when its grace is over, and fails its pod', async () => {
    const probe = when('exit 1', { failureThreshold: 1, terminationGracePeriodSeconds: 0.2 });
    const pod = await kubelet.finish(
      once(shell(`trap '' TERM; while :; do sleep 1; done`, { livenessProbe: probe })),
    );
    expect([pod.status?.phase, pod.status?.containerStatuses?.[0]?.state?.terminated?.exitCode]).toEqual([
      'Failed',
      137,
    ]);
  });

  it('is ready when it says so, and not before', async () => {
    const { metadata } = await kubelet.create(
      once(
        shell('sleep 0.3; touch ready; sleep 60', {
          readinessProbe: when('test -e ready'),
          workingDir: kubelet.dataDir,
        }),
      ),
    );
    const running = await kubelet.until(metadata.name, ({ status }) => status?.phase === 'Running');
    expect(isReady(running)).toBe(false);
    expect(isReady(await kubelet.until(metadata.name, isReady))).toBe(true);
  });

  it('that takes long to start is asked for nothing else meanwhile', async () => {
    const pod = await kubelet.finish(
      once(
        shell('sleep 0.4; touch started; sleep 0.4', {
          workingDir: kubelet.dataDir,
          startupProbe: when('test -e started', { failureThreshold: 1_000 }),
          livenessProbe: when('test -e started', { failureThreshold: 1 }),
        }),
      ),
    );
    expect(pod.status?.phase).toBe('Succeeded');
  });

  it('that never starts is ended', async () => {
    const pod = await kubelet.finish(
      once(shell('sleep 60 & wait', { startupProbe: when('exit 1', { failureThreshold: 2 }) })),
    );
    expect(pod.status?.containerStatuses?.[0]?.state?.terminated?.exitCode).toBe(143);
  });
});
