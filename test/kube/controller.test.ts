import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { silentLogger } from '../../core/logger.ts';
import { randomStream } from '../../core/random.ts';
import { ApiError } from '../../kube/api-error.ts';
import { Controller, controllerKey, type Reconcile } from '../../kube/controller.ts';
import { ListWatchCache } from '../../kube/list-watch-cache.ts';
import { CONFIG_MAPS, type ConfigMap } from '../../kube/resource.ts';
import { type ObjectStore, openObjectStore } from '../../local/object-store/object-store.ts';
import { eventually } from '../support/eventually.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { recordingLogger } from '../support/recording-logger.ts';

let clock: FakeClock;
let stop: AbortController;
let logger: ReturnType<typeof recordingLogger>;
let runs: Promise<void>[];

beforeEach(() => {
  clock = new FakeClock();
  stop = new AbortController();
  logger = recordingLogger();
  runs = [];
});

afterEach(async () => {
  stop.abort();
  await Promise.all(runs);
});

function controllerOf(reconcile: Reconcile, workers = 1): Controller {
  return new Controller({ name: 'test', reconcile, workers, clock, logger, random: randomStream('test') });
}

function start(part: { run(signal: AbortSignal): Promise<void> }): Promise<void> {
  const run = part.run(stop.signal);
  runs.push(run);
  return run;
}

describe('reconciling', () => {
  test('happens for every key that is enqueued, before the start too', async () => {
    const seen: string[] = [];
    const controller = controllerOf((key) => {
      seen.push(key);
      return Promise.resolve(undefined);
    });
    controller.enqueue('default/a');
    void start(controller);
    controller.enqueue('default/b');
    await eventually(() => expect(seen).toEqual(['default/a', 'default/b']));
  });

  test('happens again when it asked for that', async () => {
    const times: number[] = [];
    const controller = controllerOf(() => {
      times.push(clock.now());
      return Promise.resolve(times.length < 3 ? { requeueAfterMs: 1_000 } : undefined);
    });
    controller.enqueue('a');
    void start(controller);
    await clock.advance(10_000);
    expect(times.map((time) => time - (times[0] ?? 0))).toEqual([0, 1_000, 2_000]);
  });

  test('of different keys runs at the same time, of one key never', async () => {
    const running = new Set<string>();
    const pairs = new Set<string>();
    let clashes = 0;
    const controller = controllerOf(async (key) => {
      if (running.has(key)) clashes++;
      running.add(key);
      pairs.add([...running].sort().join());
      await new Promise((resolve) => setImmediate(resolve));
      running.delete(key);
      return undefined;
    }, 2);
    void start(controller);
    for (let round = 0; round < 20; round++) {
      controller.enqueue('a');
      controller.enqueue('b');
      await new Promise((resolve) => setImmediate(resolve));
    }
    await eventually(() => expect(running.size).toBe(0));
    expect(clashes).toBe(0);
    expect(pairs).toContain('a,b');
  });
});

describe('a reconcile that fails', () => {
  test('is repeated, later each time, and logged once per failure with the key', async () => {
    let failures = 3;
    const times: number[] = [];
    const controller = controllerOf(() => {
      times.push(clock.now());
      return failures-- > 0 ? Promise.reject(new Error('no luck')) : Promise.resolve(undefined);
    });
    controller.enqueue('default/a');
    void start(controller);
    await clock.advance(60_000);
    expect(times).toHaveLength(4);
    expect(logger.lines).toHaveLength(3);
    expect(logger.lines[0]).toMatchObject({
      level: 'warn',
      message: 'reconcile failed',
      fields: { controller: 'test', key: 'default/a', error: 'no luck' },
    });
  });

  test('begins with a short wait again after a success', async () => {
    const outcomes: ('fails' | 'succeeds')[] = Array.from({ length: 10 }, () => 'fails');
    outcomes.push('succeeds', 'fails', 'succeeds');
    const times: number[] = [];
    const controller = controllerOf(() => {
      times.push(clock.now());
      return outcomes.shift() === 'succeeds'
        ? Promise.resolve(undefined)
        : Promise.reject(new Error('no luck'));
    });
    controller.enqueue('a');
    void start(controller);
    await clock.advance(600_000);
    expect(times).toHaveLength(11);
    controller.enqueue('a');
    await clock.advance(5);
    expect(times).toHaveLength(13);
  });

  test('is no news when another writer was faster', async () => {
    let failures = 1;
    const controller = controllerOf(() =>
      failures-- > 0 ? Promise.reject(new ApiError('Conflict', 'stale')) : Promise.resolve(undefined),
    );
    controller.enqueue('a');
    void start(controller);
    await clock.advance(1_000);
    expect(logger.lines.map(({ level }) => level)).toEqual(['debug']);
  });

  test('does not end the controller when it throws synchronously', async () => {
    const seen: string[] = [];
    const controller = controllerOf((key) => {
      seen.push(key);
      if (key === 'bad') throw new Error('thrown');
      return Promise.resolve(undefined);
    });
    controller.enqueue('bad');
    controller.enqueue('good');
    void start(controller);
    await eventually(() => expect(seen).toContain('good'));
  });
});

