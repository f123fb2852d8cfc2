import type Database from 'better-sqlite3';
import type { StoredDocument } from './document.ts';
import type { Change, RevisionLog } from './revision-log.ts';

/** The writes of one transaction. Both return the object as it was stored, with its new version. */
export interface Writer {
  put(resource: string, previous: StoredDocument | null, object: StoredDocument): StoredDocument;
  remove(resource: string, previous: StoredDocument, object: StoredDocument): StoredDocument;
}

/** Runs `work` in one transaction: all of its writes happen or, where it throws, none. */
export type Commit = <T>(work: (writer: Writer) => T) => T;

/** `onCommit` hears of every change in order, after it is safe in the database. */
export function createCommit(
  db: Database.Database,
  log: RevisionLog,
  onCommit: (changes: readonly Change[]) => void,
): Commit {
  return (work) => {
    const changes: Change[] = [];
    const record = (change: Change): StoredDocument => {
      changes.push(change);
      return change.object;
    };
    const writer: Writer = {
      put: (resource, previous, object) => record(log.put(resource, previous, object)),
      remove: (resource, previous, object) => record(log.remove(resource, previous, object)),
    };
    const result = db.transaction(() => work(writer)).immediate();
    onCommit(changes);
    return result;
  };
}

/** Carries the result out of a transaction that is rolled back. */
class Undo<T> extends Error {
  readonly result: T;

  constructor(result: T) {
    super('tried only');
    this.result = result;
  }
}

/** Runs `work` as `createCommit` does, to the same result or error, and then undoes all of its writes. */
export function createTrialCommit(db: Database.Database, log: RevisionLog): Commit {
  return <T>(work: (writer: Writer) => T): T => {
    const writer: Writer = {
      put: (resource, previous, object) => log.put(resource, previous, object).object,
      remove: (resource, previous, object) => log.remove(resource, previous, object).object,
    };
    const attempt = db.transaction(() => {
      throw new Undo(work(writer));
    });
    try {
      return attempt.immediate();
    } catch (error) {
      if (error instanceof Undo) return error.result as T;
      throw error;
    }
  };
}
