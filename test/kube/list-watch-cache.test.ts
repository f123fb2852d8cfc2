import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { silentLogger } from '../../core/logger.ts';
import { randomStream } from '../../core/random.ts';
import { ApiError } from '../../kube/api-error.ts';
import type { KubeClient } from '../../kube/client.ts';
import { ListWatchCache, type ListWatchCacheOptions } from '../../kube/list-watch-cache.ts';
import type { CacheChange } from '../../kube/object-cache.ts';
import { CONFIG_MAPS, type ConfigMap } from '../../kube/resource.ts';
import { type ObjectStore, openObjectStore } from '../../local/object-store/object-store.ts';
import { eventually } from '../support/eventually.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { type Faults, faultyClient } from '../support/faulty-client.ts';
import { recordingLogger } from '../support/recording-logger.ts';

const RELIABLE: Faults = { refused: 0, unanswered: 0, brokenWatch: 0, expired: 0 };

let clock: FakeClock;
let store: ObjectStore;
let stop: AbortController;
let runs: Promise<void>[];

beforeEach(() => {
  clock = new FakeClock();
  store = openObjectStore({ path: ':memory:', clock, logger: silentLogger });
  stop = new AbortController();
  runs = [];
});

afterEach(async () => {
  stop.abort();
  await Promise.all(runs);
  store.close();
});

function configMap(name: string, value: string, namespace = 'default'): ConfigMap {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data: { value } };
}

function cacheOf(
  client: KubeClient,
  options: Pick<ListWatchCacheOptions<ConfigMap>, 'namespace' | 'keep'> = {},
): ListWatchCache<ConfigMap> {
  return new ListWatchCache({
    ...{ client, clock, logger: silentLogger, random: randomStream('cache'), resource: CONFIG_MAPS },
    indexes: { value: ({ data }) => (data?.['value'] === undefined ? [] : [data['value']]) },
    ...options,
  });
}

function start(cache: ListWatchCache<ConfigMap>): Promise<void> {
  runs.push(cache.run(stop.signal));
  return cache.synced();
}

function describeChanges(cache: ListWatchCache<ConfigMap>): string[] {
  const changes: string[] = [];
  cache.onChange(({ type, object, previous }: CacheChange<ConfigMap>) =>
    changes.push(
      `${type} ${object.metadata.name} ${previous?.data?.['value'] ?? '-'}>${object.data?.['value'] ?? ''}`,
    ),
  );
  return changes;
}

