import type Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../local/object-store/database.ts';
import {
  prepareRevisionStatements,
  type RevisionStatements,
} from '../../local/object-store/revision-statements.ts';

let db: Database.Database;

beforeAll(() => {
  db = openDatabase(':memory:');
});

afterAll(() => {
  db.close();
});

function queryPlan(name: keyof RevisionStatements): string[] {
  const { source } = prepareRevisionStatements(db)[name];
  const parameters = Array.from(source.matchAll(/\?/g), () => 1);
  const named = { resource: 'r', version: 1, namespace: 'n', name: 'o', limit: 1 };
  const plan = db.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${source}`);
  return plan.all(...(source.includes('@') ? [named] : parameters)).map(({ detail }) => detail);
}

/** Run for every write, read or event: what they cost must not grow with the store. */
const FREQUENT = [
  'currentVersion',
  'find',
  'findByUid',
  'supersede',
  'changes',
  'page',
  'pageOfNamespace',
  'dependents',
  'blockingDependent',
  'deleteOwners',
  'terminatingNamespace',
  'compact',
] as const satisfies readonly (keyof RevisionStatements)[];

describe('a statement of the object store', () => {
  it.each(FREQUENT)('%s finds its rows by an index', (name) => {
    expect(queryPlan(name).filter((step) => step.startsWith('SCAN'))).toEqual([]);
  });

  it('reads changes from the newest it knows on, without sorting', () => {
    expect(queryPlan('changes')).toEqual([
      expect.stringContaining('SEARCH now USING INTEGER PRIMARY KEY (rowid>?)'),
      expect.stringContaining('SEARCH before USING INDEX history_by_end'),
    ]);
  });

  it.each(['page', 'pageOfNamespace', 'dependents'] as const)('%s needs no sorting', (name) => {
    expect(queryPlan(name).filter((step) => step.includes('TEMP B-TREE'))).toEqual([]);
  });
});
