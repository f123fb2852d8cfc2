import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { KubeObject } from '../../core/kubernetes-object.ts';
import { ApiError } from '../../kube/api-error.ts';
import { CONFIG_MAPS, EXPERIMENTS } from '../../kube/resource.ts';
import type { Admission } from '../../local/object-store/object-store.ts';
import { experiment } from '../contract/kube-client/fixtures.ts';
import { NAMESPACE, openStoreFixture, type StoreFixture } from './object-store-fixture.ts';

let fixture: StoreFixture;
let admission: Admission;

beforeEach(() => {
  admission = (request) => request.object;
  fixture = openStoreFixture((request) => admission(request));
});

afterEach(() => {
  fixture.store.close();
});

describe('admission', () => {
  it('fills in defaults when an object is created or changed', async () => {
    admission = ({ object, operation }) => ({ ...object, data: { operation } });
    expect((await fixture.create('a')).data).toEqual({ operation: 'CREATE' });
    const patch = { type: 'merge' as const, body: { metadata: { labels: { app: 'x' } } } };
    const patched = await fixture.client.patch(CONFIG_MAPS, { namespace: NAMESPACE, name: 'a' }, patch);
    expect(patched.data).toEqual({ operation: 'UPDATE' });
  });

  it('sees the named object and what is stored', async () => {
    const seen = vi.fn<Admission>(({ object }) => object);
    admission = seen;
    const created = await fixture.create('a');
    await fixture.client.update(CONFIG_MAPS, { ...created, data: { key: 'new' } });
    const uid = created.metadata.uid;
    expect(seen.mock.calls.map(([request]) => request)).toMatchObject([
      { operation: 'CREATE', object: { metadata: { name: 'a', uid } }, old: null },
      { operation: 'UPDATE', object: { data: { key: 'new' }, metadata: { uid } }, old: created },
    ]);
  });

  it('refuses, and nothing happens', async () => {
    admission = () => {
      throw new ApiError('Invalid', 'not like this');
    };
    await expect(fixture.create('a')).rejects.toMatchObject({ reason: 'Invalid', message: 'not like this' });
    expect(await fixture.names()).toEqual([]);
  });

  it('cannot change identity or status', async () => {
    const forged = { uid: 'forged', name: 'forged', creationTimestamp: '2001-01-01T00:00:00Z' };
    const created = await fixture.client.create(EXPERIMENTS, experiment(NAMESPACE, 'a'));
    admission = ({ object }) =>
      ({ ...object, metadata: { ...object.metadata, ...forged }, status: { trials: 1 } }) as KubeObject;
    expect((await fixture.create('b')).metadata).toMatchObject({ name: 'b' });
    const changed = { ...created, spec: { ...created.spec, maxTrialCount: 9 } };
    await expect(fixture.client.update(EXPERIMENTS, changed)).rejects.toMatchObject({ reason: 'Invalid' });
  });

  it('sees the status that is written, and can change nothing else then', async () => {
    const created = await fixture.client.create(EXPERIMENTS, experiment(NAMESPACE, 'a'));
    admission = ({ object, operation }) => {
      expect(operation).toBe('UPDATE_STATUS');
      return { ...object, spec: {}, status: { trials: 2 } } as KubeObject;
    };
    const updated = await fixture.client.updateStatus(EXPERIMENTS, { ...created, status: { trials: 1 } });
    expect(updated).toMatchObject({ spec: created.spec, status: { trials: 2 } });
  });

  it('is not asked about deletion', async () => {
    await fixture.client.create(EXPERIMENTS, experiment(NAMESPACE, 'a'));
    admission = () => {
      throw new ApiError('Forbidden', 'no');
    };
    await fixture.client.delete(EXPERIMENTS, { namespace: NAMESPACE, name: 'a' });
  });
});
