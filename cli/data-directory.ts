import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import Database from 'better-sqlite3';
import { sleep, systemClock } from '../core/clock.ts';
import { errorMessage, KatydidError } from '../core/errors.ts';

/** Where everything of one installation on one computer lies. */
export interface DataDirectory {
  path: string;
  objects: string;
  observations: string;
  /** A database that whoever works in the directory holds locked, and a file with his pid. */
  lock: string;
  lockHolder: string;
}

export interface DataDirectoryLock {
  release(): void;
}

export const DEFAULT_DATA_DIR = '.katydid';

const LOCK_ATTEMPTS = 20;
const LOCK_RETRY_MS = 100;

export function dataDirectory(path: string): DataDirectory {
  const absolute = resolve(path);
  return {
    path: absolute,
    objects: join(absolute, 'objects.db'),
    observations: join(absolute, 'observations.db'),
    lock: join(absolute, 'lock.db'),
    lockHolder: join(absolute, 'lock.pid'),
  };
}

/**
 * Makes this process the only one that works in the directory; creates it where it is missing. The lock belongs to the
 * process, so the system frees it however the process ends. A holder that is just ending is waited for shortly.
 *
 * @throws KatydidError DATA_DIR_IN_USE with the holder's pid; DATA_DIR_UNUSABLE when it cannot be written.
 */
export async function lockDataDirectory(directory: DataDirectory): Promise<DataDirectoryLock> {
  try {
    mkdirSync(directory.path, { recursive: true });
  } catch (error) {
    throw unusable(directory, error);
  }
  for (let attempt = 1; ; attempt++) {
    const lock = tryLock(directory);
    if (lock) return lock;
    if (attempt === LOCK_ATTEMPTS) throw inUse(directory);
    await sleep(systemClock, LOCK_RETRY_MS);
  }
}

/** The lock is an exclusive transaction on a database of its own: SQLite's file locks die with their process. */
function tryLock(directory: DataDirectory): DataDirectoryLock | undefined {
  let database: Database.Database | undefined;
  try {
    database = new Database(directory.lock, { timeout: 0 });
    database.exec('BEGIN EXCLUSIVE');
    writeFileSync(directory.lockHolder, `${process.pid}\n`);
    const held = database;
    return { release: () => held.close() };
  } catch (error) {
    database?.close();
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) return undefined;
    throw unusable(directory, error);
  }
}

function inUse(directory: DataDirectory): KatydidError {
  return new KatydidError(
    'DATA_DIR_IN_USE',
    `Another katydid (pid ${readLockHolder(directory) ?? 'unknown'}) is working in ${directory.path}.`,
    { remedy: 'Wait for it or stop it, or give this one a directory of its own with --data-dir.' },
  );
}

function unusable(directory: DataDirectory, cause: unknown): KatydidError {
  return new KatydidError('DATA_DIR_UNUSABLE', `Cannot use ${directory.path}: ${errorMessage(cause)}.`, {
    remedy: 'Check its permissions and the space on its disk, or choose another with --data-dir.',
    cause,
  });
}

/** The pid that the last one to hold the lock wrote; null where nobody did, or illegibly. */
export function readLockHolder({ lockHolder }: DataDirectory): number | null {
  try {
    const pid = Number(readFileSync(lockHolder, 'utf8').trim());
    return Number.isSafeInteger(pid) && pid > 0 ? pid : null;
  } catch {
    return null;
  }
}
