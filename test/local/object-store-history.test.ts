import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CONFIG_MAPS, SECRETS } from '../../kube/resource.ts';
import { summary, WatchRecorder } from '../contract/kube-client/watch-recorder.ts';
import { settle } from '../support/fake-clock.ts';
import { age, NAMESPACE, openStoreFixture, type StoreFixture } from './object-store-fixture.ts';

let fixture: StoreFixture;

beforeEach(() => {
  fixture = openStoreFixture();
});

afterEach(() => {
  fixture.store.close();
});

describe('history', () => {
  it('expires pages of a list that has become too old', async () => {
    for (const name of ['a', 'b', 'c']) await fixture.create(name);
    const first = await fixture.client.list(CONFIG_MAPS, { limit: 2 });
    await age(fixture.client);
    const second = fixture.client.list(CONFIG_MAPS, { limit: 2, continue: first.continue ?? '' });
    await expect(second).rejects.toMatchObject({ reason: 'Expired' });
  });

  it('expires a reader that falls behind the kept changes', async () => {
    for (const name of ['a', 'b']) await fixture.create(name);
    const reader = fixture.client.watch(CONFIG_MAPS)[Symbol.asyncIterator]();
    await reader.next();
    await age(fixture.client);
    await reader.next();
    await expect(reader.next()).rejects.toMatchObject({ reason: 'Expired' });
  });

  it('does not expire a watch of a quiet collection', async () => {
    const watch = new WatchRecorder(fixture.client, CONFIG_MAPS, {});
    await settle();
    await age(fixture.client);
    await fixture.create('late');
    expect(summary(await watch.first(1))).toEqual([['ADDED', 'late']]);
    await watch.stop();
  });

  it('keeps what exists, however long ago it was written', async () => {
    await fixture.create('old', { labels: { app: 'x' } });
    await age(fixture.client);
    const watch = new WatchRecorder(fixture.client, CONFIG_MAPS, { labelSelector: 'app' });
    await fixture.client.patch(
      CONFIG_MAPS,
      { namespace: NAMESPACE, name: 'old' },
      { type: 'merge', body: { data: { a: 'b' } } },
    );
    expect(summary(await watch.first(1))).toEqual([['ADDED', 'old']]);
    await watch.stop();
  });

  it('tells a changed object from a new one, even where its previous state is older than the history', async () => {
    await fixture.create('old');
    await age(fixture.client);
    const { resourceVersion } = await fixture.client.list(CONFIG_MAPS);
    await fixture.client.patch(
      CONFIG_MAPS,
      { namespace: NAMESPACE, name: 'old' },
      { type: 'merge', body: { data: { a: 'b' } } },
    );
    const watch = new WatchRecorder(fixture.client, CONFIG_MAPS, { resourceVersion });
    expect(summary(await watch.first(1))).toEqual([['MODIFIED', 'old']]);
    await watch.stop();
  });

  it('expires versions of the future: the store was begun anew', async () => {
    const watch = new WatchRecorder(fixture.client, CONFIG_MAPS, { resourceVersion: '999' });
    await expect(watch.first(1)).rejects.toMatchObject({ reason: 'Expired' });
  });

  it('refuses versions that are no numbers', async () => {
    const watch = new WatchRecorder(fixture.client, CONFIG_MAPS, { resourceVersion: 'x' });
    await expect(watch.first(1)).rejects.toMatchObject({ reason: 'BadRequest' });
  });
});

describe('bookmarks', () => {
  it('come every minute, with the version of everything seen so far', async () => {
    const watch = new WatchRecorder(fixture.client, CONFIG_MAPS, { allowBookmarks: true });
    await watch.first(1);
    await fixture.client.create(SECRETS, {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { namespace: NAMESPACE, name: 's' },
    });
    const { resourceVersion } = await fixture.client.list(CONFIG_MAPS);
    await fixture.clock.advance(60_000);
    expect((await watch.first(2))[1]).toEqual({ type: 'BOOKMARK', resourceVersion });
    await watch.stop();
  });

  it('leave no timer behind', async () => {
    const watch = new WatchRecorder(fixture.client, CONFIG_MAPS, { allowBookmarks: true });
    await watch.first(1);
    await fixture.create('a');
    await watch.first(2);
    await watch.stop();
    expect(fixture.clock.pending).toBe(0);
  });
});
