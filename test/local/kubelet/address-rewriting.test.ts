import { describe, expect, it } from 'vitest';
import { rewriteAddresses, type PeerNames } from '../../../local/kubelet/address-rewriting.ts';
import { peerNames } from '../../../local/kubelet/peer-names.ts';
import { podManifest } from './kubelet-harness.ts';
import type { StoredPod } from '../../../core/pod.ts';

const SERVICES = new Set(['ml/job-worker-0', 'ml/job-worker-1', 'ml/redis']);

function peers(): PeerNames {
  const pod = podManifest(
    { containers: [] },
    { name: 'job-worker-0', namespace: 'ml', labels: { 'training.kubeflow.org/job-name': 'job' } },
  ) as StoredPod;
  return peerNames(pod, (namespace, name) => SERVICES.has(`${namespace}/${name}`));
}

/** Ports that say what they stand for: 41000 for the first name asked for, and so on. */
function portNumbers(): (name: string, port: number) => Promise<number> {
  const known: string[] = [];
  return (name, port) => {
    const key = `${name}:${port}`;
    if (!known.includes(key)) known.push(key);
    return Promise.resolve(41_000 + known.indexOf(key));
  };
}

async function rewriteArgument(argument: string): Promise<string | undefined> {
  const { argv } = await rewriteAddresses({ argv: [argument], env: {} }, peers(), portNumbers());
  return argv[0];
}

describe('an argument', () => {
  it.each([
    ['job-worker-1:2222', '127.0.0.1:41000'],
    ['job-worker-1.ml:2222', '127.0.0.1:41000'],
    ['job-worker-1.ml.svc:2222', '127.0.0.1:41000'],
    ['job-worker-1.ml.svc.cluster.local:2222', '127.0.0.1:41000'],
    ['--peers=job-worker-0.ml.svc:1,job-worker-1.ml.svc:1', '--peers=127.0.0.1:41000,127.0.0.1:41001'],
    ['grpc://job-worker-1.ml.svc:80/x', 'grpc://127.0.0.1:41000/x'],
    ['job-ps-7.ml.svc:2222', '127.0.0.1:41000'],
    ['job-worker-1.ml.svc', '127.0.0.1'],
    ['--host=redis', '--host=127.0.0.1'],
    ['redis:6379', '127.0.0.1:41000'],
    ['job-worker-1.other.svc:2222', 'job-worker-1.other.svc:2222'],
    ['stranger.ml.svc:2222', 'stranger.ml.svc:2222'],
    ['my-job-worker-1:2222', 'my-job-worker-1:2222'],
    ['job-worker-1:2222abc', 'job-worker-1:2222abc'],
    ['job-worker-1.mlx.svc:2222', 'job-worker-1.mlx.svc:2222'],
    ['--run-name=job-worker-0', '--run-name=job-worker-0'],
    ['/logs/job-worker-1', '/logs/job-worker-1'],
  ])('%s becomes %s', async (argument, expected) => {
    expect(await rewriteArgument(argument)).toBe(expected);
  });
});

it('gives each replica of a TF_CONFIG a port of its own', async () => {
  const config = {
    cluster: { worker: ['job-worker-0.ml.svc:2222', 'job-worker-1.ml.svc:2222'] },
    task: { type: 'worker', index: 0 },
  };
  const { env } = await rewriteAddresses(
    { argv: [], env: { TF_CONFIG: JSON.stringify(config) } },
    peers(),
    portNumbers(),
  );
  expect(JSON.parse(env['TF_CONFIG'] ?? '')).toEqual({
    cluster: { worker: ['127.0.0.1:41000', '127.0.0.1:41001'] },
    task: { type: 'worker', index: 0 },
  });
});

it('rewrites a host and the port beside it together', async () => {
  const env = { MASTER_ADDR: 'job-master-0', MASTER_PORT: '23456', PORT: '23456', REDIS_HOST: 'redis' };
  const rewritten = await rewriteAddresses({ argv: [], env }, peers(), portNumbers());
  expect(rewritten.env).toEqual({
    MASTER_ADDR: '127.0.0.1',
    MASTER_PORT: '41000',
    PORT: '23456',
    REDIS_HOST: '127.0.0.1',
  });
});

it('leaves the name of the pod itself alone where it is no address', async () => {
  const env = { POD_NAME: 'job-worker-0', OTHER: 'job-worker-1' };
  expect((await rewriteAddresses({ argv: [], env }, peers(), portNumbers())).env).toEqual(env);
});

it('tells names that stand without a port', async () => {
  const { bareNames } = await rewriteAddresses({ argv: ['redis'], env: {} }, peers(), portNumbers());
  expect(bareNames).toEqual(['redis']);
});
