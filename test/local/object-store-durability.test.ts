import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../core/logger.ts';
import { CONFIG_MAPS } from '../../kube/resource.ts';
import { openObjectStore, type ObjectStore } from '../../local/object-store/object-store.ts';
import { FakeClock, settle } from '../support/fake-clock.ts';
import { canMount, mountSmallDisk } from '../support/small-disk.ts';
import { blockingOwner, configMap, NAMESPACE } from './object-store-fixture.ts';
import { summary, WatchRecorder } from '../contract/kube-client/watch-recorder.ts';

let directory: string;
let path: string;
const opened: ObjectStore[] = [];

function open(): ObjectStore {
  const store = openObjectStore({ path, clock: new FakeClock(), logger: silentLogger });
  opened.push(store);
  return store;
}

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'object-store-'));
  path = join(directory, 'objects.db');
});

afterEach(() => {
  opened.splice(0).forEach((store) => store.close());
  rmSync(directory, { recursive: true });
});

describe('reading beside the process that writes', () => {
  it('sees every commit, and changes nothing', async () => {
    const writer = open();
    await writer.client.create(CONFIG_MAPS, configMap('a'));
    const reader = openObjectStore({ path, clock: new FakeClock(), logger: silentLogger, readOnly: true });
    opened.push(reader);
    await writer.client.create(CONFIG_MAPS, configMap('b'));
    const { items } = await reader.client.list(CONFIG_MAPS);
    expect(items.map(({ metadata }) => metadata.name)).toEqual(['a', 'b']);
    await expect(reader.client.create(CONFIG_MAPS, configMap('c'))).rejects.toThrow();
    expect((await writer.client.list(CONFIG_MAPS)).items).toHaveLength(2);
  });

  it('is refused where there is no store', () => {
    const openMissing = (): ObjectStore =>
      openObjectStore({ path, clock: new FakeClock(), logger: silentLogger, readOnly: true });
    expect(openMissing).toThrow(expect.objectContaining({ code: 'STORE_CANNOT_OPEN' }) as Error);
  });
});

describe('reopening', () => {
  it('finds every object as it was', async () => {
    const first = open();
    const created = await first.client.create(CONFIG_MAPS, configMap('a'));
    first.close();
    expect(await open().client.get(CONFIG_MAPS, { namespace: NAMESPACE, name: 'a' })).toEqual(created);
  });

  it('lets a watch go on after the version that it saw last', async () => {
    const first = open();
    await first.client.create(CONFIG_MAPS, configMap('a'));
    const { resourceVersion } = await first.client.list(CONFIG_MAPS);
    await first.client.create(CONFIG_MAPS, configMap('b'));
    await first.client.delete(CONFIG_MAPS, { namespace: NAMESPACE, name: 'a' });
    first.close();
    const second = open();
    const watch = new WatchRecorder(second.client, CONFIG_MAPS, { resourceVersion });
    await second.client.create(CONFIG_MAPS, configMap('c'));
    expect(summary(await watch.first(3))).toEqual([
      ['ADDED', 'b'],
      ['DELETED', 'a'],
      ['ADDED', 'c'],
    ]);
    await watch.stop();
  });

  it('never gives a version out twice, even when the newest object is gone', async () => {
    const first = open();
    await first.client.create(CONFIG_MAPS, configMap('a'));
    const deleted = await first.client.delete(CONFIG_MAPS, { namespace: NAMESPACE, name: 'a' });
    first.close();
    const created = await open().client.create(CONFIG_MAPS, configMap('a'));
    expect(Number(created.metadata.resourceVersion)).toBeGreaterThan(
      Number(deleted.metadata.resourceVersion),
    );
  });

  it('finishes a garbage collection that was cut short', async () => {
    const first = open();
    const owner = await first.client.create(CONFIG_MAPS, configMap('owner'));
    await first.client.create(CONFIG_MAPS, configMap('child', { ownerReferences: [blockingOwner(owner)] }));
    const ref = { namespace: NAMESPACE, name: 'owner' };
    await first.client.delete(CONFIG_MAPS, ref, { propagationPolicy: 'Foreground' });
    // Closed in the same turn of the event loop: the collector had no chance to work.
    first.close();
    const second = open();
    expect((await second.client.list(CONFIG_MAPS)).items).toHaveLength(2);
    for (let turn = 0; turn < 5; turn++) await settle();
    expect((await second.client.list(CONFIG_MAPS)).items).toEqual([]);
  });
});

