import Database from 'better-sqlite3';
import { join } from 'node:path';
import { systemClock } from '../core/clock.ts';
import { silentLogger } from '../core/logger.ts';
import type { Observation } from '../core/observation.ts';
import { openSqliteObservationStore } from '../db/sqlite/sqlite-observation-store.ts';
import type { KubeClient } from '../kube/client.ts';
import { PODS, type ResourceType } from '../kube/resource.ts';
import type { Pod } from '../core/pod.ts';
import { openObjectStore } from '../local/object-store/object-store.ts';
import { measure } from './harness/measure.ts';
import type { Figure, Findings } from './harness/results.ts';
import { withDataDir } from './harness/served.ts';

const BATCH = 100;
const NAMESPACE = 'default';

/** Operations per second of both stores on disk, beside plain inserts of rows of the same size. */
export async function measureStores({ operations }: { operations: number }): Promise<Findings> {
  const figures = await withDataDir(async (folder) => {
    const bare = bareInserts(join(folder, 'bare.db'), operations);
    return [
      ...(await objectFigures(
        join(folder, 'objects.db'),
        operations,
        await perSecond(operations, bare.single),
      )),
      ...(await observationFigures(
        join(folder, 'observations.db'),
        operations,
        await perSecond(operations, bare.batches),
      )),
    ];
  });
  return {
    name: 'stores',
    title: 'The stores',
    method:
      `${operations.toLocaleString('en')} operations of each kind, one after the other, in files on disk. An object is a Pod of about 1 kB. Beside them: ` +
      `inserts of a row of the same size into a plain SQLite table with the same settings, each in a transaction of its own or ${BATCH} in one.`,
    figures,
  };
}

async function perSecond(count: number, work: () => unknown): Promise<number> {
  const { wallMs } = await measure(work);
  return (count * 1000) / wallMs;
}

function figure(what: string, own: number, bare: { what: string; perSecond: number } | null): Figure {
  return {
    what,
    value: `${own.toFixed(0)}/s`,
    ...(bare && {
      beside: `${bare.what} ${bare.perSecond.toFixed(0)}/s, ${(bare.perSecond / own).toFixed(1)} : 1`,
    }),
  };
}

async function objectFigures(path: string, count: number, bare: number): Promise<Figure[]> {
  const store = openObjectStore({ path, clock: systemClock, logger: silentLogger });
  const plain = { what: 'plain insert', perSecond: bare };
  const each = (work: (client: KubeClient, name: string) => Promise<unknown>): Promise<number> =>
    perSecond(count, async () => {
      for (let at = 0; at < count; at++) await work(store.client, `pod-${at}`);
    });
  const created = await each((client, name) => client.create(PODS, podNamed(name)));
  const read = await each((client, name) => client.get(PODS, { namespace: NAMESPACE, name }));
  const updated = await each((client, name) =>
    client.patchStatus(
      PODS,
      { namespace: NAMESPACE, name },
      { type: 'merge', body: { status: { phase: 'Running' } } },
    ),
  );
  const listed = await perSecond(count, () => listAll(store.client, PODS));
  const deleted = await each((client, name) =>
    client.delete(PODS, { namespace: NAMESPACE, name }, { gracePeriodSeconds: 0 }),
  );
  store.close();
  return [
    figure('objects created', created, plain),
    figure('objects read', read, null),
    figure('statuses patched', updated, plain),
    figure('objects listed, pages of 500', listed, null),
    figure('objects deleted', deleted, plain),
  ];
}

async function listAll(client: KubeClient, resource: ResourceType): Promise<void> {
  let token: string | undefined;
  do {
    const page = await client.list(resource, { limit: 500, ...(token && { continue: token }) });
    token = page.continue === '' ? undefined : page.continue;
  } while (token !== undefined);
}

function podNamed(name: string): Pod {
  const env = Array.from({ length: 10 }, (_, at) => ({ name: `VARIABLE_${at}`, value: 'x'.repeat(40) }));
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: NAMESPACE, labels: { app: 'bench' } },
    spec: { containers: [{ name: 'main', image: 'none', command: ['true'], env }] },
  };
}

async function observationFigures(path: string, count: number, bare: number): Promise<Figure[]> {
  const store = openSqliteObservationStore({ path, logger: silentLogger });
  const source = { trialUid: 'bench', source: 'pod/main' };
  const observation = (sequence: number): Observation => ({
    metric: 'loss',
    value: 1 / (sequence + 1),
    step: sequence,
    timeMs: sequence,
    sequence,
  });
  const reported = await perSecond(count, async () => {
    for (let from = 0; from < count; from += BATCH)
      await store.report(
        source,
        Array.from({ length: Math.min(BATCH, count - from) }, (_, at) => observation(from + at)),
      );
  });
  const read = await perSecond(count, () => store.series(source.trialUid, { metric: 'loss' }));
  const reads = Math.ceil(count / 10);
  const summarised = await perSecond(reads, async () => {
    for (let at = 0; at < reads; at++) await store.summaries(source.trialUid);
  });
  await store.close();
  return [
    figure(`observations stored, batches of ${BATCH}`, reported, { what: 'plain inserts', perSecond: bare }),
    figure('observations read, one whole curve', read, null),
    figure('summaries of a trial read', summarised, null),
  ];
}

/** A table of SQLite with the settings of the stores, and no more. */
function bareInserts(path: string, count: number): { single: () => void; batches: () => void } {
  const database = new Database(path);
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = NORMAL');
  database.exec('CREATE TABLE object (name TEXT PRIMARY KEY, body TEXT) WITHOUT ROWID');
  database.exec('CREATE TABLE number (at INTEGER PRIMARY KEY, value REAL, time REAL, step REAL)');
  const body = JSON.stringify(podNamed('bare'));
  const addObject = database.prepare('INSERT INTO object VALUES (?, ?)');
  const addNumber = database.prepare('INSERT INTO number VALUES (?, ?, ?, ?)');
  const addNumbers = database.transaction((from: number) => {
    for (let at = from; at < Math.min(count, from + BATCH); at++) addNumber.run(at, 1 / (at + 1), at, at);
  });
  return {
    single: () => {
      for (let at = 0; at < count; at++) addObject.run(`pod-${at}`, body);
    },
    batches: () => {
      for (let from = 0; from < count; from += BATCH) addNumbers(from);
      database.close();
    },
  };
}
