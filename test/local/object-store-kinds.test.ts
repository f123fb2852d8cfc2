import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rfc3339Seconds } from '../../core/time.ts';
import type { KubeObject } from '../../core/kubernetes-object.ts';
import {
  CONFIG_MAPS,
  EVENTS,
  type KubeEvent,
  NAMESPACES,
  TFJOBS,
  TFJOBS_V1BETA2,
} from '../../kube/resource.ts';
import { settle } from '../support/fake-clock.ts';
import { configMap, NAMESPACE, openStoreFixture, type StoreFixture } from './object-store-fixture.ts';

let fixture: StoreFixture;

beforeEach(() => {
  fixture = openStoreFixture();
});

afterEach(() => {
  fixture.store.close();
});

describe('kinds', () => {
  it('the two TFJob versions are two collections', async () => {
    const metadata = { namespace: NAMESPACE, name: 'job' };
    await fixture.client.create(TFJOBS, { apiVersion: 'kubeflow.org/v1', kind: 'TFJob', metadata });
    await fixture.client.create(TFJOBS_V1BETA2, {
      apiVersion: 'kubeflow.org/v1beta2',
      kind: 'TFJob',
      metadata,
    });
    await fixture.client.delete(TFJOBS, metadata);
    expect((await fixture.client.list(TFJOBS)).items).toEqual([]);
    expect((await fixture.client.list(TFJOBS_V1BETA2)).items).toHaveLength(1);
  });

  it('namespaced kinds need a namespace, others must not have one', async () => {
    const { client } = fixture;
    const badRequest = { reason: 'BadRequest' };
    await expect(client.get(CONFIG_MAPS, { name: 'a' })).rejects.toMatchObject(badRequest);
    await expect(client.get(NAMESPACES, { namespace: 'a', name: 'a' })).rejects.toMatchObject(badRequest);
    await expect(client.list(NAMESPACES, { namespace: 'a' })).rejects.toMatchObject(badRequest);
    const unplaced: KubeObject = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } };
    await expect(client.create(CONFIG_MAPS, unplaced)).rejects.toMatchObject(badRequest);
  });

  it('events can be selected by what they are about', async () => {
    const event = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { namespace: NAMESPACE, generateName: 'e-' },
      reason: 'Started',
    };
    for (const name of ['a', 'b'])
      await fixture.client.create(EVENTS, { ...event, involvedObject: { kind: 'Trial', name } });
    const fieldSelector = 'involvedObject.kind=Trial,involvedObject.name=b,reason!=Ended';
    const { items } = await fixture.client.list(EVENTS, { fieldSelector });
    expect(items.map(({ involvedObject }) => involvedObject.name)).toEqual(['b']);
  });

  it('metadata that is exported from a cluster is taken without what has no meaning here', async () => {
    const exported = { selfLink: '/x', managedFields: [{ manager: 'kubectl' }], annotations: {}, unknown: 1 };
    const created = await fixture.create('a', { ...exported, creationTimestamp: null });
    expect(Object.keys(created.metadata).sort()).toEqual([
      'creationTimestamp',
      'name',
      'namespace',
      'resourceVersion',
      'uid',
    ]);
  });

  it('metadata of the wrong type is BadRequest, with its path', async () => {
    const wrong = configMap('a', { labels: { replicas: 1 } as unknown as Record<string, string> });
    const attempt = fixture.client.create(CONFIG_MAPS, wrong);
    await expect(attempt).rejects.toMatchObject({ reason: 'BadRequest' });
    await expect(attempt).rejects.toThrow('metadata.labels.replicas');
  });

  it('Invalid answers name every field', async () => {
    const attempt = fixture.create('A', { labels: { key: ' ' }, finalizers: ['-'] });
    await expect(attempt).rejects.toMatchObject({
      reason: 'Invalid',
      causes: [{ field: 'metadata.name' }, { field: 'metadata.labels' }, { field: 'metadata.finalizers' }],
    });
  });

  it('events go an hour after they were last seen', async () => {
    const { client, clock } = fixture;
    const event = (name: string, lastTimestamp: string): KubeEvent => ({
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { namespace: NAMESPACE, name },
      involvedObject: { name: 'x' },
      lastTimestamp,
    });
    await client.create(EVENTS, event('old', '2026-01-01T00:00:00Z'));
    await client.create(EVENTS, event('repeated', '2026-01-01T00:30:00Z'));
    await clock.advance(3_700_000);
    await client.create(EVENTS, event('new', '2026-01-01T01:01:40Z'));
    await settle();
    const { items } = await client.list(EVENTS);
    expect(items.map(({ metadata }) => metadata.name)).toEqual(['new', 'repeated']);
  });

  it('events stay for their hour where the clock is set forward meanwhile', async () => {
    const { client, clock } = fixture;
    const record = async (name: string): Promise<void> => {
      const lastTimestamp = rfc3339Seconds(clock.now());
      const metadata = { namespace: NAMESPACE, name };
      const involvedObject = { name: 'x' };
      await client.create(EVENTS, {
        apiVersion: 'v1',
        kind: 'Event',
        metadata,
        involvedObject,
        lastTimestamp,
      });
      await settle();
    };
    await record('before');
    await clock.advance(700_000);
    clock.set(7_200_000);
    await record('after');
    const names = async (): Promise<string[]> =>
      (await client.list(EVENTS)).items.map(({ metadata }) => metadata.name);
    expect(await names()).toEqual(['after', 'before']);
    await clock.advance(3_000_000);
    await record('later');
    expect(await names()).toEqual(['after', 'later']);
  });

  it('what admission shares with others is not handed out', async () => {
    const defaults = { shared: 'value' };
    const admitting = openStoreFixture(({ object }) => ({ ...object, data: defaults }) as KubeObject);
    const created = await admitting.create('a');
    Object.assign(created.data ?? {}, { shared: 'changed' });
    expect(defaults).toEqual({ shared: 'value' });
    admitting.store.close();
  });
});
