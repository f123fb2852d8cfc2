import { describe, expect, test } from 'vitest';
import type { ListOptions, ObjectList } from '../../../kube/client.ts';
import { CONFIG_MAPS, EXPERIMENTS, NAMESPACES, PODS, type Secret, SECRETS } from '../../../kube/resource.ts';
import { createNamespace, type Fixture, type KubeClientSubject, useSubject } from './environment.ts';
import { createPod, experiment, expectApiError, namesOf, pod, secret, setPhase } from './fixtures.ts';

export function listCases(subject: KubeClientSubject): void {
  describe('list', () => {
    const fixture = useSubject(subject);
    scopeCases(fixture);
    selectorCases(fixture);
    pagingCases(fixture);
  });
}

function scopeCases(fixture: Fixture): void {
  test('an empty collection has a version', async () => {
    const { client, namespace } = fixture;
    const list = await client.list(SECRETS, { namespace });
    expect(list.items).toEqual([]);
    expect(list.resourceVersion).toMatch(/^[1-9]\d*$/);
    expect(list.continue).toBeUndefined();
  });

  test('items are whole objects in order of their names', async () => {
    const { client, namespace } = fixture;
    for (const name of ['b', 'a', 'a-1', 'a.1', 'a1', 'c'])
      await client.create(SECRETS, secret(namespace, name));
    const { items } = await client.list(SECRETS, { namespace });
    expect(namesOf(items)).toEqual(['a', 'a-1', 'a.1', 'a1', 'b', 'c']);
    const [first] = items;
    expect(first).toEqual(await client.get(SECRETS, { namespace, name: 'a' }));
    expect(first).toMatchObject({ apiVersion: 'v1', kind: 'Secret' });
  });

  test('one namespace, or all of them in order', async () => {
    const { client, namespace } = fixture;
    const namespaces = [namespace, await createNamespace(client)].sort();
    for (const name of ['b', 'a']) {
      for (const each of namespaces) await client.create(SECRETS, secret(each, name, { group: namespace }));
    }
    expect(namesOf((await client.list(SECRETS, { namespace })).items)).toEqual(['a', 'b']);
    const { items } = await client.list(SECRETS, { labelSelector: `group=${namespace}` });
    const found = items.map(({ metadata }) => [metadata.namespace, metadata.name]);
    expect(found).toEqual(namespaces.flatMap((each) => ['a', 'b'].map((name) => [each, name])));
  });

  test('cluster-scoped kinds', async () => {
    const { client, namespace } = fixture;
    expect(namesOf((await client.list(NAMESPACES)).items)).toContain(namespace);
  });

  test('a watch from the version of a list continues it without gap or repetition', async () => {
    const { client, namespace } = fixture;
    await client.create(SECRETS, secret(namespace, 'before'));
    const { resourceVersion } = await client.list(SECRETS, { namespace });
    await client.create(SECRETS, secret(namespace, 'after'));
    const ending = new AbortController();
    for await (const event of client.watch(SECRETS, { namespace, resourceVersion, signal: ending.signal })) {
      expect(event).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'after' } } });
      ending.abort();
    }
    expect.assertions(1);
  });
}

function selectorCases(fixture: Fixture): void {
  test.each([
    ['app=x', ['both', 'x-only']],
    ['app==x', ['both', 'x-only']],
    ['app!=x', ['none', 'tier-only', 'y']],
    ['app in (x, y)', ['both', 'x-only', 'y']],
    ['app notin (x,y)', ['none', 'tier-only']],
    ['app', ['both', 'x-only', 'y']],
    ['!app', ['none', 'tier-only']],
    ['app=x,tier=web', ['both']],
    ['app in (x,y),!tier', ['x-only', 'y']],
    ['app=', []],
    ['', ['both', 'none', 'tier-only', 'x-only', 'y']],
  ])('label selector %j', async (labelSelector, expected) => {
    const { client, namespace } = fixture;
    await client.create(SECRETS, secret(namespace, 'both', { app: 'x', tier: 'web' }));
    await client.create(SECRETS, secret(namespace, 'x-only', { app: 'x' }));
    await client.create(SECRETS, secret(namespace, 'y', { app: 'y' }));
    await client.create(SECRETS, secret(namespace, 'tier-only', { tier: 'web' }));
    await client.create(SECRETS, secret(namespace, 'none'));
    expect(namesOf((await client.list(SECRETS, { namespace, labelSelector })).items)).toEqual(expected);
  });

  test.each([
    ['metadata.name=a', ['a']],
    ['metadata.name==a', ['a']],
    ['metadata.name!=a', ['b']],
    ['metadata.name=absent', []],
    ['metadata.name=a,metadata.name!=b', ['a']],
  ])('field selector %j', async (fieldSelector, expected) => {
    const { client, namespace } = fixture;
    for (const name of ['a', 'b']) await client.create(SECRETS, secret(namespace, name));
    expect(namesOf((await client.list(SECRETS, { namespace, fieldSelector })).items)).toEqual(expected);
  });

  test('field selector metadata.namespace', async () => {
    const { client, namespace } = fixture;
    await client.create(SECRETS, secret(namespace, 'a'));
    const fieldSelector = `metadata.namespace=${namespace}`;
    expect(namesOf((await client.list(SECRETS, { fieldSelector })).items)).toEqual(['a']);
  });

  test('field selector status.phase of Pods', async () => {
    const { client, namespace } = fixture;
    await createPod(client, pod(namespace, 'waits'));
    const ended = await createPod(client, pod(namespace, 'ended'));
    await setPhase(client, ended, 'Succeeded');
    const names = async (fieldSelector: string): Promise<string[]> =>
      namesOf((await client.list(PODS, { namespace, fieldSelector })).items);
    expect(await names('status.phase=Succeeded')).toEqual(['ended']);
    expect(await names('status.phase!=Succeeded')).toEqual(['waits']);
  });

  test.each<ListOptions>([
    { labelSelector: 'a in x' },
    { labelSelector: 'a=b=c' },
    { labelSelector: 'a=two words' },
    { labelSelector: '-=x' },
    { fieldSelector: 'spec.unknown=x' },
    { fieldSelector: 'metadata.name' },
  ])('%j is BadRequest', async (options) => {
    const { client, namespace } = fixture;
    await expectApiError(client.list(CONFIG_MAPS, { namespace, ...options }), 'BadRequest');
  });
}

