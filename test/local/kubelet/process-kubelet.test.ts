import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { TRIAL_UID_ANNOTATION } from '../../../core/labels.ts';
import type { LogTail } from '../../../core/observation.ts';
import { PODS } from '../../../kube/resource.ts';
import { parseImageMap } from '../../../local/kubelet/image-map.ts';
import { FakeDiskSpace } from '../../support/fake-disk-space.ts';
import {
  eventually,
  isAlive,
  isFinished,
  KubeletHarness,
  NAMESPACE,
  once,
  shell,
} from './kubelet-harness.ts';

describe('a pod that runs to its end', () => {
  // `$$` is how a dollar sign is written where `$(VAR)` is expanded.
  it.each([
    { script: 'exit 0', phase: 'Succeeded', exitCode: 0, reason: 'Completed' },
    { script: 'exit 3', phase: 'Failed', exitCode: 3, reason: 'Error' },
    { script: 'kill -TERM $$$$', phase: 'Failed', exitCode: 143, reason: 'Error' },
  ])('is $phase after "$script"', async ({ script, phase, exitCode, reason }) => {
    await using harness = new KubeletHarness().start();
    const pod = await harness.finish(once(shell(script)));
    expect(pod.status).toMatchObject({ phase, podIP: '127.0.0.1', hostIP: '127.0.0.1' });
    expect(pod.status?.containerStatuses?.[0]?.state?.terminated).toMatchObject({ exitCode, reason });
    expect(pod.spec.nodeName).toBe(hostname());
  });

  it('tells with the end of its output why it failed', async () => {
    await using harness = new KubeletHarness().start();
    const pod = await harness.finish(once(shell('echo step 1; echo "no such data" >&2; exit 1')));
    expect(pod.status?.containerStatuses?.[0]?.state?.terminated?.message).toMatch(
      /step 1\nno such data|no such data\nstep 1/,
    );
  });

  it('tells what it wrote to its termination message file', async () => {
    await using harness = new KubeletHarness().start();
    const pod = await harness.finish(once(shell('echo noise; printf done > /dev/termination-log')));
    expect(pod.status?.containerStatuses?.[0]?.state?.terminated?.message).toBe('done');
  });

  it('is failed when one of several containers fails, and waits for all of them', async () => {
    await using harness = new KubeletHarness().start();
    const containers = [shell('exit 1', { name: 'a' }), shell('sleep 0.1', { name: 'b' })];
    const pod = await harness.finish({ restartPolicy: 'Never', containers });
    expect(pod.status?.phase).toBe('Failed');
    expect(pod.status?.containerStatuses?.map(({ state }) => state?.terminated?.exitCode)).toEqual([1, 0]);
  });

  it('takes the rest of its process group and strays with it', async () => {
    await using harness = new KubeletHarness().start();
    const script = "sleep 60 & echo $!; setsid sh -c 'echo $$$$; exec sleep 60' & sleep 0.2";
    const { metadata } = await harness.finish(once(shell(script)));
    const pids = harness.log(metadata.name).trim().split('\n').map(Number);
    expect(pids).toHaveLength(2);
    await eventually(() => !pids.some(isAlive));
  });
});

describe('a restarted container', () => {
  it('is started again until it succeeds, and counts', async () => {
    await using harness = new KubeletHarness().start();
    const script = 'echo try >> /scratch/tries; [ $(wc -l < /scratch/tries) -ge 3 ]';
    const pod = await harness.finish({
      restartPolicy: 'OnFailure',
      containers: [shell(script, { volumeMounts: [{ name: 'scratch', mountPath: '/scratch' }] })],
      volumes: [{ name: 'scratch', emptyDir: {} }],
    });
    expect(pod.status).toMatchObject({ phase: 'Succeeded', containerStatuses: [{ restartCount: 2 }] });
    expect(pod.status?.containerStatuses?.[0]?.lastState?.terminated?.exitCode).toBe(1);
    await eventually(async () => (await harness.eventReasons()).includes('BackOff'));
  });

  it('under Always is started again also after success, and the pod keeps running', async () => {
    await using harness = new KubeletHarness().start();
    const { metadata } = await harness.create({ restartPolicy: 'Always', containers: [shell('exit 0')] });
    const pod = await harness.until(
      metadata.name,
      ({ status }) => (status?.containerStatuses?.[0]?.restartCount ?? 0) >= 2,
    );
    expect(pod.status?.phase).toBe('Running');
  });
});

