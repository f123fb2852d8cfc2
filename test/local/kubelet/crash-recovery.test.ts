import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Pod } from '../../../core/pod.ts';
import { PODS } from '../../../kube/resource.ts';
import { collectorContainer } from './collector-fixture.ts';
import {
  eventually,
  isAlive,
  isFinished,
  KubeletHarness,
  once,
  podManifest,
  shell,
} from './kubelet-harness.ts';

const SERVICE = fileURLToPath(new URL('fixtures/kubelet-process.ts', import.meta.url));

/** Runs a service with the pod until `file` in the claim `shared` exists, and kills it. Returns the pod's uid. */
async function crashService(dataDir: string, pod: Pod, file: string): Promise<string> {
  const service = spawn(process.execPath, [SERVICE, dataDir, JSON.stringify(pod)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let uid = '';
  service.stdout.setEncoding('utf8').on('data', (text: string) => (uid += text));
  await eventually(() => existsSync(path.join(dataDir, 'pvc/tests/shared', file)));
  service.kill('SIGKILL');
  await new Promise((resolve) => service.once('exit', resolve));
  return uid.trim();
}

function lines(file: string): string[] {
  return readFileSync(file, 'utf8').trim().split('\n');
}

const SHARED = {
  volumeMounts: [{ name: 'shared', mountPath: '/shared' }],
  volumes: [
    { name: 'shared', persistentVolumeClaim: { claimName: 'shared' } },
    { name: 'own', emptyDir: {} },
  ],
};

/** On its first start it leaves processes behind and waits; on the next it reports and ends. */
const SCRIPT = [
  'echo loss=0.5',
  'echo $$$$ >> /shared/pids',
  'echo start >> /shared/starts',
  'if [ ! -e /shared/first ]; then',
  '  setsid sh -c \'echo $$$$ >> /shared/pids; trap "" TERM; touch /shared/first; while :; do sleep 0.1; done\' &',
  '  trap "" TERM; while :; do sleep 0.1; done',
  'fi',
].join('\n');

describe('after the service was killed', () => {
  it('no process is left, and the pod is started over and finishes as the same object', async () => {
    const dataDir = mkdtempSync(path.join(tmpdir(), 'katydid-crash-'));
    const { volumeMounts, volumes } = SHARED;
    const pod = podManifest(
      once(shell(SCRIPT, { volumeMounts }), { volumes, initContainers: [collectorContainer('main')] }),
      { name: 'pod-0' },
    );
    const uid = await crashService(dataDir, pod, 'first');
    const shared = path.join(dataDir, 'pvc/tests/shared');
    const leftovers = lines(path.join(shared, 'pids')).map(Number);
    expect(leftovers.map(isAlive)).toEqual([true, true]);

    await using harness = new KubeletHarness({ dataDir }).start();
    const finished = await harness.until('pod-0', isFinished);
    expect(leftovers.map(isAlive)).toEqual([false, false]);
    expect(finished).toMatchObject({
      metadata: { uid },
      status: { phase: 'Succeeded', containerStatuses: [{ restartCount: 0 }] },
    });
    expect(lines(path.join(shared, 'starts'))).toEqual(['start', 'start']);
    expect(harness.sink.calls).toEqual(['discard pod-0/main', 'report pod-0/main', 'finish pod-0/main']);
  });
});

describe('a service that is stopped', () => {
  it('ends its processes politely and starts the pod over when it comes back', async () => {
    await using harness = new KubeletHarness().start();
    const { volumeMounts, volumes } = SHARED;
    const script =
      'trap "echo polite >> /shared/log; exit 1" TERM; [ -e /shared/log ] && exit 0; touch /shared/up; while :; do sleep 0.01; done';
    const { metadata } = await harness.create(once(shell(script, { volumeMounts }), { volumes }));
    await eventually(() => existsSync(path.join(harness.dataDir, 'pvc/tests/shared/up')));
    await harness.stop();
    expect(readFileSync(path.join(harness.dataDir, 'pvc/tests/shared/log'), 'utf8')).toBe('polite\n');
    const left = await harness.until(metadata.name, () => true);
    expect(left.status?.phase).toBe('Running');
    harness.start();
    expect((await harness.until(metadata.name, isFinished)).status?.phase).toBe('Succeeded');
  });

  it('keeps the result of a pod whose containers had all ended', async () => {
    await using harness = new KubeletHarness();
    const pod = await harness.create(once(shell('exit 7')));
    const containerStatuses = [{ name: 'main', restartCount: 0, state: { terminated: { exitCode: 0 } } }];
    await harness.client.updateStatus(PODS, { ...pod, status: { phase: 'Running', containerStatuses } });
    harness.start();
    const finished = await harness.until(pod.metadata.name, isFinished);
    expect(finished.status).toMatchObject({ phase: 'Succeeded', containerStatuses });
  });

  it('removes the directories of pods that were deleted meanwhile', async () => {
    await using harness = new KubeletHarness();
    const unknown = path.join(harness.dataDir, 'run/unknown-uid/volumes');
    mkdirSync(unknown, { recursive: true });
    harness.start();
    await harness.finish(once(shell('exit 0')));
    expect(existsSync(unknown)).toBe(false);
  });
});
