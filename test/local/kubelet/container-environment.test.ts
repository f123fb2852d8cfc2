import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../core/clock.ts';
import { silentLogger } from '../../../core/logger.ts';
import type { Container, StoredPod } from '../../../core/pod.ts';
import { CONFIG_MAPS, SECRETS } from '../../../kube/resource.ts';
import { baseEnvironment } from '../../../local/kubelet/base-environment.ts';
import { containerEnvironment } from '../../../local/kubelet/container-environment.ts';
import { podObjects } from '../../../local/kubelet/pod-objects.ts';
import { openObjectStore } from '../../../local/object-store/object-store.ts';
import { NAMESPACE, podManifest } from './kubelet-harness.ts';

const NODE = { name: 'laptop', ip: '127.0.0.1', cpus: 4, memoryBytes: 2 ** 33 };

async function environment(container: Partial<Container>): Promise<Record<string, string>> {
  const store = openObjectStore({ path: ':memory:', clock: systemClock, logger: silentLogger });
  const { client } = store;
  try {
    const head = { apiVersion: 'v1', metadata: { name: 'settings', namespace: NAMESPACE } };
    await client.create(CONFIG_MAPS, { ...head, kind: 'ConfigMap', data: { A: 'config a', B: 'config b' } });
    await client.create(SECRETS, { ...head, kind: 'Secret', stringData: { TOKEN: 's3cret' } });
    const main = { name: 'main', ...container };
    const pod = podManifest({ containers: [main] }, { name: 'pod-0', labels: { role: 'chief' } });
    const stored = { ...pod, metadata: { ...pod.metadata, uid: 'uid-0' } } as StoredPod;
    return await containerEnvironment(main, {
      pod: stored,
      objects: podObjects(client, NAMESPACE),
      node: NODE,
    });
  } finally {
    store.close();
  }
}

describe('the variables of a container', () => {
  it('refer to envFrom and to earlier entries only; later duplicates win', async () => {
    const env = [
      { name: 'X', value: '$(A)-$(LATER)' },
      { name: 'LATER', value: '1' },
      { name: 'Y', value: '$(X)' },
      { name: 'A', value: 'own' },
      { name: 'Z', value: '$(A)' },
    ];
    expect(await environment({ envFrom: [{ configMapRef: { name: 'settings' } }], env })).toEqual({
      A: 'own',
      B: 'config b',
      X: 'config a-$(LATER)',
      LATER: '1',
      Y: 'config a-$(LATER)',
      Z: 'own',
    });
  });

  it('take a prefix', async () => {
    const envFrom = [{ prefix: 'S_', secretRef: { name: 'settings' } }];
    expect(await environment({ envFrom })).toEqual({ S_TOKEN: 's3cret' });
  });

  it.each([
    [{ fieldRef: { fieldPath: 'metadata.name' } }, 'pod-0'],
    [{ fieldRef: { fieldPath: 'metadata.namespace' } }, NAMESPACE],
    [{ fieldRef: { fieldPath: 'metadata.uid' } }, 'uid-0'],
    [{ fieldRef: { fieldPath: "metadata.labels['role']" } }, 'chief'],
    [{ fieldRef: { fieldPath: "metadata.annotations['none']" } }, ''],
    [{ fieldRef: { fieldPath: 'spec.nodeName' } }, 'laptop'],
    [{ fieldRef: { fieldPath: 'status.podIP' } }, '127.0.0.1'],
    [{ resourceFieldRef: { resource: 'limits.cpu' } }, '2'],
    [{ resourceFieldRef: { resource: 'limits.cpu', divisor: '1m' } }, '1500'],
    [{ resourceFieldRef: { resource: 'requests.cpu' } }, '1'],
    [{ resourceFieldRef: { resource: 'limits.memory', divisor: '1Mi' } }, '8192'],
    [{ configMapKeyRef: { name: 'settings', key: 'A' } }, 'config a'],
    [{ secretKeyRef: { name: 'settings', key: 'TOKEN' } }, 's3cret'],
    [{ secretKeyRef: { name: 'none', key: 'TOKEN', optional: true } }, undefined],
  ])('%j is %j', async (valueFrom, value) => {
    const resources = { limits: { cpu: '1500m' }, requests: { cpu: '200m' } };
    const env = await environment({ resources, env: [{ name: 'V', valueFrom }] });
    expect(env['V']).toBe(value);
  });

  it.each([
    [{ fieldRef: { fieldPath: 'spec.containers' } }, 'LOCAL_FIELD_UNSUPPORTED', 'spec.containers'],
    [{ resourceFieldRef: { resource: 'limits.disk' } }, 'LOCAL_FIELD_UNSUPPORTED', 'limits.disk'],
    [{ configMapKeyRef: { name: 'settings', key: 'C' } }, 'LOCAL_OBJECT_MISSING', '"C"'],
    [{ secretKeyRef: { name: 'none', key: 'C' } }, 'LOCAL_OBJECT_MISSING', 'Secret "none"'],
  ])('%j is refused', async (valueFrom, code, detail) => {
    const refusal = environment({ env: [{ name: 'V', valueFrom }] });
    await expect(refusal).rejects.toMatchObject({
      code,
      message: expect.stringContaining(detail) as unknown,
    });
  });
});

describe('what every container gets', () => {
  const pod = podManifest(
    { containers: [] },
    { name: 'pod-0', labels: { 'katib.kubeflow.org/trial': 'trial-0' } },
  ) as StoredPod;

  it('is a small part of the service environment', () => {
    const inherited = { PATH: '/bin', AWS_SECRET: 'x', TF_CONFIG: '{}', NO_PROXY: 'corp', HOME: '/home/me' };
    const env = baseEnvironment(pod, { name: 'main' }, inherited, []);
    expect(env).toMatchObject({
      PATH: '/bin',
      HOME: '/home/me',
      HOSTNAME: 'pod-0',
      NO_PROXY: 'corp,127.0.0.1,localhost',
      CUDA_VISIBLE_DEVICES: '',
      KATIB_TRIAL_NAME: 'trial-0',
    });
    expect(env).not.toHaveProperty('AWS_SECRET');
    expect(env).not.toHaveProperty('TF_CONFIG');
    expect(env).not.toHaveProperty('OMP_NUM_THREADS');
  });

  it('tells GPUs and CPUs where there are any', () => {
    const container = { name: 'main', resources: { limits: { cpu: '2500m' } } };
    expect(baseEnvironment(pod, container, {}, [1, 3])).toMatchObject({
      CUDA_VISIBLE_DEVICES: '1,3',
      OMP_NUM_THREADS: '3',
      TF_NUM_INTRAOP_THREADS: '3',
    });
  });
});
