import { describe, expect } from 'vitest';
import type { ObjectMeta } from '../../../core/kubernetes-object.ts';
import { type ConfigMap, CONFIG_MAPS, SECRETS } from '../../../kube/resource.ts';
import type { Stored } from '../../../core/kubernetes-object.ts';
import { type KubeClientSubject, testNeeding, useSubject } from './environment.ts';
import { configMap, eventually, exists, expectGone, ownedBy, secret } from './fixtures.ts';

const FINALIZER = 'example.com/one';

/** What becomes of the objects that belong to a deleted one. */
export function garbageCollectionCases(subject: KubeClientSubject): void {
  describe('garbage collection', () => {
    const fixture = useSubject(subject);
    const test = testNeeding(subject, 'garbage-collector');

    const create = (name: string, extra: Partial<ObjectMeta> = {}): Promise<Stored<ConfigMap>> =>
      fixture.client.create(CONFIG_MAPS, configMap(fixture.namespace, name, extra));

    const read = (name: string): Promise<Stored<ConfigMap>> =>
      fixture.client.get(CONFIG_MAPS, { namespace: fixture.namespace, name });

    const releaseFinalizers = (name: string): Promise<unknown> => {
      const patch = { type: 'merge' as const, body: { metadata: { finalizers: null } } };
      return fixture.client.patch(CONFIG_MAPS, { namespace: fixture.namespace, name }, patch);
    };

    test('dependents of every kind and generation follow their owner', async () => {
      const { client, namespace } = fixture;
      const owner = await create('owner');
      const child = await create('child', { ownerReferences: [ownedBy(owner)] });
      const grandchild = await client.create(SECRETS, {
        ...secret(namespace, 'grandchild'),
        metadata: { namespace, name: 'grandchild', ownerReferences: [ownedBy(child)] },
      });
      const bystander = await create('bystander');
      await client.delete(CONFIG_MAPS, { namespace, name: 'owner' }, { propagationPolicy: 'Background' });
      expect(await exists(client, CONFIG_MAPS, owner)).toBe(false);
      await expectGone(client, CONFIG_MAPS, child);
      await expectGone(client, SECRETS, grandchild);
      expect(await exists(client, CONFIG_MAPS, bystander)).toBe(true);
    });

    test('an object lives as long as one of its owners, and forgets the others', async () => {
      const { client, namespace } = fixture;
      const owners = [await create('first'), await create('second')];
      const child = await create('child', { ownerReferences: owners.map((owner) => ownedBy(owner)) });
      await client.delete(CONFIG_MAPS, { namespace, name: 'first' });
      await eventually(async () => {
        const { ownerReferences } = (await read('child')).metadata;
        expect(ownerReferences?.map(({ name }) => name)).toEqual(['second']);
      });
      await client.delete(CONFIG_MAPS, { namespace, name: 'second' });
      await expectGone(client, CONFIG_MAPS, child);
    });

    test('an owner of the same name and another uid does not count', async () => {
      const { client } = fixture;
      const owner = await create('owner');
      const uid = '00000000-0000-4000-8000-000000000000';
      const child = await create('child', { ownerReferences: [ownedBy(owner, { uid })] });
      await expectGone(client, CONFIG_MAPS, child);
      expect(await exists(client, CONFIG_MAPS, owner)).toBe(true);
    });

    test('an object that comes after its owner has gone is deleted', async () => {
      const { client, namespace } = fixture;
      const owner = await create('owner');
      await client.delete(CONFIG_MAPS, { namespace, name: 'owner' });
      await expectGone(client, CONFIG_MAPS, await create('late', { ownerReferences: [ownedBy(owner)] }));
    });

    test('Foreground: the owner waits for dependents that block its deletion', async () => {
      const { client, namespace } = fixture;
      const owner = await create('owner');
      const ownerReferences = [ownedBy(owner, { blockOwnerDeletion: true })];
      const child = await create('child', { ownerReferences, finalizers: [FINALIZER] });
      const marked = await client.delete(
        CONFIG_MAPS,
        { namespace, name: 'owner' },
        { propagationPolicy: 'Foreground' },
      );
      expect(marked.metadata.finalizers).toContain('foregroundDeletion');
      expect(marked.metadata.deletionTimestamp).toBeTruthy();
      await eventually(async () => expect((await read('child')).metadata.deletionTimestamp).toBeTruthy());
      expect(await exists(client, CONFIG_MAPS, owner)).toBe(true);
      await releaseFinalizers('child');
      await expectGone(client, CONFIG_MAPS, child);
      await expectGone(client, CONFIG_MAPS, owner);
    });

    test('Foreground: the owner does not wait for other dependents, but they go too', async () => {
      const { client, namespace } = fixture;
      const owner = await create('owner');
      const ownerReferences = [ownedBy(owner, { blockOwnerDeletion: false })];
      const child = await create('child', { ownerReferences, finalizers: [FINALIZER] });
      await client.delete(CONFIG_MAPS, { namespace, name: 'owner' }, { propagationPolicy: 'Foreground' });
      await expectGone(client, CONFIG_MAPS, owner);
      await eventually(async () => expect((await read('child')).metadata.deletionTimestamp).toBeTruthy());
      await releaseFinalizers('child');
      await expectGone(client, CONFIG_MAPS, child);
    });

    test('Foreground: waits for dependents of dependents', async () => {
      const { client, namespace } = fixture;
      const blocking = { blockOwnerDeletion: true };
      const owner = await create('owner');
      const child = await create('child', { ownerReferences: [ownedBy(owner, blocking)] });
      const grandchild = await create('grandchild', {
        ownerReferences: [ownedBy(child, blocking)],
        finalizers: [FINALIZER],
      });
      await client.delete(CONFIG_MAPS, { namespace, name: 'owner' }, { propagationPolicy: 'Foreground' });
      await eventually(async () =>
        expect((await read('grandchild')).metadata.deletionTimestamp).toBeTruthy(),
      );
      expect(await exists(client, CONFIG_MAPS, child)).toBe(true);
      expect(await exists(client, CONFIG_MAPS, owner)).toBe(true);
      await releaseFinalizers('grandchild');
      for (const object of [grandchild, child, owner]) await expectGone(client, CONFIG_MAPS, object);
    });

    test('Foreground: an owner without dependents goes', async () => {
      const { client, namespace } = fixture;
      const owner = await create('owner');
      await client.delete(CONFIG_MAPS, { namespace, name: 'owner' }, { propagationPolicy: 'Foreground' });
      await expectGone(client, CONFIG_MAPS, owner);
    });

    test('Orphan: dependents stay, without an owner', async () => {
      const { client, namespace } = fixture;
      const owner = await create('owner');
      const child = await create('child', { ownerReferences: [ownedBy(owner)] });
      await client.delete(CONFIG_MAPS, { namespace, name: 'owner' }, { propagationPolicy: 'Orphan' });
      await expectGone(client, CONFIG_MAPS, owner);
      expect(await exists(client, CONFIG_MAPS, child)).toBe(true);
      expect((await read('child')).metadata.ownerReferences).toBeUndefined();
    });
  });
}
