import { describe, expect, test } from 'vitest';
import { CONFIG_MAPS, EXPERIMENTS } from '../../../kube/resource.ts';
import { type KubeClientSubject, useSubject } from './environment.ts';
import { configMap, experiment, expectApiError } from './fixtures.ts';

/** `status` has a life of its own. */
export function statusCases(subject: KubeClientSubject): void {
  describe('status', () => {
    const fixture = useSubject(subject);

    test('updateStatus changes status and nothing else', async () => {
      const { client, namespace } = fixture;
      const created = await client.create(EXPERIMENTS, experiment(namespace, 'a'));
      const updated = await client.updateStatus(EXPERIMENTS, {
        ...created,
        metadata: { ...created.metadata, labels: { app: 'x' } },
        spec: { ...created.spec, maxTrialCount: 99 },
        status: { trials: 3 },
      });
      expect(updated.status).toEqual({ trials: 3 });
      expect(updated.spec).toEqual(created.spec);
      expect(updated.metadata.labels).toBeUndefined();
      expect(updated.metadata.generation).toBe(1);
      expect(updated.metadata.resourceVersion).not.toBe(created.metadata.resourceVersion);
      expect(await client.get(EXPERIMENTS, { namespace, name: 'a' })).toEqual(updated);
    });

    test('update leaves status alone', async () => {
      const { client, namespace } = fixture;
      const created = await client.create(EXPERIMENTS, experiment(namespace, 'a'));
      const withStatus = await client.updateStatus(EXPERIMENTS, { ...created, status: { trials: 3 } });
      const updated = await client.update(EXPERIMENTS, {
        ...withStatus,
        spec: { ...withStatus.spec, maxTrialCount: 5 },
        status: { trials: 99 },
      });
      expect(updated.status).toEqual({ trials: 3 });
      expect(updated.spec.maxTrialCount).toBe(5);
    });

    test('updateStatus replaces the whole status', async () => {
      const { client, namespace } = fixture;
      const created = await client.create(EXPERIMENTS, experiment(namespace, 'a'));
      const first = await client.updateStatus(EXPERIMENTS, {
        ...created,
        status: { trials: 3, trialsFailed: 1 },
      });
      const second = await client.updateStatus(EXPERIMENTS, { ...first, status: { trials: 4 } });
      expect(second.status).toEqual({ trials: 4 });
    });

    test('a stale version is Conflict', async () => {
      const { client, namespace } = fixture;
      const created = await client.create(EXPERIMENTS, experiment(namespace, 'a'));
      await client.updateStatus(EXPERIMENTS, { ...created, status: { trials: 1 } });
      await expectApiError(
        client.updateStatus(EXPERIMENTS, { ...created, status: { trials: 2 } }),
        'Conflict',
      );
    });

    test('a status that is the same keeps the version', async () => {
      const { client, namespace } = fixture;
      const created = await client.create(EXPERIMENTS, experiment(namespace, 'a'));
      const first = await client.updateStatus(EXPERIMENTS, { ...created, status: { trials: 1 } });
      expect(await client.updateStatus(EXPERIMENTS, first)).toEqual(first);
    });

    test('an object that does not exist is NotFound', async () => {
      const { client, namespace } = fixture;
      const absent = experiment(namespace, 'absent', { resourceVersion: '1' });
      await expectApiError(
        client.updateStatus(EXPERIMENTS, { ...absent, status: { trials: 1 } }),
        'NotFound',
      );
      const patch = { type: 'merge' as const, body: { status: { trials: 1 } } };
      await expectApiError(client.patchStatus(EXPERIMENTS, { namespace, name: 'absent' }, patch), 'NotFound');
    });

    test('a kind without a status has nothing there: NotFound', async () => {
      const { client, namespace } = fixture;
      const created = await client.create(CONFIG_MAPS, configMap(namespace, 'a'));
      await expectApiError(client.updateStatus(CONFIG_MAPS, created), 'NotFound');
    });

    test('patchStatus merges into status and nothing else', async () => {
      const { client, namespace } = fixture;
      const created = await client.create(EXPERIMENTS, experiment(namespace, 'a'));
      await client.updateStatus(EXPERIMENTS, { ...created, status: { trials: 3, trialsFailed: 1 } });
      const patched = await client.patchStatus(
        EXPERIMENTS,
        { namespace, name: 'a' },
        { type: 'merge', body: { spec: { maxTrialCount: 99 }, status: { trials: 4, trialsFailed: null } } },
      );
      expect(patched.status).toEqual({ trials: 4 });
      expect(patched.spec).toEqual(created.spec);
    });

    test('patchStatus takes JSON patches and versions', async () => {
      const { client, namespace } = fixture;
      const created = await client.create(EXPERIMENTS, experiment(namespace, 'a'));
      const ref = { namespace, name: 'a' };
      const add = { op: 'add' as const, path: '/status', value: { trials: 1 } };
      const patched = await client.patchStatus(EXPERIMENTS, ref, { type: 'json', body: [add] });
      expect(patched.status).toEqual({ trials: 1 });
      const { resourceVersion } = created.metadata;
      const stale = { metadata: { resourceVersion }, status: { trials: 2 } };
      await expectApiError(client.patchStatus(EXPERIMENTS, ref, { type: 'merge', body: stale }), 'Conflict');
    });

    test('patch leaves status alone', async () => {
      const { client, namespace } = fixture;
      const created = await client.create(EXPERIMENTS, experiment(namespace, 'a'));
      await client.updateStatus(EXPERIMENTS, { ...created, status: { trials: 3 } });
      const patched = await client.patch(
        EXPERIMENTS,
        { namespace, name: 'a' },
        { type: 'merge', body: { spec: { maxTrialCount: 5 }, status: { trials: 99 } } },
      );
      expect(patched.status).toEqual({ trials: 3 });
      expect(patched.spec.maxTrialCount).toBe(5);
    });
  });
}