describe('a cache on a reliable API', () => {
  test('has everything once it is synced, and follows every change', async () => {
    await store.client.create(CONFIG_MAPS, configMap('a', '1'));
    const cache = cacheOf(store.client);
    const changes = describeChanges(cache);
    await start(cache);
    expect(cache.get('default/a')?.data).toEqual({ value: '1' });

    await store.client.create(CONFIG_MAPS, configMap('b', '1'));
    await store.client.update(CONFIG_MAPS, configMap('a', '2'));
    await store.client.delete(CONFIG_MAPS, { namespace: 'default', name: 'b' });
    await eventually(() => expect(changes).toHaveLength(4));
    expect(changes).toEqual(['added a ->1', 'added b ->1', 'changed a 1>2', 'removed b 1>1']);
    expect(cache.list().map(({ metadata }) => metadata.name)).toEqual(['a']);
  });

  test('finds objects by namespace and by index, and keeps indexes up to date', async () => {
    const cache = cacheOf(store.client);
    await start(cache);
    await store.client.create(CONFIG_MAPS, configMap('a', 'x'));
    await store.client.create(CONFIG_MAPS, configMap('b', 'x', 'other'));
    await store.client.update(CONFIG_MAPS, configMap('a', 'y'));
    await eventually(() => expect(cache.byIndex('value', 'y')).toHaveLength(1));
    expect(cache.byIndex('value', 'x').map(({ metadata }) => metadata.name)).toEqual(['b']);
    expect(cache.byIndex('value', 'z')).toEqual([]);
    expect(cache.list('other').map(({ metadata }) => metadata.name)).toEqual(['b']);
    expect(() => cache.byIndex('colour', 'x')).toThrow('no index named "colour"');
  });

  test('sees one namespace only where it is told so', async () => {
    await store.client.create(CONFIG_MAPS, configMap('a', 'x'));
    await store.client.create(CONFIG_MAPS, configMap('b', 'x', 'other'));
    const cache = cacheOf(store.client, { namespace: 'other' });
    await start(cache);
    expect(cache.list().map(({ metadata }) => metadata.name)).toEqual(['b']);
  });

  test('keeps of objects what it is told to', async () => {
    await store.client.create(CONFIG_MAPS, configMap('a', 'x'));
    const cache = cacheOf(store.client, { keep: (object) => ({ ...object, data: {} }) });
    const changes = describeChanges(cache);
    await start(cache);
    await store.client.create(CONFIG_MAPS, configMap('b', 'x'));
    await store.client.delete(CONFIG_MAPS, { namespace: 'default', name: 'b' });
    await eventually(() => expect(changes).toHaveLength(3));
    expect(changes).toEqual(['added a ->', 'added b ->', 'removed b ->']);
    expect(cache.list().map(({ data }) => data)).toEqual([{}]);
  });

  test('reads collections of any size page by page', async () => {
    for (let index = 0; index < 1_100; index++) {
      await store.client.create(CONFIG_MAPS, configMap(`m-${index}`, 'x'));
    }
    const cache = cacheOf(store.client);
    await start(cache);
    expect(cache.list()).toHaveLength(1_100);
  });

  test('goes on when a listener throws', async () => {
    const logger = recordingLogger();
    const cache = new ListWatchCache({ client: store.client, clock, logger, resource: CONFIG_MAPS });
    cache.onChange(() => {
      throw new Error('broken listener');
    });
    const changes = describeChanges(cache);
    await start(cache);
    await store.client.create(CONFIG_MAPS, configMap('a', '1'));
    await eventually(() => expect(changes).toHaveLength(1));
    expect(logger.lines.map(({ message }) => message)).toEqual(['cache listener failed']);
  });
});

