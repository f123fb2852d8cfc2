/*
 * Every SQL text of the observation store, in the dialect of SQLite. Columns are named as the properties that they become.
 * `ON CONFLICT DO NOTHING` rather than `INSERT OR IGNORE`: the latter would also swallow rows that break another rule.
 */

export const SQL = {
  addTrial: 'INSERT INTO trial (uid) VALUES (?)',
  findTrial: 'SELECT id FROM trial WHERE uid = ?',
  deleteTrial: 'DELETE FROM trial WHERE uid = ?',

  addSource: 'INSERT INTO source (trial, name) VALUES (?, ?)',
  findSource: 'SELECT id FROM source WHERE trial = ? AND name = ?',
  deleteSource: 'DELETE FROM source WHERE trial = (SELECT id FROM trial WHERE uid = ?) AND name = ?',

  deleteSources: 'DELETE FROM source WHERE trial = (SELECT id FROM trial WHERE uid = ?)',

  addMetric: 'INSERT INTO metric (name) VALUES (?)',
  findMetric: 'SELECT id FROM metric WHERE name = ?',

  addObservation: `
    INSERT INTO observation (source, metric, sequence, time_ms, step, value, text)
    VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,

  countSeries: `
    SELECT count(*) AS count
    FROM trial CROSS JOIN source ON source.trial = trial.id CROSS JOIN observation ON observation.source = source.id
    WHERE trial.uid = ? AND observation.metric = ? AND observation.time_ms BETWEEN ? AND ?`,
  series: `
    SELECT source.name AS source, sequence, time_ms AS timeMs, step, value, text
    FROM trial CROSS JOIN source ON source.trial = trial.id CROSS JOIN observation ON observation.source = source.id
    WHERE trial.uid = ? AND observation.metric = ? AND observation.time_ms BETWEEN ? AND ?
    ORDER BY time_ms, source.name, sequence`,

  firstSource: `
    SELECT source.name FROM trial JOIN source ON source.trial = trial.id WHERE trial.uid = ? ORDER BY source.name LIMIT 1`,
  nextSource: `
    SELECT source.name FROM trial JOIN source ON source.trial = trial.id
    WHERE trial.uid = ? AND source.name > ? ORDER BY source.name LIMIT 1`,
  page: `
    SELECT source.name AS source, sequence, time_ms AS timeMs, step, value, text
    FROM trial CROSS JOIN source ON source.trial = trial.id CROSS JOIN observation ON observation.source = source.id
    WHERE trial.uid = ? AND source.name = ? AND observation.metric = ? AND sequence > ?
    ORDER BY sequence LIMIT ?`,

  findSummary: `
    SELECT count, min, max, latest, latest_text AS latestText, latest_sequence AS latestSequence,
      first_time_ms AS firstTimeMs, latest_time_ms AS latestTimeMs
    FROM source_summary WHERE source = ? AND metric = ?`,
  putSummary: `
    INSERT OR REPLACE INTO source_summary (source, metric, count, min, max, latest, latest_text, latest_sequence,
      first_time_ms, latest_time_ms)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  summaries: `
    SELECT source.name AS source, metric.name AS metric, count, min, max, latest, latest_text AS latestText,
      latest_sequence AS latestSequence, first_time_ms AS firstTimeMs, latest_time_ms AS latestTimeMs
    FROM trial CROSS JOIN source ON source.trial = trial.id
      CROSS JOIN source_summary ON source_summary.source = source.id
      CROSS JOIN metric ON metric.id = source_summary.metric
    WHERE trial.uid = ?`,

  putReport: 'UPDATE source SET report = ? WHERE id = ?',
  reports: `
    SELECT source.name AS source, report FROM trial JOIN source ON source.trial = trial.id
    WHERE trial.uid = ? AND report IS NOT NULL ORDER BY source.name`,

  addEvent: `
    INSERT INTO event (trial, time_ms, type, reason, message) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
  events: `
    SELECT trial.uid AS trialUid, time_ms AS timeMs, type, reason, message
    FROM trial JOIN event ON event.trial = trial.id WHERE trial.uid = ? ORDER BY time_ms, event.id`,

  putLogTail: `
    INSERT INTO log_tail (trial, pod, container, restart_count, exit_code, reason, text, time_ms)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET exit_code = excluded.exit_code, reason = excluded.reason, text = excluded.text,
      time_ms = excluded.time_ms`,
  /** (overhead of each, trial, bytes): deletes the oldest tails of a trial beyond a number of bytes. */
  trimLogTails: `
    DELETE FROM log_tail WHERE rowid IN (
      SELECT rowid FROM (
        SELECT rowid, sum(length(CAST(text AS BLOB)) + ?) OVER (ORDER BY time_ms DESC, rowid DESC) AS bytes
        FROM log_tail WHERE trial = ?)
      WHERE bytes > ?)`,
  deleteLogTails: 'DELETE FROM log_tail WHERE trial = (SELECT id FROM trial WHERE uid = ?)',
  logTails: `
    SELECT trial.uid AS trialUid, pod, container, restart_count AS restartCount, exit_code AS exitCode, reason, text,
      time_ms AS timeMs
    FROM trial JOIN log_tail ON log_tail.trial = trial.id WHERE trial.uid = ? ORDER BY time_ms, log_tail.rowid`,
} as const;
