import { describe, expect, test } from 'vitest';
import type { Patch, WatchOptions } from '../../../kube/client.ts';
import { EXPERIMENTS, type Secret, SECRETS } from '../../../kube/resource.ts';
import {
  createNamespace,
  type Fixture,
  type KubeClientSubject,
  testNeeding,
  useSubject,
} from './environment.ts';
import { experiment, expectApiError, secret } from './fixtures.ts';
import { summary, versions, WatchRecorder } from './watch-recorder.ts';

const labelled = (app: string | null): Patch => ({ type: 'merge', body: { metadata: { labels: { app } } } });

export function watchCases(subject: KubeClientSubject): void {
  describe('watch', () => {
    const fixture = useSubject(subject);
    orderCases(fixture);
    selectionCases(fixture);
    endCases(subject, fixture);
  });
}

/** A watch of the case's Secrets from now on. */
async function watchFromNow(fixture: Fixture, options: WatchOptions = {}): Promise<WatchRecorder<Secret>> {
  const { client, namespace } = fixture;
  const { resourceVersion } = await client.list(SECRETS, { namespace });
  return new WatchRecorder(client, SECRETS, { namespace, resourceVersion, ...options });
}

function orderCases(fixture: Fixture): void {
  test('tells changes in order, each with its version', async () => {
    const { client, namespace } = fixture;
    const watch = await watchFromNow(fixture);
    const created = await client.create(SECRETS, secret(namespace, 'a'));
    const patched = await client.patch(SECRETS, { namespace, name: 'a' }, labelled('x'));
    await client.delete(SECRETS, { namespace, name: 'a' });
    const [added, modified, deleted] = await watch.first(3);
    await watch.stop();
    expect(added).toEqual({ type: 'ADDED', object: created });
    expect(modified).toEqual({ type: 'MODIFIED', object: patched });
    expect(deleted).toMatchObject({
      type: 'DELETED',
      object: { data: patched.data, metadata: { labels: { app: 'x' } } },
    });
    const numbers = versions(watch.events).map(Number);
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
  });

  test('without a version begins with everything that exists', async () => {
    const { client, namespace } = fixture;
    for (const name of ['b', 'a']) await client.create(SECRETS, secret(namespace, name));
    const watch = new WatchRecorder(client, SECRETS, { namespace });
    const existing = summary(await watch.first(2));
    expect(existing.sort()).toEqual([
      ['ADDED', 'a'],
      ['ADDED', 'b'],
    ]);
    await client.create(SECRETS, secret(namespace, 'c'));
    expect(summary(await watch.first(3)).at(2)).toEqual(['ADDED', 'c']);
    await watch.stop();
  });

  test('goes on after any version without gap or repetition', async () => {
    const { client, namespace } = fixture;
    const whole = await watchFromNow(fixture);
    for (const name of ['a', 'b', 'c']) {
      await client.create(SECRETS, secret(namespace, name));
      await client.patch(SECRETS, { namespace, name }, labelled('x'));
    }
    await client.delete(SECRETS, { namespace, name: 'b' });
    const events = await whole.first(7);
    await whole.stop();
    for (const [index, resourceVersion] of versions(events).entries()) {
      const rest = events.slice(index + 1);
      const resumed = new WatchRecorder(client, SECRETS, { namespace, resourceVersion });
      expect(await resumed.first(rest.length)).toEqual(rest);
      await resumed.stop();
    }
  });

  test('a busy object is told about once per version, to every watch', async () => {
    const { client, namespace } = fixture;
    const watches = [await watchFromNow(fixture), await watchFromNow(fixture)];
    await client.create(SECRETS, secret(namespace, 'a'));
    const written: string[] = [];
    for (let round = 0; round < 50; round++) {
      const patched = await client.patch(SECRETS, { namespace, name: 'a' }, labelled(`x${round}`));
      written.push(patched.metadata.resourceVersion);
    }
    for (const watch of watches) {
      expect(versions(await watch.first(51)).slice(1)).toEqual(written);
      await watch.stop();
    }
  });

  test('a slow reader misses nothing', async () => {
    const { client, namespace } = fixture;
    const { resourceVersion } = await client.list(SECRETS, { namespace });
    const watch = client.watch(SECRETS, { namespace, resourceVersion })[Symbol.asyncIterator]();
    const names = Array.from({ length: 30 }, (_, index) => `a${String(index).padStart(2, '0')}`);
    await client.create(SECRETS, secret(namespace, 'first'));
    await watch.next();
    for (const name of names) await client.create(SECRETS, secret(namespace, name));
    const read: unknown[] = [];
    while (read.length < names.length) {
      const next = await watch.next();
      if (!next.done) read.push(summary([next.value])[0]);
    }
    await watch.return?.();
    expect(read).toEqual(names.map((name) => ['ADDED', name]));
  });

  test('writes that change nothing are not told', async () => {
    const { client, namespace } = fixture;
    const created = await client.create(SECRETS, secret(namespace, 'a'));
    const watch = await watchFromNow(fixture);
    await client.update(SECRETS, created);
    await client.create(SECRETS, secret(namespace, 'b'));
    expect(summary(await watch.first(1))).toEqual([['ADDED', 'b']]);
    await watch.stop();
  });

  test('status writes are MODIFIED', async () => {
    const { client, namespace } = fixture;
    const created = await client.create(EXPERIMENTS, experiment(namespace, 'a'));
    const { resourceVersion } = created.metadata;
    const watch = new WatchRecorder(client, EXPERIMENTS, { namespace, resourceVersion });
    const updated = await client.updateStatus(EXPERIMENTS, { ...created, status: { trials: 1 } });
    expect(await watch.first(1)).toEqual([{ type: 'MODIFIED', object: updated }]);
    await watch.stop();
  });

  test('an object that waits for a finalizer is MODIFIED, then DELETED', async () => {
    const { client, namespace } = fixture;
    const held = secret(namespace, 'a');
    await client.create(SECRETS, {
      ...held,
      metadata: { ...held.metadata, finalizers: ['example.com/one'] },
    });
    const watch = await watchFromNow(fixture);
    await client.delete(SECRETS, { namespace, name: 'a' });
    await client.patch(
      SECRETS,
      { namespace, name: 'a' },
      { type: 'merge', body: { metadata: { finalizers: null } } },
    );
    const events = await watch.first(2);
    await watch.stop();
    expect(summary(events)).toEqual([
      ['MODIFIED', 'a'],
      ['DELETED', 'a'],
    ]);
  });
}

