import { createHash } from 'node:crypto';
import { initialSchema } from './0001-initial.ts';

/** One step of the schema. A step that was released never changes: a correction is a further step. */
export interface Migration {
  /** 1, 2, 3 … without gaps. */
  version: number;
  name: string;
  sql: string;
  /** SHA-256 of `sql`, stored in the database beside the version: tells a changed step from the one that ran. */
  checksum: string;
}

const STEPS = [{ name: 'initial', sql: initialSchema }];

export const MIGRATIONS: readonly Migration[] = STEPS.map(({ name, sql }, index) => ({
  version: index + 1,
  name,
  sql,
  checksum: createHash('sha256').update(sql).digest('hex'),
}));
