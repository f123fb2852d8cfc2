import { describe, expect, test } from 'vitest';
import type { StoredPod } from '../../../core/pod.ts';
import { CONFIG_MAPS, PODS } from '../../../kube/resource.ts';
import { type KubeClientSubject, useSubject } from './environment.ts';
import { configMap, createPod, expectApiError, exists, pod, setPhase } from './fixtures.ts';

/** Deleting single objects: finalizers, preconditions, grace periods. */
export function deletionCases(subject: KubeClientSubject): void {
  finalizerCases(subject);
  gracefulCases(subject);
}

function finalizerCases(subject: KubeClientSubject): void {
  describe('delete', () => {
    const fixture = useSubject(subject);

    test('removes the object and returns its last state', async () => {
      const { client, namespace } = fixture;
      const created = await client.create(CONFIG_MAPS, configMap(namespace, 'a'));
      const deleted = await client.delete(CONFIG_MAPS, { namespace, name: 'a' });
      expect(deleted.metadata.uid).toBe(created.metadata.uid);
      await expectApiError(client.get(CONFIG_MAPS, { namespace, name: 'a' }), 'NotFound');
      await expectApiError(client.delete(CONFIG_MAPS, { namespace, name: 'a' }), 'NotFound');
    });

    test('the name is free again, for another object', async () => {
      const { client, namespace } = fixture;
      const first = await client.create(CONFIG_MAPS, configMap(namespace, 'a'));
      await client.delete(CONFIG_MAPS, { namespace, name: 'a' });
      const second = await client.create(CONFIG_MAPS, configMap(namespace, 'a'));
      expect(second.metadata.uid).not.toBe(first.metadata.uid);
      expect(Number(second.metadata.resourceVersion)).toBeGreaterThan(Number(first.metadata.resourceVersion));
    });

    test('another uid or version than wanted is Conflict', async () => {
      const { client, namespace } = fixture;
      const created = await client.create(CONFIG_MAPS, configMap(namespace, 'a'));
      const { uid, resourceVersion } = created.metadata;
      const ref = { namespace, name: 'a' };
      const other = '00000000-0000-4000-8000-000000000000';
      await expectApiError(client.delete(CONFIG_MAPS, ref, { preconditions: { uid: other } }), 'Conflict');
      await client.patch(CONFIG_MAPS, ref, { type: 'merge', body: { data: { key: 'new' } } });
      await expectApiError(
        client.delete(CONFIG_MAPS, ref, { preconditions: { resourceVersion } }),
        'Conflict',
      );
      await client.delete(CONFIG_MAPS, ref, { preconditions: { uid } });
      expect(await exists(client, CONFIG_MAPS, created)).toBe(false);
    });

    test('a finalizer holds the object back, marked', async () => {
      const { client, namespace } = fixture;
      await client.create(CONFIG_MAPS, configMap(namespace, 'a', { finalizers: ['example.com/one'] }));
      const marked = await client.delete(CONFIG_MAPS, { namespace, name: 'a' });
      expect(marked.metadata.deletionTimestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      expect(await client.get(CONFIG_MAPS, { namespace, name: 'a' })).toEqual(marked);
      const again = await client.delete(CONFIG_MAPS, { namespace, name: 'a' });
      expect(again.metadata.deletionTimestamp).toBe(marked.metadata.deletionTimestamp);
      await expectApiError(client.create(CONFIG_MAPS, configMap(namespace, 'a')), 'AlreadyExists');
    });

    test('the object goes with its last finalizer, not before', async () => {
      const { client, namespace } = fixture;
      const finalizers = ['example.com/one', 'example.com/two'];
      const created = await client.create(CONFIG_MAPS, configMap(namespace, 'a', { finalizers }));
      const marked = await client.delete(CONFIG_MAPS, { namespace, name: 'a' });
      const withFinalizers = (left: string[]) => ({
        ...marked,
        metadata: { ...marked.metadata, finalizers: left },
      });
      const once = await client.update(CONFIG_MAPS, withFinalizers(['example.com/two']));
      expect(await exists(client, CONFIG_MAPS, created)).toBe(true);
      const { resourceVersion } = once.metadata;
      const last = withFinalizers([]);
      await client.update(CONFIG_MAPS, { ...last, metadata: { ...last.metadata, resourceVersion } });
      expect(await exists(client, CONFIG_MAPS, created)).toBe(false);
    });

    test('an object that is being deleted takes writes, but no new finalizers', async () => {
      const { client, namespace } = fixture;
      const ref = { namespace, name: 'a' };
      await client.create(CONFIG_MAPS, configMap(namespace, 'a', { finalizers: ['example.com/one'] }));
      await client.delete(CONFIG_MAPS, ref);
      const patched = await client.patch(CONFIG_MAPS, ref, { type: 'merge', body: { data: { key: 'new' } } });
      expect(patched.data).toEqual({ key: 'new' });
      expect(patched.metadata.deletionTimestamp).toBeTruthy();
      const body = { metadata: { finalizers: ['example.com/one', 'example.com/two'] } };
      await expectApiError(client.patch(CONFIG_MAPS, ref, { type: 'merge', body }), 'Invalid');
    });
  });
}

function gracefulCases(subject: KubeClientSubject): void {
  describe('delete of Pods', () => {
    const fixture = useSubject(subject);

    /** Bound to a node whose kubelet will never answer. */
    const boundPod = (): Promise<StoredPod> =>
      createPod(fixture.client, pod(fixture.namespace, 'a', `no-such-node-${fixture.namespace}`));

    test('a pod that is on no node goes at once', async () => {
      const { client, namespace } = fixture;
      const created = await createPod(client, pod(namespace, 'a'));
      await client.delete(PODS, { namespace, name: 'a' });
      expect(await exists(client, PODS, created)).toBe(false);
    });

    test('a pod that has finished goes at once', async () => {
      const { client, namespace } = fixture;
      const created = await boundPod();
      await setPhase(client, created, 'Failed');
      await client.delete(PODS, { namespace, name: 'a' });
      expect(await exists(client, PODS, created)).toBe(false);
    });

    test('a pod on a node is marked with its own grace period, until it is deleted without one', async () => {
      const { client, namespace } = fixture;
      const created = await boundPod();
      await setPhase(client, created, 'Running');
      const marked = await client.delete(PODS, { namespace, name: 'a' });
      expect(marked.metadata.deletionGracePeriodSeconds).toBe(20);
      const graceMs =
        Date.parse(marked.metadata.deletionTimestamp ?? '') - Date.parse(created.metadata.creationTimestamp);
      expect(graceMs).toBeGreaterThanOrEqual(20_000);
      expect(await exists(client, PODS, created)).toBe(true);
      await client.delete(PODS, { namespace, name: 'a' }, { gracePeriodSeconds: 0 });
      expect(await exists(client, PODS, created)).toBe(false);
    });

    test('a later deletion can shorten the grace period, not lengthen it', async () => {
      const { client, namespace } = fixture;
      await boundPod();
      const graceAfter = async (gracePeriodSeconds: number): Promise<unknown> =>
        (await client.delete(PODS, { namespace, name: 'a' }, { gracePeriodSeconds })).metadata
          .deletionGracePeriodSeconds;
      expect(await graceAfter(60)).toBe(60);
      expect(await graceAfter(15)).toBe(15);
      expect(await graceAfter(40)).toBe(15);
      await client.delete(PODS, { namespace, name: 'a' }, { gracePeriodSeconds: 0 });
    });

    test('finalizers hold a pod back even without a grace period', async () => {
      const { client, namespace } = fixture;
      const object = pod(namespace, 'a');
      const finalizers = ['example.com/one'];
      const created = await createPod(client, { ...object, metadata: { ...object.metadata, finalizers } });
      await client.delete(PODS, { namespace, name: 'a' }, { gracePeriodSeconds: 0 });
      expect(await exists(client, PODS, created)).toBe(true);
      await client.patch(
        PODS,
        { namespace, name: 'a' },
        { type: 'merge', body: { metadata: { finalizers: null } } },
      );
      expect(await exists(client, PODS, created)).toBe(false);
    });
  });
}
