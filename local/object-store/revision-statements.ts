import type Database from 'better-sqlite3';

export interface SnapshotRow {
  readonly namespace: string;
  readonly name: string;
  readonly body: string;
}

/** `namespace` and `name` are those of the last row that was read; empty at the beginning. */
export interface SnapshotParameters {
  readonly resource: string;
  readonly version: number;
  readonly namespace: string;
  readonly name: string;
  readonly limit: number;
}

interface ChangeRow {
  readonly version: number;
  readonly removed: 0 | 1;
  readonly namespace: string;
  readonly body: string;
  readonly previousBody: string | null;
}

const AT_VERSION = 'version <= @version AND (superseded_at IS NULL OR superseded_at > @version)';

interface Uid {
  readonly uid: string;
}

type InsertParameters = [number, number | null, string, string, string, string, number, string];

export type RevisionStatements = ReturnType<typeof prepareRevisionStatements>;

// eslint-disable-next-line @typescript-eslint/explicit-module-boundary-types -- the list below is the type
export function prepareRevisionStatements(db: Database.Database) {
  const pageWhere = (position: string): string =>
    `FROM revisions WHERE resource = @resource AND ${position} AND ${AT_VERSION}`;
  const everywhere = pageWhere('(namespace, name) > (@namespace, @name)');
  const inside = pageWhere('namespace = @namespace AND name > @name');
  const columns = 'SELECT namespace, name, body';
  const order = 'ORDER BY namespace, name LIMIT @limit';
  return {
    currentVersion: db.prepare<[], { version: number | null }>(
      'SELECT max(version) AS version FROM revisions',
    ),
    compactedVersion: db.prepare<[], { version: number }>('SELECT version FROM compaction'),
    compact: db.prepare<[number]>('DELETE FROM revisions WHERE superseded_at <= ?'),
    recordCompaction: db.prepare<[number]>('UPDATE compaction SET version = ?'),
    find: db.prepare<[string, string, string], { body: string }>(
      'SELECT body FROM revisions WHERE resource = ? AND namespace = ? AND name = ? AND superseded_at IS NULL',
    ),
    findByUid: db.prepare<[string], { resource: string; body: string }>(
      'SELECT resource, body FROM revisions WHERE uid = ? AND superseded_at IS NULL',
    ),
    supersede: db.prepare<[number, string, string, string]>(
      `UPDATE revisions SET superseded_at = ?
       WHERE resource = ? AND namespace = ? AND name = ? AND superseded_at IS NULL`,
    ),
    insert: db.prepare<InsertParameters>(
      `INSERT INTO revisions (version, superseded_at, resource, namespace, name, uid, terminating, body)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    deleteOwners: db.prepare<[string]>('DELETE FROM owner_references WHERE dependent_uid = ?'),
    insertOwner: db.prepare<[string, string, number]>(
      'INSERT OR REPLACE INTO owner_references VALUES (?, ?, ?)',
    ),
    page: db.prepare<[SnapshotParameters], SnapshotRow>(`${columns} ${everywhere} ${order}`),
    pageOfNamespace: db.prepare<[SnapshotParameters], SnapshotRow>(`${columns} ${inside} ${order}`),
    count: db.prepare<[SnapshotParameters], { count: number }>(`SELECT count(*) AS count ${everywhere}`),
    countOfNamespace: db.prepare<[SnapshotParameters], { count: number }>(
      `SELECT count(*) AS count ${inside}`,
    ),
    // `+` keeps SQLite from finding the rows by resource: that would read and sort the collection's whole history for
    // every single change, where the newest versions are all that is wanted.
    changes: db.prepare<[string, number, number], ChangeRow>(
      `SELECT now.version, now.superseded_at IS now.version AS removed, now.namespace, now.body,
              before.body AS previousBody
       FROM revisions AS now
       LEFT JOIN revisions AS before ON before.superseded_at = now.version AND before.version < now.version
       WHERE +now.resource = ? AND now.version > ?
       ORDER BY now.version LIMIT ?`,
    ),
    body: db.prepare<[number], { body: string }>('SELECT body FROM revisions WHERE version = ?'),
    dependents: db.prepare<[string], Uid>(
      'SELECT dependent_uid AS uid FROM owner_references WHERE owner_uid = ? ORDER BY dependent_uid',
    ),
    blockingDependent: db.prepare<[string], { found: number }>(
      'SELECT 1 AS found FROM owner_references WHERE owner_uid = ? AND blocks_owner_deletion = 1 LIMIT 1',
    ),
    missingOwners: db.prepare<[], Uid>(
      `SELECT DISTINCT owner_uid AS uid FROM owner_references
       WHERE owner_uid NOT IN (SELECT uid FROM revisions WHERE superseded_at IS NULL)`,
    ),
    terminating: db.prepare<[], Uid>(
      'SELECT uid FROM revisions WHERE terminating = 1 AND superseded_at IS NULL ORDER BY version',
    ),
    terminatingNamespace: db.prepare<[string, string], Uid>(
      `SELECT uid FROM revisions
       WHERE resource = ? AND namespace = '' AND name = ? AND terminating = 1 AND superseded_at IS NULL`,
    ),
    activeInNamespace: db.prepare<[string, number], Uid>(
      'SELECT uid FROM revisions WHERE namespace = ? AND terminating = 0 AND superseded_at IS NULL LIMIT ?',
    ),
    anyInNamespace: db.prepare<[string], { found: number }>(
      'SELECT 1 AS found FROM revisions WHERE namespace = ? AND superseded_at IS NULL LIMIT 1',
    ),
  };
}
