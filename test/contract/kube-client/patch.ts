import { describe, expect, test } from 'vitest';
import type { JsonPatchOperation, Patch } from '../../../kube/client.ts';
import { CONFIG_MAPS, EXPERIMENTS } from '../../../kube/resource.ts';
import { type KubeClientSubject, useSubject } from './environment.ts';
import { configMap, experiment, expectApiError, expectGone } from './fixtures.ts';

const merge = (body: Record<string, unknown>): Patch => ({ type: 'merge', body });
const json = (...body: JsonPatchOperation[]): Patch => ({ type: 'json', body });

export function patchCases(subject: KubeClientSubject): void {
  describe('patch', () => {
    const fixture = useSubject(subject);

    test('merge adds, changes and removes fields', async () => {
      const { client, namespace } = fixture;
      await client.create(CONFIG_MAPS, { ...configMap(namespace, 'a'), data: { a: '1', b: '2', c: '3' } });
      const body = { metadata: { labels: { app: 'x' } }, data: { a: null, b: 'new', d: '4' } };
      const patched = await client.patch(CONFIG_MAPS, { namespace, name: 'a' }, merge(body));
      expect(patched.data).toEqual({ b: 'new', c: '3', d: '4' });
      expect(patched.metadata.labels).toEqual({ app: 'x' });
      expect(await client.get(CONFIG_MAPS, { namespace, name: 'a' })).toEqual(patched);
    });

    test('merge replaces arrays as a whole', async () => {
      const { client, namespace } = fixture;
      const finalizers = ['example.com/one', 'example.com/two'];
      await client.create(CONFIG_MAPS, configMap(namespace, 'a', { finalizers }));
      const patch = merge({ metadata: { finalizers: ['example.com/three'] } });
      const patched = await client.patch(CONFIG_MAPS, { namespace, name: 'a' }, patch);
      expect(patched.metadata.finalizers).toEqual(['example.com/three']);
    });

    test('a change of the content counts a generation', async () => {
      const { client, namespace } = fixture;
      await client.create(EXPERIMENTS, experiment(namespace, 'a'));
      const ref = { namespace, name: 'a' };
      const patched = await client.patch(EXPERIMENTS, ref, merge({ spec: { maxTrialCount: 9 } }));
      expect(patched.spec.maxTrialCount).toBe(9);
      expect(patched.metadata.generation).toBe(2);
    });

    test('a version in the patch is a precondition', async () => {
      const { client, namespace } = fixture;
      const created = await client.create(CONFIG_MAPS, configMap(namespace, 'a'));
      const ref = { namespace, name: 'a' };
      const patch = (key: string): Patch =>
        merge({ metadata: { resourceVersion: created.metadata.resourceVersion }, data: { key } });
      const patched = await client.patch(CONFIG_MAPS, ref, patch('first'));
      await expectApiError(client.patch(CONFIG_MAPS, ref, patch('second')), 'Conflict');
      expect(await client.get(CONFIG_MAPS, ref)).toEqual(patched);
    });

    test('a patch that changes nothing keeps the version', async () => {
      const { client, namespace } = fixture;
      const created = await client.create(CONFIG_MAPS, configMap(namespace, 'a'));
      const ref = { namespace, name: 'a' };
      expect(await client.patch(CONFIG_MAPS, ref, merge({ data: { key: 'value', absent: null } }))).toEqual(
        created,
      );
    });

    test('an object that does not exist is NotFound', async () => {
      const { client, namespace } = fixture;
      await expectApiError(client.patch(CONFIG_MAPS, { namespace, name: 'absent' }, merge({})), 'NotFound');
    });

    test('JSON patch operations apply in order', async () => {
      const { client, namespace } = fixture;
      await client.create(CONFIG_MAPS, { ...configMap(namespace, 'a'), data: { a: '1', b: '2', c: '3' } });
      const patch = json(
        { op: 'test', path: '/data/a', value: '1' },
        { op: 'replace', path: '/data/a', value: 'new' },
        { op: 'copy', from: '/data/a', path: '/data/copied' },
        { op: 'move', from: '/data/b', path: '/data/moved' },
        { op: 'remove', path: '/data/c' },
        { op: 'add', path: '/metadata/labels', value: {} },
        { op: 'add', path: '/metadata/labels/example.com~1app', value: 'x' },
      );
      const patched = await client.patch(CONFIG_MAPS, { namespace, name: 'a' }, patch);
      expect(patched.data).toEqual({ a: 'new', copied: 'new', moved: '2' });
      expect(patched.metadata.labels).toEqual({ 'example.com/app': 'x' });
    });

    test('JSON patch inserts into arrays', async () => {
      const { client, namespace } = fixture;
      await client.create(CONFIG_MAPS, configMap(namespace, 'a', { finalizers: ['example.com/middle'] }));
      const patch = json(
        { op: 'add', path: '/metadata/finalizers/-', value: 'example.com/last' },
        { op: 'add', path: '/metadata/finalizers/0', value: 'example.com/first' },
      );
      const patched = await client.patch(CONFIG_MAPS, { namespace, name: 'a' }, patch);
      expect(patched.metadata.finalizers).toEqual(
        ['first', 'middle', 'last'].map((name) => `example.com/${name}`),
      );
    });

    test.each<[string, JsonPatchOperation]>([
      ['whose test fails', { op: 'test', path: '/data/key', value: 'other' }],
      ['that removes what is not there', { op: 'remove', path: '/data/absent' }],
      ['that adds below what is not there', { op: 'add', path: '/absent/key', value: 'x' }],
    ])('a JSON patch %s is Invalid and changes nothing', async (_problem, operation) => {
      const { client, namespace } = fixture;
      const created = await client.create(CONFIG_MAPS, configMap(namespace, 'a'));
      const first: JsonPatchOperation = { op: 'add', path: '/data/added', value: 'x' };
      await expectApiError(
        client.patch(CONFIG_MAPS, { namespace, name: 'a' }, json(first, operation)),
        'Invalid',
      );
      expect(await client.get(CONFIG_MAPS, { namespace, name: 'a' })).toEqual(created);
    });

    test('a patch that makes the object invalid is Invalid', async () => {
      const { client, namespace } = fixture;
      await client.create(CONFIG_MAPS, configMap(namespace, 'a'));
      const patch = merge({ metadata: { labels: { key: 'two words' } } });
      await expectApiError(client.patch(CONFIG_MAPS, { namespace, name: 'a' }, patch), 'Invalid');
    });

    test('a patch cannot rename', async () => {
      const { client, namespace } = fixture;
      await client.create(CONFIG_MAPS, configMap(namespace, 'a'));
      const patch = merge({ metadata: { name: 'b' } });
      await expectApiError(
        client.patch(CONFIG_MAPS, { namespace, name: 'a' }, patch),
        'Invalid',
        'BadRequest',
      );
    });

    test('a patch can remove the finalizer that holds a deletion back', async () => {
      const { client, namespace } = fixture;
      const created = await client.create(
        CONFIG_MAPS,
        configMap(namespace, 'a', { finalizers: ['example.com/one'] }),
      );
      await client.delete(CONFIG_MAPS, { namespace, name: 'a' });
      await client.patch(CONFIG_MAPS, { namespace, name: 'a' }, merge({ metadata: { finalizers: null } }));
      await expectGone(client, CONFIG_MAPS, created);
    });
  });
}