describe('init containers and sidecars', () => {
  it('run in order: init, then sidecar and main, and the sidecar is ended last', async () => {
    await using harness = new KubeletHarness().start();
    const volumeMounts = [{ name: 'scratch', mountPath: '/scratch' }];
    const sidecarScript =
      'trap "echo sidecar ended >> /scratch/log; exit" TERM; echo sidecar >> /scratch/log; while :; do sleep 0.01; done';
    const pod = await harness.finish({
      restartPolicy: 'Never',
      initContainers: [
        shell('echo init >> /scratch/log', { name: 'init', volumeMounts }),
        shell(sidecarScript, { name: 'sidecar', volumeMounts, restartPolicy: 'Always' }),
        shell('until grep -q sidecar /scratch/log; do sleep 0.01; done', { name: 'init-2', volumeMounts }),
      ],
      containers: [shell('echo main >> /scratch/log', { volumeMounts })],
      volumes: [{ name: 'scratch', emptyDir: {} }],
    });
    expect(pod.status?.phase).toBe('Succeeded');
    const log = path.join(harness.dataDir, 'run', pod.metadata.uid, 'volumes/scratch/log');
    expect(readFileSync(log, 'utf8').trim().split('\n')).toEqual([
      'init',
      'sidecar',
      'main',
      'sidecar ended',
    ]);
  });

  it('fail the pod where an init container fails, and main does not start', async () => {
    await using harness = new KubeletHarness().start();
    const pod = await harness.finish(
      once(shell('echo main'), { initContainers: [shell('exit 4', { name: 'init' })] }),
    );
    expect(pod.status?.phase).toBe('Failed');
    expect(pod.status?.initContainerStatuses?.[0]?.state?.terminated?.exitCode).toBe(4);
    expect(pod.status?.containerStatuses?.[0]?.state?.waiting).toBeDefined();
  });
});

describe('a pod that is asked to end', () => {
  const STUBBORN =
    'trap "" TERM; sh -c \'trap "" TERM; echo $$$$; while :; do sleep 0.05; done\' & wait; while :; do sleep 0.05; done';

  it('is killed with its children when its grace period is over', async () => {
    await using harness = new KubeletHarness().start();
    const { metadata } = await harness.create(once(shell(STUBBORN), { terminationGracePeriodSeconds: 1 }));
    await harness.until(metadata.name, ({ status }) => status?.phase === 'Running');
    await eventually(() => harness.log(metadata.name) !== '');
    const pid = Number(harness.log(metadata.name));
    await harness.client.delete(PODS, { namespace: 'tests', name: metadata.name });
    await harness.untilGone(metadata.name);
    await eventually(() => !isAlive(pid));
    await eventually(() => readdirSync(path.join(harness.dataDir, 'run')).length === 0);
  });

  it('runs its preStop hook before SIGTERM, and has not failed', async () => {
    await using harness = new KubeletHarness().start();
    const volumeMounts = [{ name: 'out', mountPath: '/out' }];
    const script =
      'trap "echo term >> /out/log; exit 0" TERM; touch /out/ready; while :; do sleep 0.01; done';
    const preStop = { exec: { command: ['sh', '-c', 'echo preStop >> /out/log'] } };
    const { metadata } = await harness.create(
      once(shell(script, { volumeMounts, lifecycle: { preStop } }), {
        volumes: [{ name: 'out', persistentVolumeClaim: { claimName: 'out' } }],
      }),
    );
    const claim = path.join(harness.dataDir, 'pvc/tests/out');
    await harness.until(metadata.name, ({ status }) => status?.phase === 'Running');
    await eventually(() => readdirSync(claim).includes('ready'));
    await harness.client.delete(PODS, { namespace: 'tests', name: metadata.name });
    await harness.untilGone(metadata.name);
    expect(readFileSync(path.join(claim, 'log'), 'utf8')).toBe('preStop\nterm\n');
  });

  it('fails at its deadline', async () => {
    await using harness = new KubeletHarness().start();
    const pod = await harness.finish(once(shell('sleep 60'), { activeDeadlineSeconds: 1 }));
    expect(pod.status).toMatchObject({ phase: 'Failed', reason: 'DeadlineExceeded' });
  });
});