describe('stopping', () => {
  test('waits for the reconciles that run', async () => {
    const gate = Promise.withResolvers<undefined>();
    const controller = controllerOf(() => gate.promise);
    controller.enqueue('a');
    let hasEnded = false;
    const run = start(controller).then(() => (hasEnded = true));
    await clock.advance(0);
    stop.abort();
    await clock.advance(0);
    expect(hasEnded).toBe(false);
    gate.resolve(undefined);
    await run;
  });

  test('tells the reconcile through its signal, whose error is then no news', async () => {
    const controller = controllerOf(
      (_key, signal) =>
        new Promise((_resolve, reject) =>
          signal.addEventListener('abort', () => reject(new Error('aborted'))),
        ),
    );
    controller.enqueue('a');
    const run = start(controller);
    await clock.advance(0);
    stop.abort();
    await run;
    expect(logger.lines).toEqual([]);
  });

  test('ends a controller that still waits for its caches', async () => {
    const controller = controllerOf(() => Promise.resolve(undefined)).triggerBy(
      new ListWatchCache({
        ...{ clock, logger: silentLogger, resource: CONFIG_MAPS },
        client: openObjectStore({ path: ':memory:', clock, logger: silentLogger }).client,
      }),
      () => [],
    );
    const run = start(controller);
    stop.abort();
    await run;
  });
});

describe('triggers', () => {
  let store: ObjectStore;
  beforeEach(() => {
    store = openObjectStore({ path: ':memory:', clock, logger: silentLogger });
  });
  afterEach(async () => {
    stop.abort();
    await Promise.all(runs);
    store.close();
  });

  function owned(owner: string): ConfigMap {
    const reference = { apiVersion: 'v1', kind: 'Widget', name: owner, uid: owner, controller: true };
    return {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'child', namespace: 'default', ownerReferences: [reference] },
    };
  }

  test('enqueue what the old and the new state of a changed object name', async () => {
    const cache = new ListWatchCache({
      client: store.client,
      clock,
      logger: silentLogger,
      resource: CONFIG_MAPS,
    });
    const seen: string[] = [];
    const controller = controllerOf((key) => {
      seen.push(key);
      return Promise.resolve(undefined);
    }).triggerBy(cache, ({ data }) => (data?.['for'] === undefined ? [] : [data['for']]));
    void start(cache);
    void start(controller);
    const child: ConfigMap = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'child', namespace: 'default' },
    };
    const { metadata } = await store.client.create(CONFIG_MAPS, { ...child, data: { for: 'first' } });
    await eventually(() => expect(seen).toEqual(['first']));
    await store.client.update(CONFIG_MAPS, { ...child, metadata, data: { for: 'second' } });
    await eventually(() => expect(seen.slice(1).sort()).toEqual(['first', 'second']));
  });

  test('leave out changes that are no news', async () => {
    const options = { client: store.client, clock, logger: silentLogger };
    const cache = new ListWatchCache({ ...options, resource: CONFIG_MAPS });
    const seen: string[] = [];
    const controller = controllerOf((key) => {
      seen.push(key);
      return Promise.resolve(undefined);
    }).triggerBy(
      cache,
      ({ metadata }) => [metadata.name],
      ({ object, previous }) => object.data?.['step'] !== previous?.data?.['step'],
    );
    void start(cache);
    void start(controller);
    const metadata = { name: 'child', namespace: 'default' };
    const child = { apiVersion: 'v1', kind: 'ConfigMap', metadata } as const;
    const write = (step: string, note: string): Promise<unknown> =>
      store.client.update(CONFIG_MAPS, { ...child, data: { step, note } });
    await store.client.create(CONFIG_MAPS, { ...child, data: { step: '1' } });
    await eventually(() => expect(seen).toHaveLength(1));
    await write('1', 'no news');
    await write('2', 'news');
    await eventually(() => expect(seen).toHaveLength(2));
  });

  test('find the managing owner of a kind', () => {
    expect(controllerKey('Widget', owned('w'))).toEqual(['default/w']);
    expect(controllerKey('Gadget', owned('w'))).toEqual([]);
    expect(controllerKey('Widget', { ...owned('w'), metadata: { name: 'alone' } })).toEqual([]);
  });
});