function pagingCases(fixture: Fixture): void {
  const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];

  const page = (options: ListOptions): Promise<ObjectList<Secret>> =>
    fixture.client.list(SECRETS, { namespace: fixture.namespace, ...options });

  const nextPage = (
    previous: ObjectList<Secret>,
    options: ListOptions = { limit: 3 },
  ): Promise<ObjectList<Secret>> => page({ ...options, continue: previous.continue ?? '' });

  const createAll = async (): Promise<void> => {
    for (const name of NAMES) await fixture.client.create(SECRETS, secret(fixture.namespace, name, { name }));
  };

  test('pages follow each other at one version', async () => {
    await createAll();
    const first = await page({ limit: 3 });
    const second = await nextPage(first);
    const third = await nextPage(second);
    expect([first, second, third].map(({ items }) => namesOf(items))).toEqual([
      ['a', 'b', 'c'],
      ['d', 'e', 'f'],
      ['g'],
    ]);
    expect([first, second, third].map((each) => each.remainingItemCount)).toEqual([4, 1, undefined]);
    expect(third.continue).toBeUndefined();
    expect(new Set([first, second, third].map((each) => each.resourceVersion)).size).toBe(1);
  });

  test('a limit that nothing exceeds leaves no page over', async () => {
    await createAll();
    const list = await page({ limit: NAMES.length });
    expect(namesOf(list.items)).toEqual(NAMES);
    expect(list.continue).toBeUndefined();
  });

  test('later pages show what the first one saw', async () => {
    const { client, namespace } = fixture;
    await createAll();
    const first = await page({ limit: 3 });
    await client.delete(SECRETS, { namespace, name: 'e' });
    await client.patch(
      SECRETS,
      { namespace, name: 'f' },
      { type: 'merge', body: { metadata: { labels: { name: 'x' } } } },
    );
    await client.create(SECRETS, secret(namespace, 'd-new'));
    const rest = await nextPage(first, { limit: 10 });
    expect(namesOf(rest.items)).toEqual(['d', 'e', 'f', 'g']);
    expect(rest.items.map(({ metadata }) => metadata.labels?.['name'])).toEqual(['d', 'e', 'f', 'g']);
    expect(namesOf((await page({})).items)).toEqual(['a', 'b', 'c', 'd', 'd-new', 'f', 'g']);
  });

  test('selected objects fill the pages', async () => {
    await createAll();
    const options = { limit: 2, labelSelector: 'name in (a,c,e,g)' };
    const first = await page(options);
    const second = await nextPage(first, options);
    expect([first, second].map(({ items }) => namesOf(items))).toEqual([
      ['a', 'c'],
      ['e', 'g'],
    ]);
    expect(second.continue).toBeUndefined();
  });

  test('pages go across namespaces', async () => {
    const { client, namespace } = fixture;
    const elsewhere = await createNamespace(client);
    for (const each of [namespace, elsewhere]) {
      for (const name of ['a', 'b', 'c'])
        await client.create(EXPERIMENTS, experiment(each, name, { labels: { group: namespace } }));
    }
    const options = { limit: 4, labelSelector: `group=${namespace}` };
    const first = await client.list(EXPERIMENTS, options);
    const second = await client.list(EXPERIMENTS, { ...options, continue: first.continue ?? '' });
    expect([first.items.length, second.items.length]).toEqual([4, 2]);
    expect(new Set([...first.items, ...second.items].map(({ metadata }) => metadata.uid)).size).toBe(6);
  });

  test('a token that no list returned is BadRequest', async () => {
    await expectApiError(page({ limit: 3, continue: 'nonsense' }), 'BadRequest');
  });
}
