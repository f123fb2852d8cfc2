/** Marks a SQLite file as an object store (`PRAGMA application_id`), so that no other file is taken for one: "KDOS". */
export const APPLICATION_ID = 0x4b444f53;

/*
 * `revisions` holds every state of every object, newest and older ones alike; version is the `resourceVersion`. A revision
 * is valid from `version` up to, not including, `superseded_at`: null for what exists now. A deletion is a revision that
 * is superseded at once (`superseded_at = version`): it carries the last state and is valid at no time. So
 *   - what existed at version V is `version <= V AND (superseded_at IS NULL OR superseded_at > V)`;
 *   - what a change at version V replaced is the revision with `superseded_at = V`;
 *   - compaction up to V removes `superseded_at <= V` and nothing that is still visible after V.
 */
const REVISIONS = `
  CREATE TABLE revisions (
    version INTEGER PRIMARY KEY,
    superseded_at INTEGER,
    resource TEXT NOT NULL,
    namespace TEXT NOT NULL,
    name TEXT NOT NULL,
    uid TEXT NOT NULL,
    terminating INTEGER NOT NULL,
    body TEXT NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX current_by_name ON revisions (resource, namespace, name) WHERE superseded_at IS NULL;
  CREATE UNIQUE INDEX current_by_uid ON revisions (uid) WHERE superseded_at IS NULL;
  CREATE INDEX current_by_namespace ON revisions (namespace) WHERE superseded_at IS NULL;
  CREATE INDEX current_terminating ON revisions (version) WHERE terminating = 1 AND superseded_at IS NULL;
  CREATE INDEX history_by_name ON revisions (resource, namespace, name, version, superseded_at);
  CREATE INDEX history_by_end ON revisions (superseded_at) WHERE superseded_at IS NOT NULL;

  CREATE TABLE owner_references (
    owner_uid TEXT NOT NULL,
    dependent_uid TEXT NOT NULL,
    blocks_owner_deletion INTEGER NOT NULL,
    PRIMARY KEY (owner_uid, dependent_uid)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX owner_references_by_dependent ON owner_references (dependent_uid);
  CREATE INDEX owner_references_blocking ON owner_references (owner_uid) WHERE blocks_owner_deletion = 1;

  -- Watches can go on from this version at the earliest.
  CREATE TABLE compaction (version INTEGER NOT NULL) STRICT;
  INSERT INTO compaction VALUES (0);
`;

/** One script per schema version, in order. Scripts that were released are never changed: add another one. */
export const MIGRATIONS: readonly string[] = [REVISIONS];
