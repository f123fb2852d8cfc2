import type { Database } from 'better-sqlite3';
import type { Logger } from '../../core/logger.ts';
import type { CollectionReport, LogTail, ObservationSource } from '../../core/observation.ts';
import { DATABASE_ERROR, databaseError } from '../database-error.ts';
import { lastBytes, LOG_TAIL_BYTES, LOG_TAIL_OVERHEAD_BYTES } from '../log-tail-limit.ts';
import { overSources, type SourceSummary } from '../metric-summary.ts';
import type { ObservationStore, TrialEvent } from '../observation-store.ts';
import { createNames, type Names } from './names.ts';
import { createObservationWriter, type SummaryRow } from './observation-writer.ts';
import { openDatabase } from './open-database.ts';
import { createPageReader, createSeriesReader } from './series-reader.ts';
import { translateSqliteError } from './sqlite-error.ts';
import { SQL } from './statements.ts';

/**
 * The observation store in one SQLite file; `:memory:` keeps it in memory. Every write is durable when its promise
 * resolves. Throws KatydidError `DB_CORRUPT`, `DB_FOREIGN`, `DB_SCHEMA_NEWER`, `DB_SCHEMA_CHANGED`, `DB_BUSY` or
 * `DB_CANNOT_OPEN`; the methods reject with `DB_CLOSED`, `DB_CORRUPT`, `DB_BUSY` or `DB_FULL`.
 */
export function openSqliteObservationStore(options: { path: string; logger: Logger }): ObservationStore {
  const { path, logger } = options;
  const database = openDatabase(path);
  logger.debug('observation database opened', { path });
  const names = createNames(database);
  const guarded = createGuard(database, path);
  return {
    ...observationMethods(database, names, guarded),
    ...trialRecordMethods(database, names, guarded),
    close() {
      database.close();
      return Promise.resolve();
    },
  };
}

/** Makes a synchronous method asynchronous, with errors that users understand. */
type Guard = <A extends unknown[], R>(method: (...args: A) => R) => (...args: A) => Promise<R>;

function createGuard(database: Database, path: string): Guard {
  return (method) =>
    (...args) =>
      new Promise((resolve, reject) => {
        try {
          if (!database.open) throw closedError(path);
          resolve(method(...args));
        } catch (error) {
          const translated = translateSqliteError(error, path);
          reject(translated instanceof Error ? translated : new Error(String(translated)));
        }
      });
}

function closedError(path: string): Error {
  return databaseError(
    DATABASE_ERROR.closed,
    `The observation database ${path} is closed.`,
    'The service is stopping: ask again when it has been started.',
  );
}

type ObservationMethods = Pick<
  ObservationStore,
  'report' | 'finish' | 'discard' | 'summaries' | 'series' | 'page' | 'collectionReports'
>;

function observationMethods(database: Database, names: Names, guarded: Guard): ObservationMethods {
  const write = createObservationWriter(database, names);
  const putReport = database.prepare<[string, number]>(SQL.putReport);
  const deleteSource = database.prepare<[string, string]>(SQL.deleteSource);
  const summaries = database.prepare<[string], NamedSummaryRow>(SQL.summaries);
  const reports = database.prepare<[string], { source: string; report: string }>(SQL.reports);
  const finish = database.transaction((source: ObservationSource, report: CollectionReport) => {
    putReport.run(JSON.stringify(report), names.source(source));
  });
  return {
    report: guarded((source, batch) => {
      if (batch.length > 0) write(source, batch);
    }),
    finish: guarded((source, report) => finish.immediate(source, report)),
    discard: guarded(({ trialUid, source }) => {
      deleteSource.run(trialUid, source);
    }),
    summaries: guarded((trialUid) =>
      overSources(summaries.all(trialUid).map((row) => ({ ...row, latest: row.latest ?? NaN }))),
    ),
    series: guarded(createSeriesReader(database, names)),
    page: guarded(createPageReader(database, names)),
    collectionReports: guarded((trialUid) =>
      Object.fromEntries(
        reports.all(trialUid).map(({ source, report }) => [source, JSON.parse(report) as CollectionReport]),
      ),
    ),
  };
}

type NamedSummaryRow = SummaryRow & Pick<SourceSummary, 'source' | 'metric'>;

type TrialRecordMethods = Pick<
  ObservationStore,
  'recordEvent' | 'events' | 'saveLogTail' | 'logTails' | 'discardTrial' | 'deleteTrial'
>;

function trialRecordMethods(database: Database, names: Names, guarded: Guard): TrialRecordMethods {
  const addEvent = database.prepare<[number, number, string, string, string]>(SQL.addEvent);
  const events = database.prepare<[string], TrialEvent>(SQL.events);
  const logTails = database.prepare<[string], LogTail>(SQL.logTails);
  const deleteTrial = database.prepare<[string]>(SQL.deleteTrial);
  const deleteSources = database.prepare<[string]>(SQL.deleteSources);
  const deleteLogTails = database.prepare<[string]>(SQL.deleteLogTails);
  const discardTrial = database.transaction((trialUid: string) => {
    deleteSources.run(trialUid);
    deleteLogTails.run(trialUid);
  });
  const recordEvent = database.transaction(({ trialUid, timeMs, type, reason, message }: TrialEvent) => {
    addEvent.run(names.trial(trialUid), timeMs, type, reason, message);
  });
  return {
    recordEvent: guarded((event) => recordEvent.immediate(event)),
    events: guarded((trialUid) => events.all(trialUid)),
    saveLogTail: guarded(createLogTailWriter(database, names)),
    logTails: guarded((trialUid) => logTails.all(trialUid)),
    discardTrial: guarded((trialUid) => discardTrial.immediate(trialUid)),
    deleteTrial: guarded((trialUid) => {
      deleteTrial.run(trialUid);
    }),
  };
}

function createLogTailWriter(database: Database, names: Names): (tail: LogTail) => void {
  const put = database.prepare<(string | number | null)[]>(SQL.putLogTail);
  const trim = database.prepare<[number, number, number]>(SQL.trimLogTails);
  const save = database.transaction((tail: LogTail) => {
    const { trialUid, pod, container, restartCount, exitCode, reason, timeMs } = tail;
    const trial = names.trial(trialUid);
    const text = lastBytes(tail.text, LOG_TAIL_BYTES - LOG_TAIL_OVERHEAD_BYTES);
    put.run(trial, pod, container, restartCount, exitCode, reason, text, timeMs);
    trim.run(LOG_TAIL_OVERHEAD_BYTES, trial, LOG_TAIL_BYTES);
  });
  return (tail) => save.immediate(tail);
}
