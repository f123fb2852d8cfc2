import Database from 'better-sqlite3';
import { errorMessage, KatydidError } from '../../core/errors.ts';
import { createDatabaseFile, fileTrouble, limitPageCache } from '../../sqlite/database-file.ts';
import { APPLICATION_ID, MIGRATIONS } from './schema.ts';

const JOURNAL_BYTES = 16 * 1024 * 1024;

/**
 * Opens the database of an object store and brings its schema up to date; creates it where there is no file. `path` may
 * be `:memory:`. Throws KatydidError where the file is damaged, is something else, or was written by a newer release;
 * it is unchanged then.
 */
export function openDatabase(path: string): Database.Database {
  refuseTroubledFile(path);
  try {
    createDatabaseFile(path, migrate);
  } catch (error) {
    throw explain(error, path);
  }
  return open(path, {}, prepare);
}

/**
 * Opens an existing database for reading, beside the process that writes it or after it. Nothing in it is changed, so its
 * schema must be up to date already. Throws as `openDatabase`.
 */
export function openDatabaseForReading(path: string): Database.Database {
  refuseTroubledFile(path);
  return open(path, { readonly: true }, (db) => {
    if (db.pragma('application_id', { simple: true }) !== APPLICATION_ID) throw notAnObjectStore(path);
    checkVersion(schemaVersion(db), path);
  });
}

/** Looks at an existing database, the whole of it, and changes nothing; it may be in use. Throws as `openDatabase`. */
export function checkDatabase(path: string): void {
  const db = openDatabaseForReading(path);
  try {
    checkHealth(db, path);
  } catch (error) {
    throw explain(error, path);
  } finally {
    db.close();
  }
}

function open(
  path: string,
  options: Database.Options,
  prepareDatabase: (db: Database.Database, path: string) => void,
): Database.Database {
  const db = connect(path, options);
  try {
    prepareDatabase(db, path);
    return db;
  } catch (error) {
    db.close();
    throw explain(error, path);
  }
}

function connect(path: string, options: Database.Options): Database.Database {
  try {
    return new Database(path, options);
  } catch (error) {
    throw explain(error, path);
  }
}

/** Looks first, and changes only what may be used. */
function prepare(db: Database.Database, path: string): void {
  if (isEmpty(db)) {
    migrate(db);
  } else {
    if (db.pragma('application_id', { simple: true }) !== APPLICATION_ID) throw notAnObjectStore(path);
    checkHealth(db, path);
    checkVersion(schemaVersion(db), path);
  }
  limitPageCache(db);
  db.pragma('journal_mode = WAL');
  // A commit survives the death of the process; one that a power cut undoes leaves a consistent file behind.
  db.pragma('synchronous = NORMAL');
  // After a burst of writes the journal gives its space back.
  db.pragma(`journal_size_limit = ${JOURNAL_BYTES}`);
  migrate(db);
}

/** Only a new one in memory is: files are made with their content. */
function isEmpty(db: Database.Database): boolean {
  return (
    db.memory &&
    db.prepare<[], { count: number }>('SELECT count(*) AS count FROM sqlite_schema').get()?.count === 0
  );
}

function refuseTroubledFile(path: string): void {
  const trouble = fileTrouble(path);
  if (trouble !== null) throw damaged(path, trouble);
}

function checkHealth(db: Database.Database, path: string): void {
  const result = db.pragma('quick_check(1)', { simple: true });
  if (result !== 'ok') throw damaged(path, `is damaged: ${String(result)}`);
}

function migrate(db: Database.Database): void {
  db.pragma(`application_id = ${APPLICATION_ID}`);
  db.exec('CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL) STRICT');
  const version = schemaVersion(db);
  const record = db.prepare<[number]>('INSERT INTO schema_version VALUES (?)');
  MIGRATIONS.slice(version).forEach((script, offset) => {
    db.transaction(() => {
      db.exec(script);
      record.run(version + offset + 1);
    }).immediate();
  });
}

function schemaVersion(db: Database.Database): number {
  const newest = db.prepare<[], { version: number | null }>(
    'SELECT max(version) AS version FROM schema_version',
  );
  return newest.get()?.version ?? 0;
}

function checkVersion(version: number, path: string): void {
  if (version > MIGRATIONS.length) throw schemaTooNew(path, version);
}

function explain(error: unknown, path: string): unknown {
  if (error instanceof KatydidError) return error;
  const code = error instanceof Database.SqliteError ? error.code : '';
  if (code === 'SQLITE_NOTADB') return notAnObjectStore(path);
  if (code.startsWith('SQLITE_CORRUPT')) return damaged(path, `is damaged: ${errorMessage(error)}`);
  return new KatydidError(
    'STORE_CANNOT_OPEN',
    `The object store ${path} cannot be opened: ${errorMessage(error)}.`,
    {
      remedy: 'Check that its directory exists, can be written to and has space left.',
      cause: error,
    },
  );
}

function notAnObjectStore(path: string): KatydidError {
  const message = `The file ${path} is not an object store of Katydid, or its beginning is destroyed.`;
  return new KatydidError('STORE_NOT_A_DATABASE', message, {
    remedy: `Choose another data directory where it is another program's file. ${rescue(path)}`,
  });
}

/** `trouble` ends the sentence that the path begins. */
function damaged(path: string, trouble: string): KatydidError {
  return new KatydidError('STORE_CORRUPT', `The object store ${path} ${trouble}.`, { remedy: rescue(path) });
}

function rescue(path: string): string {
  return (
    'Restore a backup (katydid restore FILE --force). Without one, `sqlite3 FILE .recover` may save what is readable; ' +
    `or move it away together with ${path}-wal and ${path}-shm to begin without experiments.`
  );
}

function schemaTooNew(path: string, version: number): KatydidError {
  return new KatydidError(
    'STORE_SCHEMA_TOO_NEW',
    `The object store ${path} has schema version ${version}; this release knows versions up to ${MIGRATIONS.length}.`,
    { remedy: 'Use the release that wrote it or a newer one, or choose another data directory.' },
  );
}