function selectionCases(fixture: Fixture): void {
  test('with a label selector objects come and go as they match', async () => {
    const { client, namespace } = fixture;
    const watch = await watchFromNow(fixture, { labelSelector: 'app=x' });
    const ref = { namespace, name: 'a' };
    await client.create(SECRETS, secret(namespace, 'a'));
    const entered = await client.patch(SECRETS, ref, labelled('x'));
    const changed = await client.patch(SECRETS, ref, { type: 'merge', body: { data: { key: 'bmV3' } } });
    const left = await client.patch(SECRETS, ref, labelled('y'));
    await client.patch(SECRETS, ref, labelled('z'));
    await client.patch(SECRETS, ref, labelled('x'));
    await client.delete(SECRETS, ref);
    const events = await watch.first(5);
    await watch.stop();
    expect(summary(events).map(([type]) => type)).toEqual([
      'ADDED',
      'MODIFIED',
      'DELETED',
      'ADDED',
      'DELETED',
    ]);
    expect(events[0]).toEqual({ type: 'ADDED', object: entered });
    expect(events[1]).toEqual({ type: 'MODIFIED', object: changed });
    // The last state that matched, at the version at which it was left.
    const { resourceVersion } = left.metadata;
    expect(events[2]).toMatchObject({ object: { metadata: { resourceVersion, labels: { app: 'x' } } } });
  });

  test('with a field selector one object can be watched', async () => {
    const { client, namespace } = fixture;
    await client.create(SECRETS, secret(namespace, 'b'));
    const watch = new WatchRecorder(client, SECRETS, { namespace, fieldSelector: 'metadata.name=a' });
    await client.create(SECRETS, secret(namespace, 'a'));
    await client.patch(SECRETS, { namespace, name: 'b' }, labelled('x'));
    await client.patch(SECRETS, { namespace, name: 'a' }, labelled('x'));
    expect(summary(await watch.first(2))).toEqual([
      ['ADDED', 'a'],
      ['MODIFIED', 'a'],
    ]);
    await watch.stop();
  });

  test('other namespaces and kinds are not told about, unless all namespaces are watched', async () => {
    const { client, namespace } = fixture;
    const elsewhere = await createNamespace(client);
    const { resourceVersion } = await client.list(SECRETS);
    const labelSelector = `group=${namespace}`;
    const one = new WatchRecorder(client, SECRETS, { namespace, resourceVersion, labelSelector });
    const all = new WatchRecorder(client, SECRETS, { resourceVersion, labelSelector });
    const labels = { group: namespace };
    await client.create(EXPERIMENTS, experiment(namespace, 'other-kind', { labels }));
    await client.create(SECRETS, secret(elsewhere, 'elsewhere', labels));
    await client.create(SECRETS, secret(namespace, 'here', labels));
    expect(summary(await one.first(1))).toEqual([['ADDED', 'here']]);
    expect(summary(await all.first(2))).toEqual([
      ['ADDED', 'elsewhere'],
      ['ADDED', 'here'],
    ]);
    await Promise.all([one.stop(), all.stop()]);
  });
}

