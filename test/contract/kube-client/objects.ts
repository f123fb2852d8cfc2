import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../../../core/kubernetes-object.ts';
import { CONFIG_MAPS, EXPERIMENTS, NAMESPACES, PODS, SECRETS } from '../../../kube/resource.ts';
import { createNamespace, type KubeClientSubject, useSubject } from './environment.ts';
import { configMap, createPod, experiment, expectApiError, pod, secret } from './fixtures.ts';

/** Creating and reading. */
export function objectCases(subject: KubeClientSubject): void {
  describe('create and get', () => {
    const fixture = useSubject(subject);

    test('a new object gets identity, version and creation time', async () => {
      const { client, namespace } = fixture;
      const created = await client.create(CONFIG_MAPS, configMap(namespace, 'a', { labels: { app: 'x' } }));
      expect(created).toMatchObject(configMap(namespace, 'a', { labels: { app: 'x' } }));
      expect(created.metadata.uid).toMatch(/^[0-9a-f-]{36}$/);
      expect(created.metadata.resourceVersion).toMatch(/^[1-9]\d*$/);
      expect(created.metadata.creationTimestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    });

    test('get returns what create returned', async () => {
      const { client, namespace } = fixture;
      const created = await client.create(EXPERIMENTS, experiment(namespace, 'a'));
      expect(await client.get(EXPERIMENTS, { namespace, name: 'a' })).toEqual(created);
    });

    test('get of a name that does not exist is NotFound', async () => {
      const { client, namespace } = fixture;
      await expectApiError(client.get(CONFIG_MAPS, { namespace, name: 'absent' }), 'NotFound');
    });

    test('cluster-scoped objects have no namespace', async () => {
      const { client, namespace } = fixture;
      const stored = await client.get(NAMESPACES, { name: namespace });
      expect(stored.metadata.name).toBe(namespace);
      expect(stored.metadata.namespace).toBeUndefined();
    });

    test('a name that is taken is AlreadyExists, and the object stays as it is', async () => {
      const { client, namespace } = fixture;
      const first = await client.create(CONFIG_MAPS, configMap(namespace, 'a'));
      const second = { ...configMap(namespace, 'a'), data: { key: 'other' } };
      await expectApiError(client.create(CONFIG_MAPS, second), 'AlreadyExists');
      expect(await client.get(CONFIG_MAPS, { namespace, name: 'a' })).toEqual(first);
    });

    test('one name in two namespaces, or of two kinds, names different objects', async () => {
      const { client, namespace } = fixture;
      const elsewhere = await createNamespace(client);
      const objects = await Promise.all([
        client.create(CONFIG_MAPS, configMap(namespace, 'a')),
        client.create(CONFIG_MAPS, configMap(elsewhere, 'a')),
        client.create(SECRETS, secret(namespace, 'a')),
      ]);
      expect(new Set(objects.map((object) => object.metadata.uid)).size).toBe(3);
    });

    test('generateName gets five characters that differ', async () => {
      const { client, namespace } = fixture;
      const unnamed: KubeObject = {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { namespace, generateName: 'run-' },
      };
      const [first, second] = await Promise.all([
        client.create(CONFIG_MAPS, unnamed),
        client.create(CONFIG_MAPS, unnamed),
      ]);
      expect(first.metadata.name).toMatch(/^run-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
      expect(second.metadata.name).not.toBe(first.metadata.name);
    });

    test('a name wins over generateName', async () => {
      const { client, namespace } = fixture;
      const created = await client.create(CONFIG_MAPS, configMap(namespace, 'a', { generateName: 'run-' }));
      expect(created.metadata.name).toBe('a');
    });

    test.each([
      ['upper case letters', 'Name'],
      ['an underscore', 'a_b'],
      ['a leading dash', '-a'],
      ['a trailing dot', 'a.'],
      ['254 characters', 'a'.repeat(254)],
    ])('a name with %s is Invalid', async (_problem, name) => {
      const { client, namespace } = fixture;
      await expectApiError(client.create(CONFIG_MAPS, configMap(namespace, name)), 'Invalid');
    });

    test.each([['a'.repeat(253)], ['a.b-c.d'], ['0']])('the name %s is accepted', async (name) => {
      const { client, namespace } = fixture;
      const created = await client.create(CONFIG_MAPS, configMap(namespace, name));
      expect(created.metadata.name).toBe(name);
    });

    test('an object without any name is Invalid', async () => {
      const { client, namespace } = fixture;
      const unnamed: KubeObject = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace } };
      await expectApiError(client.create(CONFIG_MAPS, unnamed), 'Invalid');
    });

    test.each([
      ['a value of 64 characters', { key: 'v'.repeat(64) }],
      ['a value with a space', { key: 'two words' }],
      ['a key with two slashes', { 'a/b/c': 'v' }],
      ['an upper case prefix', { 'Prefix.io/name': 'v' }],
      ['an empty name after the prefix', { 'prefix.io/': 'v' }],
    ])('labels with %s are Invalid', async (_problem, labels) => {
      const { client, namespace } = fixture;
      await expectApiError(client.create(CONFIG_MAPS, configMap(namespace, 'a', { labels })), 'Invalid');
    });

    test('two controlling owners are Invalid', async () => {
      const { client, namespace } = fixture;
      const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'o', controller: true };
      const ownerReferences = [
        { ...owner, uid: '1' },
        { ...owner, uid: '2' },
      ];
      await expectApiError(
        client.create(CONFIG_MAPS, configMap(namespace, 'a', { ownerReferences })),
        'Invalid',
      );
    });

    test('an object that carries a version cannot be created', async () => {
      const { client, namespace } = fixture;
      await expectApiError(client.create(CONFIG_MAPS, configMap(namespace, 'a', { resourceVersion: '1' })));
    });

    test('what only the API may decide is not taken from the writer', async () => {
      const { client, namespace } = fixture;
      const forged = { uid: 'mine', generation: 7, creationTimestamp: '2001-01-01T00:00:00Z' };
      const deletion = { deletionTimestamp: '2001-01-01T00:00:00Z', deletionGracePeriodSeconds: 5 };
      const { metadata } = await client.create(
        EXPERIMENTS,
        experiment(namespace, 'a', { ...forged, ...deletion }),
      );
      expect(metadata.uid).not.toBe('mine');
      expect(metadata.generation).toBe(1);
      expect(metadata.creationTimestamp).not.toBe(forged.creationTimestamp);
      expect(metadata.deletionTimestamp ?? null).toBeNull();
      expect(metadata.deletionGracePeriodSeconds ?? null).toBeNull();
    });

    test('the status of a new object is dropped', async () => {
      const { client, namespace } = fixture;
      const created = await client.create(EXPERIMENTS, {
        ...experiment(namespace, 'a'),
        status: { trials: 3 },
      });
      expect(created.status).toBeUndefined();
    });

    test('a new Pod is Pending', async () => {
      const { client, namespace } = fixture;
      const created = await createPod(client, { ...pod(namespace, 'a'), status: { phase: 'Running' } });
      expect(created.status?.phase).toBe('Pending');
      expect((await client.get(PODS, { namespace, name: 'a' })).spec.restartPolicy).toBe('Never');
    });

    test('an object of another kind is BadRequest', async () => {
      const { client, namespace } = fixture;
      const wrong: KubeObject = { ...secret(namespace, 'a') };
      await expectApiError(client.create(CONFIG_MAPS, wrong), 'BadRequest');
    });

    test('ConfigMap values that are not text are BadRequest', async () => {
      const { client, namespace } = fixture;
      const data = { key: 1 } as unknown as Record<string, string>;
      const wrong = { ...configMap(namespace, 'a'), data };
      await expectApiError(client.create(CONFIG_MAPS, wrong), 'BadRequest');
    });

    test('stringData of a Secret is folded into data', async () => {
      const { client, namespace } = fixture;
      const encoded = { kept: 'MQ==', replaced: 'MQ==' };
      const created = await client.create(SECRETS, {
        ...secret(namespace, 'a'),
        data: encoded,
        stringData: { replaced: 'ü' },
      });
      expect(created.data).toEqual({ kept: 'MQ==', replaced: 'w7w=' });
      expect(created.stringData).toBeUndefined();
    });

    test('returned objects and arguments stay apart from what is stored', async () => {
      const { client, namespace } = fixture;
      const given = configMap(namespace, 'a', { labels: { app: 'x' } });
      const before = structuredClone(given);
      const created = await client.create(CONFIG_MAPS, given);
      expect(given).toEqual(before);
      created.data = { key: 'changed' };
      given.data = { key: 'changed' };
      const read = await client.get(CONFIG_MAPS, { namespace, name: 'a' });
      expect(read.data).toEqual({ key: 'value' });
      read.metadata.labels = {};
      expect((await client.get(CONFIG_MAPS, { namespace, name: 'a' })).metadata.labels).toEqual({ app: 'x' });
    });
  });
}
