import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Stored } from '../../core/kubernetes-object.ts';
import { silentLogger } from '../../core/logger.ts';
import { ApiError } from '../../kube/api-error.ts';
import type { KubeClient } from '../../kube/client.ts';
import { EventRecorder } from '../../kube/event-recorder.ts';
import { CONFIG_MAPS, EVENTS, type ConfigMap, type KubeEvent } from '../../kube/resource.ts';
import { type ObjectStore, openObjectStore } from '../../local/object-store/object-store.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { recordingLogger } from '../support/recording-logger.ts';

let clock: FakeClock;
let store: ObjectStore;
let logger: ReturnType<typeof recordingLogger>;
let object: Stored<ConfigMap>;

beforeEach(async () => {
  clock = new FakeClock();
  store = openObjectStore({ path: ':memory:', clock, logger: silentLogger });
  logger = recordingLogger();
  object = await store.client.create(CONFIG_MAPS, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'subject', namespace: 'default' },
  });
});

afterEach(() => store.close());

function recorder(client: KubeClient = store.client): EventRecorder {
  return new EventRecorder({ client, component: 'tester', clock, logger });
}

async function stored(): Promise<Stored<KubeEvent>[]> {
  return (await store.client.list(EVENTS)).items;
}

describe('an event', () => {
  test('says what happened to which object, when, and who says so', async () => {
    const events = recorder();
    events.record(object, 'Warning', 'Broken', 'it broke');
    await events.flush();
    expect(await stored()).toEqual([
      expect.objectContaining({
        apiVersion: 'v1',
        kind: 'Event',
        involvedObject: {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          namespace: 'default',
          name: 'subject',
          uid: object.metadata.uid,
        },
        type: 'Warning',
        reason: 'Broken',
        message: 'it broke',
        count: 1,
        firstTimestamp: '2026-01-01T00:00:00Z',
        lastTimestamp: '2026-01-01T00:00:00Z',
        source: { component: 'tester' },
      }),
    ]);
  });

  test('that repeats raises the count, one with another text is another event', async () => {
    const events = recorder();
    events.record(object, 'Normal', 'Made', 'made a');
    await events.flush();
    await clock.advance(5_000);
    events.record(object, 'Normal', 'Made', 'made a');
    events.record(object, 'Normal', 'Made', 'made a');
    events.record(object, 'Normal', 'Made', 'made b');
    await events.flush();
    const counts = (await stored()).map(({ message, count, lastTimestamp }) => [
      message,
      count,
      lastTimestamp,
    ]);
    expect(counts.sort()).toEqual([
      ['made a', 3, '2026-01-01T00:00:05Z'],
      ['made b', 1, '2026-01-01T00:00:05Z'],
    ]);
  });

  test('goes on being counted by the process that comes after', async () => {
    for (let process = 0; process < 3; process++) {
      const events = recorder();
      events.record(object, 'Normal', 'Made', 'made a');
      events.record(object, 'Normal', 'Made', 'made a');
      await events.flush();
    }
    expect((await stored()).map(({ count }) => count)).toEqual([6]);
  });

  test('is written anew after its time has run out in the API', async () => {
    const events = recorder();
    events.record(object, 'Normal', 'Made', 'made a');
    await events.flush();
    const [event] = await stored();
    await store.client.delete(EVENTS, { namespace: 'default', name: event?.metadata.name ?? '' });
    events.record(object, 'Normal', 'Made', 'made a');
    await events.flush();
    expect((await stored()).map(({ count }) => count)).toEqual([2]);
  });

  test('has a text of bounded length, and a name that fits however long the object is called', async () => {
    const events = recorder();
    const long = { ...object, metadata: { ...object.metadata, name: 'n'.repeat(253) } };
    events.record(long, 'Normal', 'Long', 'x'.repeat(5_000));
    await events.flush();
    const [event] = await stored();
    expect(event?.message).toHaveLength(1_024);
    expect(event?.metadata.name).toHaveLength(253);
  });
});

test('bursts of repeats share writes', async () => {
  let writes = 0;
  const counting: KubeClient = {
    ...store.client,
    create: (...args) => {
      writes++;
      return store.client.create(...args);
    },
    patch: (...args) => {
      writes++;
      return store.client.patch(...args);
    },
  };
  const events = recorder(counting);
  for (let repeat = 0; repeat < 100; repeat++) events.record(object, 'Normal', 'Made', 'made a');
  await events.flush();
  expect((await stored()).map(({ count }) => count)).toEqual([100]);
  expect(writes).toBeLessThanOrEqual(2);
});

test('a failure is told at debug level only, and a later repeat makes up for it', async () => {
  let fails = true;
  const failing: KubeClient = {
    ...store.client,
    create: (...args) =>
      fails ? Promise.reject(new ApiError('Forbidden', 'no events for you')) : store.client.create(...args),
  };
  const events = recorder(failing);
  events.record(object, 'Normal', 'Made', 'made a');
  await events.flush();
  expect(logger.lines).toEqual([
    {
      level: 'debug',
      message: 'event not written',
      fields: { component: 'tester', reason: 'Made', error: 'no events for you' },
    },
  ]);
  fails = false;
  events.record(object, 'Normal', 'Made', 'made a');
  await events.flush();
  expect((await stored()).map(({ count }) => count)).toEqual([2]);
});