describe('a cache on an API that fails', () => {
  test('resumes after the last version seen, without repeating or missing a change', async () => {
    const faults = { ...RELIABLE, brokenWatch: 1 };
    const cache = cacheOf(faultyClient(store.client, randomStream('faults'), faults));
    const changes = describeChanges(cache);
    await start(cache);
    for (const value of ['1', '2', '3']) await store.client.create(CONFIG_MAPS, configMap(value, value));
    for (let round = 0; round < 5; round++) await clock.advance(60_000);
    expect(changes).toEqual(['added 1 ->1', 'added 2 ->2', 'added 3 ->3']);
  });

  test('lists again when the history has expired, and tells the differences', async () => {
    const faults = { ...RELIABLE };
    const cache = cacheOf(faultyClient(store.client, randomStream('faults'), faults));
    const changes = describeChanges(cache);
    for (const name of ['kept', 'changed', 'gone', 'anew']) {
      await store.client.create(CONFIG_MAPS, configMap(name, '1'));
    }
    await start(cache);
    changes.length = 0;
    faults.brokenWatch = 1;
    await store.client.create(CONFIG_MAPS, configMap('last', '1'));
    await eventually(() => expect(changes).toHaveLength(1));

    faults.expired = 1;
    await store.client.update(CONFIG_MAPS, configMap('changed', '2'));
    await store.client.delete(CONFIG_MAPS, { namespace: 'default', name: 'gone' });
    await store.client.delete(CONFIG_MAPS, { namespace: 'default', name: 'anew' });
    await store.client.create(CONFIG_MAPS, configMap('anew', '3'));
    for (let round = 0; round < 5; round++) await clock.advance(60_000);
    expect([...changes].sort()).toEqual([
      'added anew ->3',
      'added last ->1',
      'changed changed 1>2',
      'removed anew 1>1',
      'removed gone 1>1',
    ]);
  });

  test('lists again when no watch can go on from its version, as after a restored backup', async () => {
    const { resourceVersion: lost } = await store.client.list(CONFIG_MAPS);
    const client: KubeClient = {
      ...store.client,
      watch(resource, options) {
        if (options?.resourceVersion === lost) throw new ApiError('Timeout', 'Too large resource version');
        return store.client.watch(resource, options);
      },
    };
    const cache = cacheOf(client);
    const changes = describeChanges(cache);
    await start(cache);
    await store.client.create(CONFIG_MAPS, configMap('a', '1'));
    await clock.advance(60_000);
    expect(changes).toEqual(['added a ->1']);
  });

  test('is not synced before the first list is in, and tells the trouble once', async () => {
    const faults = { ...RELIABLE, refused: 1 };
    const logger = recordingLogger();
    const client = faultyClient(store.client, randomStream('faults'), faults);
    const cache = new ListWatchCache({ client, clock, logger, resource: CONFIG_MAPS });
    let isSynced = false;
    const synced = start(cache).then(() => (isSynced = true));
    for (let round = 0; round < 10; round++) await clock.advance(1_000);
    expect(isSynced).toBe(false);
    expect(logger.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
    expect(logger.lines.filter(({ level }) => level === 'debug').length).toBeGreaterThan(3);
    faults.refused = 0;
    await clock.advance(60_000);
    await synced;
  });

  test('waits longer between attempts while an API stays away', async () => {
    let calls = 0;
    const client: KubeClient = {
      ...store.client,
      list: () => {
        calls++;
        return Promise.reject(new ApiError('ServiceUnavailable', 'down'));
      },
    };
    void start(cacheOf(client));
    await clock.advance(600_000);
    // 30 seconds at most from one attempt to the next, 15 at least.
    expect(calls).toBeGreaterThan(20);
    expect(calls).toBeLessThan(60);
  });

  test('stops while it waits', async () => {
    const cache = cacheOf(faultyClient(store.client, randomStream('faults'), { ...RELIABLE, refused: 1 }));
    const run = cache.run(stop.signal);
    await clock.advance(1_000);
    stop.abort();
    await run;
    expect(clock.pending).toBe(0);
  });
});

test('comes to show what the API has, however calls and watches fail', async () => {
  const write = fc.record({
    op: fc.constantFrom('put' as const, 'delete' as const, 'pause' as const),
    name: fc.constantFrom('a', 'b', 'c', 'd'),
    value: fc.constantFrom('1', '2', '3'),
  });
  const property = fc.asyncProperty(fc.string(), fc.array(write, { maxLength: 40 }), async (seed, writes) => {
    const faults = { refused: 0.3, unanswered: 0.2, brokenWatch: 0.3, expired: 0.2 };
    const cache = cacheOf(faultyClient(store.client, randomStream(seed), faults));
    const shadow = new Map<string, string>();
    cache.onChange(({ type, object: { metadata, data } }) => {
      if (type === 'removed') shadow.delete(metadata.name);
      else shadow.set(metadata.name, data?.['value'] ?? '');
    });
    const end = new AbortController();
    const run = cache.run(end.signal);
    for (const { op, name, value } of writes) {
      if (op === 'pause') await clock.advance(200);
      else await applyWrite(store.client, op, name, value);
    }
    Object.assign(faults, RELIABLE);
    await clock.advance(120_000);
    const { items } = await store.client.list(CONFIG_MAPS);
    const expected = items.map(({ metadata, data }) => [metadata.name, data?.['value'] ?? '']);
    expect(
      cache
        .list()
        .map(({ metadata, data }) => [metadata.name, data?.['value'] ?? ''])
        .sort(),
    ).toEqual(expected.sort());
    expect([...shadow].sort()).toEqual(expected);
    end.abort();
    await run;
  });
  await fc.assert(property, { numRuns: 40 });
});

async function applyWrite(
  client: KubeClient,
  op: 'put' | 'delete',
  name: string,
  value: string,
): Promise<void> {
  const exists = await client.get(CONFIG_MAPS, { namespace: 'default', name }).then(
    () => true,
    () => false,
  );
  if (op === 'delete') {
    if (exists) await client.delete(CONFIG_MAPS, { namespace: 'default', name });
  } else if (exists) await client.update(CONFIG_MAPS, configMap(name, value));
  else await client.create(CONFIG_MAPS, configMap(name, value));
}
