import { describe, expect, test } from 'vitest';
import { isApiError } from '../../../kube/api-error.ts';
import { CONFIG_MAPS, EXPERIMENTS } from '../../../kube/resource.ts';
import { type KubeClientSubject, testNeeding, useSubject } from './environment.ts';
import { configMap, experiment, expectApiError } from './fixtures.ts';

/** Replacing objects, and optimistic locking. */
export function updateCases(subject: KubeClientSubject): void {
  describe('update', () => {
    const fixture = useSubject(subject);

    test('replaces the content and gives a new version', async () => {
      const { client, namespace } = fixture;
      const created = await client.create(CONFIG_MAPS, configMap(namespace, 'a'));
      const updated = await client.update(CONFIG_MAPS, { ...created, data: { other: 'text' } });
      expect(updated.data).toEqual({ other: 'text' });
      expect(updated.metadata.resourceVersion).not.toBe(created.metadata.resourceVersion);
      expect(await client.get(CONFIG_MAPS, { namespace, name: 'a' })).toEqual(updated);
    });

    test('a stale version is Conflict and changes nothing', async () => {
      const { client, namespace } = fixture;
      const created = await client.create(CONFIG_MAPS, configMap(namespace, 'a'));
      const updated = await client.update(CONFIG_MAPS, { ...created, data: { key: 'first' } });
      await expectApiError(client.update(CONFIG_MAPS, { ...created, data: { key: 'second' } }), 'Conflict');
      expect(await client.get(CONFIG_MAPS, { namespace, name: 'a' })).toEqual(updated);
    });

    test('without a version the update is unconditional', async () => {
      const { client, namespace } = fixture;
      await client.create(CONFIG_MAPS, configMap(namespace, 'a'));
      const updated = await client.update(CONFIG_MAPS, {
        ...configMap(namespace, 'a'),
        data: { key: 'new' },
      });
      expect(updated.data).toEqual({ key: 'new' });
    });

    testNeeding(subject, 'unconditional-custom-resource-updates')(
      'without a version the update of a custom resource is unconditional',
      async () => {
        const { client, namespace } = fixture;
        await client.create(EXPERIMENTS, experiment(namespace, 'a'));
        const changed = experiment(namespace, 'a', { labels: { app: 'x' } });
        expect((await client.update(EXPERIMENTS, changed)).metadata.labels).toEqual({ app: 'x' });
      },
    );

    test('writers that retry on Conflict lose nothing', async () => {
      const { client, namespace } = fixture;
      await client.create(CONFIG_MAPS, { ...configMap(namespace, 'a'), data: { count: '0' } });
      const increment = async (): Promise<void> => {
        const current = await client.get(CONFIG_MAPS, { namespace, name: 'a' });
        const count = String(Number(current.data?.['count']) + 1);
        try {
          await client.update(CONFIG_MAPS, { ...current, data: { count } });
        } catch (error) {
          if (!isApiError(error, 'Conflict')) throw error;
          await increment();
        }
      };
      await Promise.all(Array.from({ length: 5 }, increment));
      expect((await client.get(CONFIG_MAPS, { namespace, name: 'a' })).data).toEqual({ count: '5' });
    });

    test('a write that changes nothing keeps the version', async () => {
      const { client, namespace } = fixture;
      const created = await client.create(CONFIG_MAPS, configMap(namespace, 'a'));
      expect(await client.update(CONFIG_MAPS, created)).toEqual(created);
      expect(await client.update(CONFIG_MAPS, configMap(namespace, 'a'))).toEqual(created);
    });

    test('an object that does not exist is NotFound', async () => {
      const { client, namespace } = fixture;
      await expectApiError(client.update(CONFIG_MAPS, configMap(namespace, 'absent')), 'NotFound');
    });

    test('the uid of another object is Conflict', async () => {
      const { client, namespace } = fixture;
      await client.create(CONFIG_MAPS, configMap(namespace, 'a'));
      const uid = '00000000-0000-4000-8000-000000000000';
      await expectApiError(client.update(CONFIG_MAPS, configMap(namespace, 'a', { uid })), 'Conflict');
    });

    test('identity and creation time stay', async () => {
      const { client, namespace } = fixture;
      const created = await client.create(CONFIG_MAPS, configMap(namespace, 'a'));
      const changed = configMap(namespace, 'a', {
        creationTimestamp: '2001-01-01T00:00:00Z',
        labels: { app: 'x' },
      });
      const updated = await client.update(CONFIG_MAPS, changed);
      expect(updated.metadata.uid).toBe(created.metadata.uid);
      expect(updated.metadata.creationTimestamp).toBe(created.metadata.creationTimestamp);
    });

    test('labels, annotations and finalizers are the writer’s', async () => {
      const { client, namespace } = fixture;
      const before = {
        labels: { a: '1', b: '2' },
        annotations: { note: 'x' },
        finalizers: ['example.com/one'],
      };
      const created = await client.create(CONFIG_MAPS, configMap(namespace, 'a', before));
      const { resourceVersion } = created.metadata;
      const after = configMap(namespace, 'a', { resourceVersion, labels: { b: '3' }, finalizers: [] });
      const updated = await client.update(CONFIG_MAPS, after);
      expect(updated.metadata.labels).toEqual({ b: '3' });
      expect(updated.metadata.annotations).toBeUndefined();
      expect(updated.metadata.finalizers ?? []).toEqual([]);
    });

    test('invalid labels are Invalid', async () => {
      const { client, namespace } = fixture;
      await client.create(CONFIG_MAPS, configMap(namespace, 'a'));
      const wrong = configMap(namespace, 'a', { labels: { key: '-' } });
      await expectApiError(client.update(CONFIG_MAPS, wrong), 'Invalid');
    });

    test('a writer cannot mark an object as being deleted', async () => {
      const { client, namespace } = fixture;
      const created = await client.create(
        CONFIG_MAPS,
        configMap(namespace, 'a', { finalizers: ['example.com/one'] }),
      );
      const metadata = { ...created.metadata, deletionTimestamp: '2030-01-01T00:00:00Z' };
      await expectApiError(client.update(CONFIG_MAPS, { ...created, metadata }), 'Invalid');
      const read = await client.get(CONFIG_MAPS, { namespace, name: 'a' });
      expect(read.metadata.deletionTimestamp ?? null).toBeNull();
    });

    test('generation counts changes of the content, not of metadata', async () => {
      const { client, namespace } = fixture;
      const created = await client.create(EXPERIMENTS, experiment(namespace, 'a'));
      expect(created.metadata.generation).toBe(1);
      const labelled = { ...created, metadata: { ...created.metadata, labels: { app: 'x' } } };
      const relabelled = await client.update(EXPERIMENTS, labelled);
      expect(relabelled.metadata.generation).toBe(1);
      const enlarged = { ...relabelled, spec: { ...relabelled.spec, maxTrialCount: 9 } };
      expect((await client.update(EXPERIMENTS, enlarged)).metadata.generation).toBe(2);
    });
  });
}