describe('a pod that cannot be run', () => {
  it.each([
    ['without a command', { name: 'main', image: 'train:1' }, 'LOCAL_NO_COMMAND', 'train:1'],
    [
      'with a program that is not here',
      { name: 'main', command: ['no-such-program'] },
      'LOCAL_EXEC_FAILED',
      'no-such-program',
    ],
    [
      'with a missing Secret',
      shell('', { envFrom: [{ secretRef: { name: 'token' } }] }),
      'LOCAL_OBJECT_MISSING',
      'token',
    ],
    [
      'in a directory that is not here',
      shell('', { workingDir: '/no/such' }),
      'LOCAL_PATH_UNMAPPED',
      '/no/such',
    ],
    [
      'with more GPUs than there are',
      shell('', { resources: { limits: { 'nvidia.com/gpu': '99' } } }),
      'LOCAL_GPU_UNAVAILABLE',
      '99',
    ],
  ])('%s fails and says what to do', async (_, container, code, detail) => {
    await using harness = new KubeletHarness().start();
    // Another try would be refused as well, whatever the restart policy says.
    const pod = await harness.finish({ restartPolicy: 'OnFailure', containers: [container] });
    expect(pod.status).toMatchObject({ phase: 'Failed', reason: code });
    expect(pod.status?.message).toContain(detail);
  });

  it('because of its container says which pod that is: replicas are alike', async () => {
    await using harness = new KubeletHarness().start();
    const pod = await harness.finish(once({ name: 'main' }));
    expect(pod.status?.message).toContain(`Container "main" of pod "${pod.metadata.name}"`);
  });

  it('because the computer refuses something says so', async () => {
    await using harness = new KubeletHarness();
    writeFileSync(path.join(harness.dataDir, 'run'), 'a file where the directory belongs');
    const pod = await harness.start().finish(once(shell('exit 0')));
    expect(pod.status).toMatchObject({ phase: 'Failed', reason: 'LOCAL_RUNNER_ERROR' });
  });

  it('ends its other containers', async () => {
    await using harness = new KubeletHarness().start();
    const containers = [shell('exec sleep 60', { name: 'a' }), { name: 'b', command: ['no-such-program'] }];
    const pod = await harness.finish({ restartPolicy: 'Never', containers });
    expect(pod.status?.containerStatuses?.map(({ state }) => state?.terminated?.exitCode)).toEqual([
      expect.toBeOneOf([143, undefined]),
      128,
    ]);
  });

  it('because its port is taken is told so', async () => {
    await using harness = new KubeletHarness().start();
    const output = 'Error: listen EADDRINUSE: address already in use 127.0.0.1:2222';
    const pod = await harness.finish(once(shell(`echo "${output}"; exit 1`)));
    const { reason, message } = pod.status?.containerStatuses?.[0]?.state?.terminated ?? {};
    expect(reason).toBe('LOCAL_PORT_IN_USE');
    expect(message).toContain('Port 2222: ');
  });

  it('because its script is in the image only is told so', async () => {
    await using harness = new KubeletHarness().start();
    const command = ['sh', '/opt/image-only/train.sh'];
    const pod = await harness.finish(once({ name: 'main', image: 'train:1', command }));
    const { reason, message } = pod.status?.containerStatuses?.[0]?.state?.terminated ?? {};
    expect(reason).toBe('LOCAL_PATH_UNMAPPED');
    expect(message).toContain('/opt/image-only/train.sh (command[1])');
    await eventually(async () => (await harness.eventReasons()).includes('LOCAL_PATH_UNMAPPED'));
  });
});

it('tells when a pod asks for more than this computer has, and runs it', async () => {
  await using harness = new KubeletHarness().start();
  const resources = { requests: { cpu: '9000' }, limits: { memory: '900Ti' } };
  const pod = await harness.finish(once(shell('exit 0', { resources, image: 'train:1' })));
  await harness.finish(once(shell('exit 0', { resources, image: 'train:1' })));
  expect(pod.status?.phase).toBe('Succeeded');
  await eventually(async () => {
    const reasons = await harness.eventReasons();
    return reasons.includes('LOCAL_RESOURCES') && reasons.includes('LOCAL_IMAGE_IGNORED');
  });
  const told = (await harness.eventReasons()).filter((reason) => reason === 'LOCAL_RESOURCES');
  expect(told, 'once for both pods').toHaveLength(1);
});

