import type { Database } from 'better-sqlite3';
import type { ObservationSource } from '../../core/observation.ts';
import { SQL } from './statements.ts';

/** Numbers that stand for names in the tables. Names that are new are added. */
export interface Names {
  trial(uid: string): number;
  source(source: ObservationSource): number;
  metric(name: string): number;
  /** Undefined for a name that nobody has reported. Adds nothing. */
  findMetric(name: string): number | undefined;
}

interface IdRow {
  id: number;
}

export function createNames(database: Database): Names {
  const addTrial = database.prepare<[string]>(SQL.addTrial);
  const findTrial = database.prepare<[string], IdRow>(SQL.findTrial);
  const addSource = database.prepare<[number, string]>(SQL.addSource);
  const findSource = database.prepare<[number, string], IdRow>(SQL.findSource);
  const addMetric = database.prepare<[string]>(SQL.addMetric);
  const findMetric = database.prepare<[string], IdRow>(SQL.findMetric);

  const trial = (uid: string): number => findTrial.get(uid)?.id ?? Number(addTrial.run(uid).lastInsertRowid);
  return {
    trial,
    source({ trialUid, source }) {
      const trialId = trial(trialUid);
      return findSource.get(trialId, source)?.id ?? Number(addSource.run(trialId, source).lastInsertRowid);
    },
    metric: (name) => findMetric.get(name)?.id ?? Number(addMetric.run(name).lastInsertRowid),
    findMetric: (name) => findMetric.get(name)?.id,
  };
}
