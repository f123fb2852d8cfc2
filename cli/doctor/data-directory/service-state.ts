import { existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import { readLockHolder, type DataDirectory } from '../../data-directory.ts';
import { readServerFile, type ServerFile } from '../../serve/server-file.ts';
import type { Probes } from '../probes.ts';

/** Whether a service works in the data directory, and what its files say of it. */
export interface ServiceState {
  /** The lock is held; the system frees it with its process. */
  readonly isLocked: boolean;
  /** Who wrote that it holds the lock; null where nobody did, or illegibly. */
  readonly holder: number | null;
  /** Where servers listen, or listened. */
  readonly server: ServerFile | null;
  /** Somebody accepts connections there. */
  readonly answers: boolean;
}

export async function readServiceState(directory: DataDirectory, probes: Probes): Promise<ServiceState> {
  const server = readServerFile(directory);
  return {
    isLocked: isLocked(directory.lock),
    holder: readLockHolder(directory),
    server,
    answers: server !== null && (await probes.answers(server.kube)),
  };
}

/** The lock is an exclusive transaction: nobody else can read the file meanwhile. Looking takes no lock that lasts. */
function isLocked(file: string): boolean {
  if (!existsSync(file)) return false;
  let database: Database.Database | undefined;
  try {
    database = new Database(file, { readonly: true, timeout: 0 });
    database.prepare('SELECT count(*) FROM sqlite_schema').get();
    return false;
  } catch (error) {
    return error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY');
  } finally {
    database?.close();
  }
}
