import Database from 'better-sqlite3';
import { statSync } from 'node:fs';
import { errorMessage } from '../../core/errors.ts';
import { DATABASE_ERROR, databaseError } from '../database-error.ts';
import { createDatabaseFile, fileTrouble, limitPageCache } from '../../sqlite/database-file.ts';
import { MIGRATIONS, type Migration } from '../migrations/migrations.ts';
import { corruptDatabase, translateSqliteError } from './sqlite-error.ts';

/** "KTYD" in ASCII: marks a file as ours. */
const APPLICATION_ID = 0x4b545944;
const BUSY_TIMEOUT_MS = 5_000;
/** A complete check reads the whole file; larger ones are checked page by page as they are used. */
const FULLY_CHECKED_BYTES = 64 * 1_024 * 1_024;

interface AppliedMigration {
  version: number;
  checksum: string;
}

/**
 * Opens the database in two steps: first it is looked at and refused, unchanged, where it is damaged, somebody else's or
 * of a newer version; only then is it configured and brought up to date. Throws KatydidError `DB_CORRUPT`, `DB_FOREIGN`,
 * `DB_SCHEMA_NEWER`, `DB_SCHEMA_CHANGED`, `DB_BUSY` or `DB_CANNOT_OPEN`.
 */
export function openDatabase(path: string, migrations: readonly Migration[] = MIGRATIONS): Database.Database {
  refuseTroubledFile(path);
  explained(path, () => createDatabaseFile(path, (database) => migrate(database, migrations)));
  const database = openFile(path);
  try {
    const applied = inspect(database, path, migrations);
    configure(database);
    if (applied < migrations.length) migrate(database, migrations);
    return database;
  } catch (error) {
    database.close();
    throw translateSqliteError(error, path);
  }
}

/**
 * Looks at an existing database, the whole of it, and changes nothing; it may be in use. Throws as `openDatabase`; an
 * older version, which that would bring up to date, is fine.
 */
export function checkDatabase(path: string, migrations: readonly Migration[] = MIGRATIONS): void {
  refuseTroubledFile(path);
  const database = openFile(path, { readonly: true });
  try {
    inspect(database, path, migrations);
    checkPages(database, path);
  } catch (error) {
    throw translateSqliteError(error, path);
  } finally {
    database.close();
  }
}

function refuseTroubledFile(path: string): void {
  const trouble = fileTrouble(path);
  if (trouble !== null) throw corruptDatabase(path, undefined, trouble);
}

function openFile(path: string, options: Database.Options = {}): Database.Database {
  return explained(path, () => new Database(path, { timeout: BUSY_TIMEOUT_MS, ...options }));
}

function explained<R>(path: string, open: () => R): R {
  try {
    return open();
  } catch (error) {
    const translated = translateSqliteError(error, path);
    if (translated !== error) throw translated;
    throw databaseError(
      DATABASE_ERROR.cannotOpen,
      `The observation database ${path} cannot be opened: ${errorMessage(error)}.`,
      'Check that its directory exists and that this user may write to it.',
      error,
    );
  }
}

/** Reads only. How many of the migrations the file has. */
function inspect(database: Database.Database, path: string, migrations: readonly Migration[]): number {
  const tables = database.prepare('SELECT count(*) FROM sqlite_schema').pluck().get();
  const applicationId = database.pragma('application_id', { simple: true });
  if (tables === 0 && applicationId === 0) return 0;
  if (applicationId !== APPLICATION_ID) {
    throw databaseError(
      DATABASE_ERROR.foreign,
      `${path} is a database of another program.`,
      'Give the observation database a path of its own.',
    );
  }
  checkIntegrity(database, path);
  const applied = appliedMigrations(database);
  refuseUnknownSchema(applied, path, migrations);
  return applied.length;
}

function checkIntegrity(database: Database.Database, path: string): void {
  const size = database.memory ? 0 : statSync(path).size;
  if (size <= FULLY_CHECKED_BYTES) checkPages(database, path);
}

function checkPages(database: Database.Database, path: string): void {
  const result = database.pragma('quick_check(1)', { simple: true });
  if (result !== 'ok') throw corruptDatabase(path, new Error(String(result)));
}

function appliedMigrations(database: Database.Database): AppliedMigration[] {
  return database
    .prepare<[], AppliedMigration>('SELECT version, checksum FROM schema_migration ORDER BY version')
    .all();
}

function refuseUnknownSchema(
  applied: readonly AppliedMigration[],
  path: string,
  migrations: readonly Migration[],
): void {
  const found = applied.at(-1)?.version ?? 0;
  if (found > migrations.length) {
    throw databaseError(
      DATABASE_ERROR.schemaNewer,
      `The observation database ${path} has schema version ${found}; this version of Katydid knows up to ${migrations.length}.`,
      `Run the version of Katydid that wrote it, or a newer one, or use another data directory.`,
    );
  }
  const changed = migrations.find(
    ({ checksum }, index) => (applied[index]?.checksum ?? checksum) !== checksum,
  );
  if (!changed) return;
  throw databaseError(
    DATABASE_ERROR.schemaChanged,
    `The observation database ${path} was made by another ${changed.version}-${changed.name} than this version of Katydid has.`,
    'Run the version of Katydid that wrote it, or use another data directory.',
  );
}

function configure(database: Database.Database): void {
  limitPageCache(database);
  database.pragma('journal_mode = WAL');
  // With WAL this survives the end of the process at any moment; only a power failure may undo the last batches.
  database.pragma('synchronous = NORMAL');
  database.pragma('foreign_keys = ON');
}

function migrate(database: Database.Database, migrations: readonly Migration[]): void {
  const apply = database.transaction(() => {
    database.pragma(`application_id = ${APPLICATION_ID}`);
    database.exec(`CREATE TABLE IF NOT EXISTS schema_migration
      (version INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL) STRICT`);
    const record = database.prepare(
      'INSERT INTO schema_migration (version, name, checksum) VALUES (?, ?, ?)',
    );
    // Asked again inside the transaction: another process may have opened the same file at the same time.
    for (const { version, name, sql, checksum } of migrations.slice(appliedMigrations(database).length)) {
      database.exec(sql);
      record.run(version, name, checksum);
    }
  });
  apply.immediate();
}
