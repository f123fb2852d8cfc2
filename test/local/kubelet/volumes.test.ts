import { existsSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Volume, VolumeMount } from '../../../core/pod.ts';
import { CONFIG_MAPS, PERSISTENT_VOLUME_CLAIMS, SECRETS } from '../../../kube/resource.ts';
import { temporaryFolder } from '../../support/command.ts';
import { eventually, KubeletHarness, NAMESPACE, once, shell } from './kubelet-harness.ts';

/** Runs a script with one volume at /vol; the pod has the label role=chief. */
async function run(
  harness: KubeletHarness,
  volume: Partial<Volume>,
  script: string,
  mount: Partial<VolumeMount> = {},
): Promise<{ output: string; reason: string | undefined; message: string | undefined }> {
  const volumeMounts = [{ name: 'vol', mountPath: '/vol', ...mount }];
  const spec = once(shell(script, { volumeMounts }), { volumes: [{ name: 'vol', ...volume }] });
  const { metadata, status } = await harness.finish(spec, { labels: { role: 'chief' } });
  const output = status?.phase === 'Succeeded' ? harness.log(metadata.name).trim() : '';
  return { output, reason: status?.reason, message: status?.message };
}

async function createObjects({ client }: KubeletHarness): Promise<void> {
  const head = { apiVersion: 'v1', metadata: { name: 'settings', namespace: NAMESPACE } };
  const data = { 'a.txt': 'config a', 'b.txt': 'config b' };
  await client.create(CONFIG_MAPS, { ...head, kind: 'ConfigMap', data });
  await client.create(SECRETS, { ...head, kind: 'Secret', stringData: { token: 's3cret' } });
}

