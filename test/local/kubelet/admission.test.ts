import { describe, expect, it, vi } from 'vitest';
import type { StoredPod } from '../../../core/pod.ts';
import { CpuAdmission } from '../../../local/kubelet/admission.ts';
import { settle } from '../../support/fake-clock.ts';
import { podManifest } from './kubelet-harness.ts';

const RUNNING = new AbortController().signal;

function pod(name: string, options: { job?: string; cpu?: string } = {}): StoredPod {
  const resources = options.cpu === undefined ? {} : { resources: { requests: { cpu: options.cpu } } };
  const job = options.job ?? name;
  const owner = { apiVersion: 'v1', kind: 'Job', name: job, uid: job, controller: true };
  const manifest = podManifest({ containers: [{ name: 'main', ...resources }] });
  return {
    ...manifest,
    metadata: { ...manifest.metadata, name, uid: name, ownerReferences: [owner] },
  } as StoredPod;
}

/** Asks for admission and tells who was admitted. */
function queue(admission: CpuAdmission): {
  ask: (pod: StoredPod) => void;
  admitted: string[];
  waited: string[];
} {
  const admitted: string[] = [];
  const waited: string[] = [];
  const ask = (asking: StoredPod): void => {
    const { name } = asking.metadata;
    void admission.admit(asking, RUNNING, () => waited.push(name)).then(() => admitted.push(name));
  };
  return { ask, admitted, waited };
}

describe('jobs', () => {
  it('are admitted in order while they fit', async () => {
    const admission = new CpuAdmission(2);
    const { ask, admitted, waited } = queue(admission);
    const pods = ['a', 'b', 'c', 'd'].map((name) => pod(name));
    for (const each of pods) ask(each);
    await settle();
    expect({ admitted, waited }).toEqual({ admitted: ['a', 'b'], waited: ['c', 'd'] });
    admission.release(pods[0] as StoredPod);
    await settle();
    expect(admitted).toEqual(['a', 'b', 'c']);
  });

  it('cost what their pods request together', async () => {
    const admission = new CpuAdmission(2);
    const { ask, admitted } = queue(admission);
    ask(pod('a', { cpu: '1500m' }));
    ask(pod('b', { cpu: '500m' }));
    ask(pod('c', { cpu: '100m' }));
    await settle();
    expect(admitted).toEqual(['a', 'b']);
    expect(admission.used).toBe(2);
  });

  it('that are bigger than the capacity run alone', async () => {
    const admission = new CpuAdmission(2);
    const { ask, admitted } = queue(admission);
    const big = pod('big', { cpu: '8' });
    ask(big);
    ask(pod('small'));
    await settle();
    expect(admitted).toEqual(['big']);
    admission.release(big);
    await settle();
    expect(admitted).toEqual(['big', 'small']);
  });

  it('have all their pods admitted, also late ones', async () => {
    const admission = new CpuAdmission(1);
    const { ask, admitted } = queue(admission);
    ask(pod('a-0', { job: 'a', cpu: '1' }));
    ask(pod('b-0', { job: 'b' }));
    ask(pod('a-1', { job: 'a', cpu: '1' }));
    await settle();
    expect(admitted).toEqual(['a-0', 'a-1']);
  });

  it('do not let a later one pass that would fit', async () => {
    const admission = new CpuAdmission(2);
    const { ask, admitted } = queue(admission);
    for (const each of [pod('a'), pod('b', { cpu: '2' }), pod('c')]) ask(each);
    await settle();
    expect(admitted).toEqual(['a']);
  });
});

it('forgets a pod that is stopped while it waits', async () => {
  const admission = new CpuAdmission(1);
  const { ask, admitted } = queue(admission);
  const first = pod('a');
  ask(first);
  const stop = new AbortController();
  const onWait = vi.fn();
  const waiting = admission.admit(pod('b'), stop.signal, onWait);
  ask(pod('c'));
  stop.abort();
  await expect(waiting).rejects.toThrow('stopped');
  expect(onWait).toHaveBeenCalledOnce();
  admission.release(first);
  await settle();
  expect(admitted).toEqual(['a', 'c']);
});