function endCases(subject: KubeClientSubject, fixture: Fixture): void {
  test('ends without an error when its signal is aborted', async () => {
    const { client, namespace } = fixture;
    const watch = new WatchRecorder(client, SECRETS, { namespace });
    await client.create(SECRETS, secret(namespace, 'a'));
    await watch.first(1);
    await watch.stop();
    await client.create(SECRETS, secret(namespace, 'b'));
    expect(summary(watch.events)).toEqual([['ADDED', 'a']]);
  });

  test('ends at once where its signal was aborted before', async () => {
    const { client, namespace } = fixture;
    await client.create(SECRETS, secret(namespace, 'a'));
    const events: unknown[] = [];
    const watch = client.watch(SECRETS, { namespace, signal: AbortSignal.abort() });
    for await (const event of watch) events.push(event);
    expect(events).toEqual([]);
  });

  test.each<WatchOptions>([{ labelSelector: 'a in x' }, { fieldSelector: 'spec.unknown=x' }])(
    '%j is BadRequest',
    async (options) => {
      const { client, namespace } = fixture;
      await expectApiError(
        new WatchRecorder(client, SECRETS, { namespace, ...options }).first(1),
        'BadRequest',
      );
    },
  );

  testNeeding(subject, 'expired-versions')(
    'a version that is older than the history is Expired',
    async () => {
      const { client, namespace } = fixture;
      const resourceVersion = await fixture.expiredVersion();
      await expectApiError(
        new WatchRecorder(client, SECRETS, { namespace, resourceVersion }).first(1),
        'Expired',
      );
    },
  );

  testNeeding(subject, 'prompt-bookmarks')(
    'a bookmark after the initial objects is a version to go on from',
    async () => {
      const { client, namespace } = fixture;
      await client.create(SECRETS, secret(namespace, 'a'));
      const watch = new WatchRecorder(client, SECRETS, { namespace, allowBookmarks: true });
      const [, bookmark] = await watch.first(2);
      await watch.stop();
      if (bookmark?.type !== 'BOOKMARK') expect.fail('the second event is a bookmark');
      await client.create(SECRETS, secret(namespace, 'b'));
      const { resourceVersion } = bookmark;
      const resumed = new WatchRecorder(client, SECRETS, { namespace, resourceVersion });
      expect(summary(await resumed.first(1))).toEqual([['ADDED', 'b']]);
      await resumed.stop();
    },
  );
}