it('runs what the image map says an image stands for', async () => {
  const imageMap = parseImageMap(
    {
      images: {
        'ml/train': {
          entrypoint: ['sh', '/app/main.sh'],
          pathMap: { '/app': '.' },
          env: { GREETING: 'hello' },
        },
      },
    },
    new URL('fixtures', import.meta.url).pathname,
  );
  await using harness = new KubeletHarness({ imageMap }).start();
  const pod = await harness.finish(once({ name: 'main', image: 'ml/train:7', args: ['--out=/app/x'] }));
  expect(harness.log(pod.metadata.name)).toMatch(/^hello --out=.*\/fixtures\/x\n$/);
});

it('never runs more jobs at a time than fit', async () => {
  const COUNT = 100;
  await using harness = new KubeletHarness({ cpuSlots: 3 }).start();
  const names = Array.from({ length: COUNT }, (_, index) => `pod-${index}`);
  await Promise.all(names.map((name) => harness.create(once(shell('exit 0')), { name })));
  const running = new Set<string>();
  const finished = new Set<string>();
  let most = 0;
  for await (const event of harness.client.watch(PODS)) {
    if (event.type === 'BOOKMARK') continue;
    const { metadata, status } = event.object;
    if (isFinished(event.object)) finished.add(metadata.name);
    if (isFinished(event.object)) running.delete(metadata.name);
    else if (status?.startTime !== undefined) running.add(metadata.name);
    most = Math.max(most, running.size);
    if (finished.size === COUNT) break;
  }
  expect(most).toBe(3);
});

it('tells a pod that waits for a CPU why it waits', async () => {
  await using harness = new KubeletHarness({ cpuSlots: 1 }).start();
  await harness.create(once(shell('sleep 60')));
  const { metadata } = await harness.create(once(shell('exit 0')));
  const pod = await harness.until(metadata.name, ({ status }) => status?.conditions !== undefined);
  expect(pod.status).toMatchObject({
    phase: 'Pending',
    conditions: expect.arrayContaining([
      expect.objectContaining({ type: 'PodScheduled', status: 'False', reason: 'WaitingForCpu' }),
    ]) as unknown,
  });
});

describe('a full disk', () => {
  it('keeps pods waiting, says why, and lets those that run go on', async () => {
    const space = new FakeDiskSpace();
    await using harness = new KubeletHarness({ space }).start();
    const runs = await harness.create(once(shell('sleep 0.3; echo done')));
    await harness.until(runs.metadata.name, ({ status }) => status?.phase === 'Running');
    space.set('no room');
    const waits = await harness.create(once(shell('echo started')));
    const waiting = await harness.until(waits.metadata.name, ({ status }) =>
      JSON.stringify(status).includes('DISK_FULL'),
    );
    expect(waiting.status?.phase).toBe('Pending');
    await harness.until(runs.metadata.name, isFinished);
    space.set(null);
    const ended = await harness.until(waits.metadata.name, isFinished);
    expect(ended.status?.phase).toBe('Succeeded');
  });

  it('does not fail a pod whose records it refuses: they are written again', async () => {
    const space = new FakeDiskSpace();
    const saved: LogTail[] = [];
    let refusals = 1;
    const saveLogTail = (tail: LogTail): Promise<void> => {
      if (refusals-- > 0) return Promise.reject(Object.assign(new Error('full'), { code: 'DB_FULL' }));
      saved.push(tail);
      return Promise.resolve();
    };
    await using harness = new KubeletHarness({ space, logTails: { saveLogTail } }).start();
    const annotations = { [TRIAL_UID_ANNOTATION]: 'uid-1' };
    const pod = await harness.finish(once(shell('echo last words')), {
      name: 'trial-0',
      namespace: NAMESPACE,
      annotations,
    });
    expect(pod.status?.phase).toBe('Succeeded');
    expect(saved).toMatchObject([{ trialUid: 'uid-1', text: 'last words' }]);
    expect(space.refusals).toBe(1);
  });
});