describe('closing', () => {
  it('ends watches and refuses calls', async () => {
    const store = open();
    const watch = new WatchRecorder(store.client, CONFIG_MAPS, {});
    await settle();
    store.close();
    store.close();
    await watch.stop();
    await expect(store.client.list(CONFIG_MAPS)).rejects.toMatchObject({ reason: 'ServiceUnavailable' });
    const events: unknown[] = [];
    for await (const event of store.client.watch(CONFIG_MAPS)) events.push(event);
    expect(events).toEqual([]);
  });
});

describe('kill -9', () => {
  const WRITER = `
    import { systemClock } from '${import.meta.resolve('../../core/clock.ts')}';
    import { silentLogger } from '${import.meta.resolve('../../core/logger.ts')}';
    import { CONFIG_MAPS } from '${import.meta.resolve('../../kube/resource.ts')}';
    import { openObjectStore } from '${import.meta.resolve('../../local/object-store/object-store.ts')}';
    const { client } = openObjectStore({ path: process.argv[1], clock: systemClock, logger: silentLogger });
    for (let index = 0; ; index++) {
      const metadata = { namespace: '${NAMESPACE}', name: 'object-' + index };
      await client.create(CONFIG_MAPS, { apiVersion: 'v1', kind: 'ConfigMap', metadata });
      process.stdout.write(metadata.name + '\\n');
    }`;

  it('in the middle of writing loses nothing that was answered', async () => {
    const writer = spawn(process.execPath, ['--input-type=module', '--eval', WRITER, path]);
    const acknowledged: string[] = [];
    for await (const line of createInterface({ input: writer.stdout })) {
      acknowledged.push(line);
      if (acknowledged.length === 200) writer.kill('SIGKILL');
    }
    if (writer.exitCode === null && writer.signalCode === null) await once(writer, 'exit');
    const { items } = await open().client.list(CONFIG_MAPS);
    const stored = new Set(items.map(({ metadata }) => metadata.name));
    expect(acknowledged.length).toBeGreaterThanOrEqual(200);
    expect(acknowledged.filter((name) => !stored.has(name))).toEqual([]);
  });
});

describe('a file that cannot be used', () => {
  it.each<[string, string, (file: string) => void]>([
    ['is no database', 'STORE_NOT_A_DATABASE', (file) => writeFileSync(file, 'text '.repeat(1000))],
    [
      'is the database of something else',
      'STORE_NOT_A_DATABASE',
      (file) => editDatabase(file, 'CREATE TABLE t (c)'),
    ],
    [
      'was written by a newer release',
      'STORE_SCHEMA_TOO_NEW',
      (file) => {
        openObjectStore({ path: file, clock: new FakeClock(), logger: silentLogger }).close();
        editDatabase(file, 'INSERT INTO schema_version VALUES (999)');
      },
    ],
    [
      'is in a directory that does not exist',
      'STORE_CANNOT_OPEN',
      () => (path = join(directory, 'absent', 'file')),
    ],
  ])('%s', (_title, code, prepare) => {
    prepare(path);
    expect(open).toThrow(expect.objectContaining({ name: 'KatydidError', code }) as Error);
    expect(open).toThrow(path);
  });

  it('is damaged', async () => {
    const store = open();
    for (let index = 0; index < 100; index++) await store.client.create(CONFIG_MAPS, configMap(`a${index}`));
    store.close();
    overwrite(path, 8192, 4096);
    expect(open).toThrow(expect.objectContaining({ code: 'STORE_CORRUPT' }) as Error);
  });
});

function editDatabase(file: string, sql: string): void {
  const db = new Database(file);
  db.exec(sql);
  db.close();
}

function overwrite(file: string, position: number, length: number): void {
  const bytes = readFileSync(file);
  bytes.fill(0xa5, position, position + length);
  writeFileSync(file, bytes);
}

describe.skipIf(!canMount())('a full disk', () => {
  it('refuses writes so that they are tried again, keeps what was written, and takes writes when it has room', async () => {
    using disk = mountSmallDisk(4);
    if (!disk) throw new Error('no disk');
    path = join(disk.path, 'objects.db');
    const { client } = open();
    await client.create(CONFIG_MAPS, configMap('before'));
    disk.fill();
    let written = 0;
    const fill = async (): Promise<void> => {
      for (; written < 1_000; written++) await client.create(CONFIG_MAPS, configMap(`more-${written}`));
    };
    await expect(fill()).rejects.toMatchObject({
      reason: 'ServiceUnavailable',
      message: expect.stringContaining('DISK_FULL') as unknown,
    });
    disk.relieve();
    await client.create(CONFIG_MAPS, configMap(`more-${written}`));
    const { items } = await client.list(CONFIG_MAPS, { namespace: NAMESPACE });
    expect(items).toHaveLength(written + 2);
    opened.splice(0).forEach((store) => store.close());
  });
});
