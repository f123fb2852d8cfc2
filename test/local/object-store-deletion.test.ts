import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { KubeObject, Stored } from '../../core/kubernetes-object.ts';
import { CONFIG_MAPS, NAMESPACES, PODS } from '../../kube/resource.ts';
import { pod } from '../contract/kube-client/fixtures.ts';
import { settle } from '../support/fake-clock.ts';
import {
  blockingOwner,
  configMap,
  NAMESPACE,
  openStoreFixture,
  settleAll,
  type StoreFixture,
} from './object-store-fixture.ts';

let fixture: StoreFixture;

beforeEach(() => {
  fixture = openStoreFixture();
});

afterEach(() => {
  fixture.store.close();
});

describe('deletion', () => {
  it('times of a graceful deletion come from the fixture.clock', async () => {
    await fixture.client.create(PODS, pod(NAMESPACE, 'a', 'this-computer'));
    const marked = await fixture.client.delete(
      PODS,
      { namespace: NAMESPACE, name: 'a' },
      { gracePeriodSeconds: 90 },
    );
    expect(marked.metadata.deletionTimestamp).toBe('2026-01-01T00:01:30Z');
    await fixture.clock.advance(10_000);
    const hurried = await fixture.client.delete(
      PODS,
      { namespace: NAMESPACE, name: 'a' },
      { gracePeriodSeconds: 30 },
    );
    expect(hurried.metadata.deletionTimestamp).toBe('2026-01-01T00:00:30Z');
  });

  it('refuses a negative grace period', async () => {
    await fixture.create('a');
    const attempt = fixture.client.delete(
      CONFIG_MAPS,
      { namespace: NAMESPACE, name: 'a' },
      { gracePeriodSeconds: -1 },
    );
    await expect(attempt).rejects.toMatchObject({ reason: 'BadRequest' });
  });

  it('the latest explicit policy counts', async () => {
    const parent = await fixture.create('parent', { finalizers: ['example.com/one'] });
    await fixture.create('child', { ownerReferences: [blockingOwner(parent)] });
    const ref = { namespace: NAMESPACE, name: 'parent' };
    await fixture.client.delete(CONFIG_MAPS, ref, { propagationPolicy: 'Orphan' });
    const changed = await fixture.client.delete(CONFIG_MAPS, ref, { propagationPolicy: 'Background' });
    expect(changed.metadata.finalizers).toEqual(['example.com/one']);
    const unchanged = await fixture.client.delete(CONFIG_MAPS, ref);
    expect(unchanged).toEqual(changed);
  });

  it('objects that own each other are both deleted in the foreground', async () => {
    const first = await fixture.create('first');
    const second = await fixture.create('second', { ownerReferences: [blockingOwner(first)] });
    const body = { metadata: { ownerReferences: [blockingOwner(second)] } };
    await fixture.client.patch(CONFIG_MAPS, { namespace: NAMESPACE, name: 'first' }, { type: 'merge', body });
    await fixture.client.delete(
      CONFIG_MAPS,
      { namespace: NAMESPACE, name: 'first' },
      { propagationPolicy: 'Foreground' },
    );
    await settleAll();
    expect(await fixture.names()).toEqual([]);
  });

  it('an owner in another namespace does not count', async () => {
    const elsewhere = await fixture.client.create(CONFIG_MAPS, {
      ...configMap('x'),
      metadata: { namespace: 'other', name: 'x' },
    });
    await fixture.create('child', { ownerReferences: [blockingOwner(elsewhere)] });
    await settleAll();
    expect(await fixture.names()).toEqual(['x']);
  });

  it('thousands of dependents go, and others get their turn meanwhile', async () => {
    const parent = await fixture.create('parent');
    for (let index = 0; index < 1000; index++)
      await fixture.create(`child-${index}`, { ownerReferences: [blockingOwner(parent)] });
    await settleAll();
    await fixture.client.delete(
      CONFIG_MAPS,
      { namespace: NAMESPACE, name: 'parent' },
      { propagationPolicy: 'Foreground' },
    );
    await settle();
    expect((await fixture.names()).length).toBeGreaterThan(0);
    await settleAll(50);
    expect(await fixture.names()).toEqual([]);
  });

  it('what the collector failed to do is tried again', async () => {
    const parent = await fixture.create('parent');
    await fixture.create('child', { ownerReferences: [blockingOwner(parent)] });
    await settleAll();
    await fixture.client.delete(CONFIG_MAPS, { namespace: NAMESPACE, name: 'parent' });
    const now = vi.spyOn(fixture.clock, 'now').mockImplementation(() => {
      throw new Error('no time');
    });
    await settleAll();
    now.mockRestore();
    await settleAll();
    expect(await fixture.names()).toEqual(['child']);
    await fixture.clock.advance(5_000);
    expect(await fixture.names()).toEqual([]);
  });
});

describe('namespaces', () => {
  const deleteNamespace = (): Promise<Stored<KubeObject>> =>
    fixture.client.delete(NAMESPACES, { name: NAMESPACE });

  beforeEach(async () => {
    await fixture.client.create(NAMESPACES, {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: NAMESPACE },
    });
  });

  it('take everything in them along', async () => {
    for (let index = 0; index < 120; index++) await fixture.create(`a${index}`);
    await fixture.client.create(CONFIG_MAPS, {
      ...configMap('a'),
      metadata: { namespace: 'other', name: 'a' },
    });
    await deleteNamespace();
    await settleAll();
    expect((await fixture.client.list(CONFIG_MAPS)).items.map(({ metadata }) => metadata.namespace)).toEqual([
      'other',
    ]);
    expect((await fixture.client.list(NAMESPACES)).items).toEqual([]);
  });

  it('wait for what is held back, and take nothing new meanwhile', async () => {
    await fixture.create('held', { finalizers: ['example.com/one'] });
    const marked = await deleteNamespace();
    expect(marked).toMatchObject({ status: { phase: 'Terminating' } });
    await settleAll();
    expect((await fixture.client.list(NAMESPACES)).items).toHaveLength(1);
    await expect(fixture.create('late')).rejects.toMatchObject({ reason: 'Forbidden' });
    const patch = { type: 'merge' as const, body: { metadata: { finalizers: null } } };
    await fixture.client.patch(CONFIG_MAPS, { namespace: NAMESPACE, name: 'held' }, patch);
    await settleAll();
    expect((await fixture.client.list(NAMESPACES)).items).toEqual([]);
  });
});
