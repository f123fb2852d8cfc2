import Database from 'better-sqlite3';
import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../core/logger.ts';
import type { Observation } from '../../../core/observation.ts';
import type { ObservationStore } from '../../../db/observation-store.ts';
import { openDatabase } from '../../../db/sqlite/open-database.ts';
import { openSqliteObservationStore } from '../../../db/sqlite/sqlite-observation-store.ts';
import { MIGRATIONS, type Migration } from '../../../db/migrations/migrations.ts';
import { testObservationStore } from '../../contract/observation-store.ts';

describe('SQLite observation store', () => {
  testObservationStore(() =>
    Promise.resolve(openSqliteObservationStore({ path: ':memory:', logger: silentLogger })),
  );
});

describe('SQLite observation database', () => {
  let directory: string;
  let path: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'observation-store-'));
    path = join(directory, 'observations.db');
  });
  afterEach(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  const source = { trialUid: 'trial', source: 'pod-0/training' };
  const observations = (count: number): Observation[] =>
    Array.from({ length: count }, (_, at) => ({
      metric: 'loss',
      value: 1 / (at + 1),
      step: at,
      timeMs: 1_767_225_600_000 + at * 100,
      sequence: at,
    }));
  const openStore = (): ObservationStore => openSqliteObservationStore({ path, logger: silentLogger });
  /** A database with some pages in it, closed. */
  const writeDatabase = async (): Promise<void> => {
    const store = openStore();
    await store.report(source, observations(2_000));
    await store.close();
  };
  const change = (sql: string): void => {
    const database = new Database(path);
    database.exec(sql);
    database.close();
  };

  it('keeps everything from one start to the next', async () => {
    await writeDatabase();
    const store = openStore();
    expect(await store.summaries('trial')).toMatchObject([{ count: 2_000, max: 1, latest: 1 / 2_000 }]);
    await store.close();
  });

  it('has what was reported on disk without being closed', async () => {
    const store = openStore();
    await store.report(source, observations(10));
    const second = openStore();
    expect(await second.summaries('trial')).toMatchObject([{ count: 10 }]);
    await second.close();
    await store.close();
  });

  it('takes less than 60 bytes per observation', async () => {
    const store = openStore();
    await store.report(source, observations(20_000));
    await store.close();
    expect(statSync(path).size / 20_000).toBeLessThan(60);
  });

  it('undoes a batch that cannot be stored as a whole', async () => {
    const store = openStore();
    const [first, second] = observations(2);
    const broken = { ...second, sequence: 0.5 } as Observation;
    await expect(store.report(source, [first as Observation, broken])).rejects.toThrow();
    expect(await store.summaries('trial')).toEqual([]);
    await store.close();
  });

  it('refuses a file that is no database, and leaves it alone', () => {
    writeFileSync(path, 'these are my notes, not a database\n'.repeat(100));
    const before = readFileSync(path);
    expect(openStore).toThrow(expect.objectContaining({ code: 'DB_CORRUPT' }));
    expect(openStore).toThrow(
      expect.objectContaining({ remedy: expect.stringContaining('backup') as string }),
    );
    expect(readFileSync(path)).toEqual(before);
  });

  it('refuses a file that was cut short', async () => {
    await writeDatabase();
    truncateSync(path, Math.floor(statSync(path).size / 2));
    expect(openStore).toThrow(expect.objectContaining({ code: 'DB_CORRUPT' }));
  });

  it('refuses a file with overwritten pages', async () => {
    await writeDatabase();
    const bytes = readFileSync(path);
    bytes.fill(0xa5, bytes.length / 2, bytes.length / 2 + 8_192);
    writeFileSync(path, bytes);
    expect(openStore).toThrow(expect.objectContaining({ code: 'DB_CORRUPT' }));
  });

  it('refuses the database of another program, and leaves it alone', () => {
    change('CREATE TABLE recipe (name TEXT)');
    const before = readFileSync(path);
    expect(openStore).toThrow(expect.objectContaining({ code: 'DB_FOREIGN' }));
    expect(readFileSync(path)).toEqual(before);
  });

  it('refuses a newer schema naming both versions, and leaves it alone', async () => {
    await writeDatabase();
    change("INSERT INTO schema_migration VALUES (7, 'from the future', 'abc')");
    const known = MIGRATIONS.length;
    expect(openStore).toThrow(
      expect.objectContaining({
        code: 'DB_SCHEMA_NEWER',
        message: expect.stringMatching(`version 7.* up to ${known}`) as string,
        remedy: expect.stringContaining('newer') as string,
      }),
    );
  });

  it('refuses a schema made by another text of a known migration', async () => {
    await writeDatabase();
    change("UPDATE schema_migration SET checksum = 'abc' WHERE version = 1");
    expect(openStore).toThrow(expect.objectContaining({ code: 'DB_SCHEMA_CHANGED' }));
  });

  it('refuses a directory that does not exist', () => {
    path = join(directory, 'missing', 'observations.db');
    expect(openStore).toThrow(expect.objectContaining({ code: 'DB_CANNOT_OPEN' }));
  });

  describe('migrations', () => {
    const added: Migration = {
      version: MIGRATIONS.length + 1,
      name: 'note',
      sql: 'CREATE TABLE note (text TEXT) STRICT',
      checksum: 'note-1',
    };

    it('bring an older database up to date and keep its rows', async () => {
      await writeDatabase();
      const database = openDatabase(path, [...MIGRATIONS, added]);
      expect(database.prepare('SELECT count(*) FROM note').pluck().get()).toBe(0);
      expect(database.prepare('SELECT count(*) FROM observation').pluck().get()).toBe(2_000);
      database.close();
    });

    it('that fail leave the database at the version it had', async () => {
      await writeDatabase();
      const failing = { ...added, sql: 'CREATE TABLE note (text TEXT) STRICT; SELECT * FROM missing' };
      expect(() => openDatabase(path, [...MIGRATIONS, failing])).toThrow('missing');
      const store = openStore();
      expect(await store.summaries('trial')).toMatchObject([{ count: 2_000 }]);
      await store.close();
    });

    it('have checksums that tell when a released text was changed', () => {
      // A released migration never changes: add another one instead of adapting this list.
      expect(MIGRATIONS.map(({ name, checksum }) => [name, checksum])).toEqual([
        ['initial', 'ae63c0d4b1c0a47a97eb95f30d0f15d65807dfe507597e5d41d252baf2db3d8a'],
      ]);
    });
  });
});
