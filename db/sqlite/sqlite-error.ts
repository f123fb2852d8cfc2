import Database from 'better-sqlite3';
import type { KatydidError } from '../../core/errors.ts';
import { DATABASE_ERROR, databaseError } from '../database-error.ts';

type SqliteError = InstanceType<typeof Database.SqliteError>;

/** The error as users should see it, where it is one that they can do something about; else the error itself. */
export function translateSqliteError(error: unknown, path: string): unknown {
  return error instanceof Database.SqliteError ? (translations(error, path) ?? error) : error;
}

function translations(error: SqliteError, path: string): KatydidError | undefined {
  // Extended codes such as SQLITE_CORRUPT_INDEX begin with the primary one.
  const [, primary = ''] = /^SQLITE_([A-Z]+)/.exec(error.code) ?? [];
  switch (primary) {
    case 'CORRUPT':
    case 'NOTADB':
      return corruptDatabase(path, error);
    case 'FULL':
      return databaseError(
        DATABASE_ERROR.full,
        `The disk of the observation database ${path} is full.`,
        'Free space on that disk; nothing that was reported before is lost.',
        error,
      );
    case 'BUSY':
    case 'LOCKED':
      return databaseError(
        DATABASE_ERROR.busy,
        `The observation database ${path} is in use by another process.`,
        'Stop the other process, or give this one its own data directory.',
        error,
      );
    case 'CANTOPEN':
    case 'READONLY':
    case 'PERM':
      return databaseError(
        DATABASE_ERROR.cannotOpen,
        `The observation database ${path} cannot be opened for writing: ${error.message}.`,
        'Check that its directory exists and that this user may write to the directory and the file.',
        error,
      );
    default:
      return undefined;
  }
}

/** `trouble` ends the sentence that the path begins. */
export function corruptDatabase(
  path: string,
  cause: unknown,
  trouble = 'is damaged or not a database',
): KatydidError {
  return databaseError(
    DATABASE_ERROR.corrupt,
    `The observation database ${path} ${trouble}.`,
    'Stop the service and restore a backup (katydid restore FILE --force). Without one, `sqlite3 FILE .recover` may save ' +
      `what is readable; or move it away together with ${path}-wal and ${path}-shm and lose the stored metrics.`,
    cause,
  );
}
