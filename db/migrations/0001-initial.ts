/*
 * Names are stored once and rows refer to them by number: an observation takes some 40 bytes. `observation` is ordered by
 * its key, so that a series is read in one piece and a repeated batch is recognised without a further index.
 *
 * SQLite stores NaN as NULL: in `value`, `latest`, NULL means NaN (there is no row without a value). In `min` and `max`
 * NULL means that there was no number yet.
 */
export const initialSchema = `
CREATE TABLE trial (
  id INTEGER PRIMARY KEY,
  uid TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE metric (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE source (
  id INTEGER PRIMARY KEY,
  trial INTEGER NOT NULL REFERENCES trial (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  report TEXT,
  UNIQUE (trial, name)
) STRICT;

CREATE TABLE observation (
  source INTEGER NOT NULL REFERENCES source (id) ON DELETE CASCADE,
  metric INTEGER NOT NULL REFERENCES metric (id),
  sequence INTEGER NOT NULL,
  time_ms REAL NOT NULL,
  step REAL,
  value REAL,
  text TEXT,
  PRIMARY KEY (source, metric, sequence)
) STRICT, WITHOUT ROWID;

CREATE TABLE source_summary (
  source INTEGER NOT NULL REFERENCES source (id) ON DELETE CASCADE,
  metric INTEGER NOT NULL REFERENCES metric (id),
  count INTEGER NOT NULL,
  min REAL,
  max REAL,
  latest REAL,
  latest_text TEXT,
  latest_sequence INTEGER NOT NULL,
  first_time_ms REAL NOT NULL,
  latest_time_ms REAL NOT NULL,
  PRIMARY KEY (source, metric)
) STRICT, WITHOUT ROWID;

CREATE TABLE event (
  id INTEGER PRIMARY KEY,
  trial INTEGER NOT NULL REFERENCES trial (id) ON DELETE CASCADE,
  time_ms REAL NOT NULL,
  type TEXT NOT NULL,
  reason TEXT NOT NULL,
  message TEXT NOT NULL,
  UNIQUE (trial, time_ms, type, reason, message)
) STRICT;

CREATE TABLE log_tail (
  trial INTEGER NOT NULL REFERENCES trial (id) ON DELETE CASCADE,
  pod TEXT NOT NULL,
  container TEXT NOT NULL,
  restart_count INTEGER NOT NULL,
  exit_code INTEGER,
  reason TEXT,
  text TEXT NOT NULL,
  time_ms REAL NOT NULL,
  PRIMARY KEY (trial, pod, container, restart_count)
) STRICT;
`;
