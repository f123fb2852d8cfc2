import { expect, it } from 'vitest';
import { GpuPool, requestedGpus } from '../../../local/kubelet/gpu-pool.ts';
import { settle } from '../../support/fake-clock.ts';
import { podManifest } from './kubelet-harness.ts';

const RUNNING = new AbortController().signal;

it('lends each device once, in order of asking', async () => {
  const pool = new GpuPool([1, 0]);
  expect(await pool.acquire('a', 1, RUNNING)).toEqual([0]);
  const both = pool.acquire('b', 2, RUNNING);
  const later: string[] = [];
  void pool.acquire('c', 1, RUNNING).then(() => later.push('c'));
  await settle();
  expect(later).toEqual([]);
  pool.release('a');
  expect(await both).toEqual([0, 1]);
  pool.release('b');
  await settle();
  expect(later).toEqual(['c']);
});

it('refuses more than there are', async () => {
  await expect(new GpuPool([]).acquire('a', 1, RUNNING)).rejects.toMatchObject({
    code: 'LOCAL_GPU_UNAVAILABLE',
  });
});

it('lets the next go on when one that waits is stopped', async () => {
  const pool = new GpuPool([0]);
  await pool.acquire('a', 1, RUNNING);
  const stop = new AbortController();
  const stopped = pool.acquire('b', 1, stop.signal);
  const next = pool.acquire('c', 1, RUNNING);
  stop.abort();
  await expect(stopped).rejects.toThrow('stopped');
  pool.release('a');
  expect(await next).toEqual([0]);
});

it('counts the GPUs of all containers', () => {
  const resources = { limits: { 'nvidia.com/gpu': 1 } };
  const pod = podManifest({
    containers: [{ name: 'a', resources }, { name: 'b', resources }, { name: 'c' }],
  });
  expect(requestedGpus(pod)).toBe(2);
});