describe('a volume', () => {
  it.each<[string, Partial<Volume>, string, string]>([
    ['emptyDir', { emptyDir: {} }, 'echo x > /vol/f; cat /vol/f', 'x'],
    ['configMap', { configMap: { name: 'settings' } }, 'cat /vol/a.txt; ls /vol | wc -l', 'config a2'],
    [
      'configMap with items and mode',
      { configMap: { name: 'settings', items: [{ key: 'a.txt', path: 'deep/run.sh', mode: 0o755 }] } },
      'cat /vol/deep/run.sh; [ -x /vol/deep/run.sh ] && echo "" && ls /vol',
      'config a\ndeep',
    ],
    ['optional configMap', { configMap: { name: 'none', optional: true } }, 'ls /vol | wc -l', '0'],
    ['secret', { secret: { secretName: 'settings' } }, 'cat /vol/token', 's3cret'],
    [
      'downwardAPI',
      { downwardAPI: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] } },
      'cat /vol/labels',
      'role="chief"',
    ],
    [
      'projected',
      {
        projected: {
          sources: [
            { configMap: { name: 'settings', items: [{ key: 'b.txt', path: 'b' }] } },
            { secret: { name: 'settings' } },
            { downwardAPI: { items: [{ path: 'ns', fieldRef: { fieldPath: 'metadata.namespace' } }] } },
          ],
        },
      },
      'cat /vol/b; echo; cat /vol/token; echo; cat /vol/ns',
      `config b\ns3cret\n${NAMESPACE}`,
    ],
  ])('of kind %s is there', async (_, volume, script, expected) => {
    await using harness = new KubeletHarness().start();
    await createObjects(harness);
    expect(await run(harness, volume, script)).toMatchObject({ output: expected });
  });

  it.each<[string, Partial<Volume>, Partial<VolumeMount>, string, string]>([
    ['nfs', { nfs: { server: 'x', path: '/' } }, {}, 'LOCAL_VOLUME_UNSUPPORTED', 'nfs'],
    ['csi', { csi: { driver: 'x' } }, {}, 'LOCAL_VOLUME_UNSUPPORTED', 'csi'],
    ['missing configMap', { configMap: { name: 'none' } }, {}, 'LOCAL_OBJECT_MISSING', 'none'],
    [
      'missing key',
      { configMap: { name: 'settings', items: [{ key: 'c', path: 'c' }] } },
      {},
      'LOCAL_OBJECT_MISSING',
      '"c"',
    ],
    [
      'item that goes up',
      { configMap: { name: 'settings', items: [{ key: 'a.txt', path: '../../a' }] } },
      {},
      'LOCAL_VOLUME_UNSUPPORTED',
      '../../a',
    ],
    [
      'subPath that goes up',
      { emptyDir: {} },
      { subPath: 'a/../../b' },
      'LOCAL_VOLUME_UNSUPPORTED',
      'subPath',
    ],
    ['absolute subPath', { emptyDir: {} }, { subPath: '/etc' }, 'LOCAL_VOLUME_UNSUPPORTED', '/etc'],
    ['unknown volume', { emptyDir: {} }, { name: 'other' }, 'LOCAL_VOLUME_UNSUPPORTED', 'other'],
    [
      'claim that goes up',
      { persistentVolumeClaim: { claimName: '..' } },
      {},
      'LOCAL_FIELD_UNSUPPORTED',
      '..',
    ],
    [
      'hostPath that is not there',
      { hostPath: { path: '/no/such', type: 'Directory' } },
      {},
      'LOCAL_VOLUME_UNSUPPORTED',
      '/no/such',
    ],
  ])('%s is refused by name', async (_, volume, mount, code, detail) => {
    await using harness = new KubeletHarness().start();
    await createObjects(harness);
    const { reason, message } = await run(harness, volume, 'true', mount);
    expect(reason).toBe(code);
    expect(message).toContain(detail);
  });

  it('is mounted by a part that is made where it is missing', async () => {
    await using harness = new KubeletHarness().start();
    const claim = { persistentVolumeClaim: { claimName: 'data' } };
    await run(harness, claim, 'echo x > /vol/f; echo $KATIB_MOUNT_VOL', { subPath: 'part/one' });
    expect(existsSync(path.join(harness.dataDir, 'pvc', NAMESPACE, 'data/part/one/f'))).toBe(true);
  });

  it('does not let a symbolic link lead a subPath out', async () => {
    await using harness = new KubeletHarness().start();
    const claim = path.join(harness.dataDir, 'pvc', NAMESPACE, 'data');
    mkdirSync(claim, { recursive: true });
    symlinkSync('/etc', path.join(claim, 'link'));
    const volume = { persistentVolumeClaim: { claimName: 'data' } };
    expect(await run(harness, volume, 'true', { subPath: 'link' })).toMatchObject({
      reason: 'LOCAL_VOLUME_UNSUPPORTED',
    });
  });

  it('of a claim is shared by pods; one that is not declared is said once', async () => {
    await using harness = new KubeletHarness().start();
    const metadata = { name: 'declared', namespace: NAMESPACE };
    await harness.client.create(PERSISTENT_VOLUME_CLAIMS, {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata,
    });
    await run(harness, { persistentVolumeClaim: { claimName: 'declared' } }, 'true');
    expect(await harness.eventReasons()).not.toContain('LOCAL_PVC_UNDECLARED');
    const claim = { persistentVolumeClaim: { claimName: 'data' } };
    await run(harness, claim, 'echo shared > /vol/f');
    expect(await run(harness, claim, 'cat /vol/f')).toMatchObject({ output: 'shared' });
    await eventually(async () => (await harness.eventReasons()).includes('LOCAL_PVC_UNDECLARED'));
    const reasons = await harness.eventReasons();
    expect(reasons.filter((reason) => reason === 'LOCAL_PVC_UNDECLARED')).toHaveLength(1);
  });

  it.each([
    ['DirectoryOrCreate', 'isDirectory'],
    ['FileOrCreate', 'isFile'],
  ] as const)('hostPath of type %s is made', async (type, is) => {
    using folder = temporaryFolder();
    await using harness = new KubeletHarness().start();
    const hostPath = { path: path.join(folder.path, 'made'), type };
    expect(await run(harness, { hostPath }, 'echo ok')).toMatchObject({ output: 'ok' });
    expect(statSync(hostPath.path)[is]()).toBe(true);
  });

  it('hostPath is the path itself', async () => {
    using folder = temporaryFolder();
    writeFileSync(path.join(folder.path, 'f'), 'there');
    await using harness = new KubeletHarness().start();
    expect(await run(harness, { hostPath: { path: folder.path } }, 'cat /vol/f')).toMatchObject({
      output: 'there',
    });
  });

  it('is found in variables and in the working directory, too', async () => {
    await using harness = new KubeletHarness().start();
    const container = shell('pwd; echo $OUT; touch $OUT', {
      workingDir: '/vol/sub',
      env: [{ name: 'OUT', value: '/vol/x' }],
      volumeMounts: [{ name: 'vol', mountPath: '/vol' }],
    });
    const pod = await harness.finish(once(container, { volumes: [{ name: 'vol', emptyDir: {} }] }));
    const volume = path.join(harness.dataDir, 'run', pod.metadata.uid, 'volumes/vol');
    expect(harness.log(pod.metadata.name)).toBe(`${volume}/sub\n${volume}/x\n`);
  });

  it('is found through a directory above it that is nowhere here', async () => {
    await using harness = new KubeletHarness().start();
    const script =
      'mkdir /no-such-logs/train; echo x > /no-such-logs/a/test/f; ls "$DIR" $DIR/a; cat $DIR/a/test/f';
    const container = shell(script, {
      env: [{ name: 'DIR', value: '/no-such-logs' }],
      volumeMounts: [{ name: 'vol', mountPath: '/no-such-logs/a/test' }],
    });
    const pod = await harness.finish(once(container, { volumes: [{ name: 'vol', emptyDir: {} }] }));
    const { name, uid } = pod.metadata;
    expect(harness.log(name).split('\n').slice(1)).toEqual([
      'a',
      'train',
      '',
      expect.any(String),
      'test',
      'x',
      '',
    ]);
    expect(existsSync(path.join(harness.dataDir, 'run', uid, 'volumes/vol/f'))).toBe(true);
    expect(existsSync('/no-such-logs')).toBe(false);
  });

  it('does not stand in for a directory above it that exists', async () => {
    using folder = temporaryFolder();
    await using harness = new KubeletHarness().start();
    const volumeMounts = [{ name: 'vol', mountPath: path.join(folder.path, 'logs') }];
    const spec = once(shell(`echo ${folder.path}`, { volumeMounts }), {
      volumes: [{ name: 'vol', emptyDir: {} }],
    });
    const pod = await harness.finish(spec);
    expect(harness.log(pod.metadata.name).trim()).toBe(folder.path);
  });
});
