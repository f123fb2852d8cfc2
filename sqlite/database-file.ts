import Database from 'better-sqlite3';
import { existsSync, linkSync, renameSync, rmSync, statSync } from 'node:fs';

const IN_MEMORY = ':memory:';

/** SQLite keeps up to 16 MB of pages for each connection where nobody says otherwise; the system keeps them anyway. */
const PAGE_CACHE_KIB = 2_048;

/** Keeps the memory of a connection small, however large its database grows. */
export function limitPageCache(database: Database.Database): void {
  database.pragma(`cache_size = -${PAGE_CACHE_KIB}`);
}

/**
 * Makes the database where there is no file: whole, or not at all. `fill` writes what a new one holds into a file
 * beside it, which takes the name only then. So a file of no bytes is never the beginning of a database, but the rest of one.
 */
export function createDatabaseFile(path: string, fill: (database: Database.Database) => void): void {
  if (path === IN_MEMORY || existsSync(path)) return;
  const unfinished = `${path}.${process.pid}.new`;
  try {
    rmSync(unfinished, { force: true });
    const database = new Database(unfinished);
    try {
      fill(database);
    } finally {
      database.close();
    }
    publish(unfinished, path);
  } finally {
    for (const suffix of ['', '-journal']) rmSync(`${unfinished}${suffix}`, { force: true });
  }
}

/** Another process may have been quicker: its file stays, for it is in use already. */
function publish(unfinished: string, path: string): void {
  try {
    linkSync(unfinished, path);
  } catch (error) {
    if (existsSync(path)) return;
    // File systems without hard links, such as those of memory cards.
    if (!(error instanceof Error)) throw error;
    renameSync(unfinished, path);
  }
}

/**
 * What is wrong with the files of a database as such, as the end of a sentence about it; null where SQLite can be asked.
 * It cannot be asked about these: it would begin an empty database, or show an older state as if it were the newest.
 */
export function fileTrouble(path: string): string | null {
  if (path === IN_MEMORY) return null;
  const journal = `${path}-wal`;
  if (!existsSync(path)) return sizeOf(journal) > 0 ? `is gone, while its journal ${journal} is there` : null;
  if (sizeOf(path) === 0) return 'is empty: its content is gone';
  // SQLite makes the journal first and removes it last, so that the index is never there alone.
  if (existsSync(`${path}-shm`) && !existsSync(journal))
    return `has lost its journal ${journal}, and with it the latest changes`;
  return null;
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
