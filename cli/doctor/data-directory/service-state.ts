import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { DataDirectory } from '../../data-directory.ts';
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
    isLocked: isLocked(join(directory.path, 'lock.db')),
    holder: readHolder(join(directory.path, 'lock.pid')),
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

function readHolder(file: string): number | null {
  try {
    const pid = Number(readFileSync(file, 'utf8').trim());
    return Number.isSafeInteger(pid) && pid > 0 ? pid : null;
  } catch {
    return null;
  }
}
