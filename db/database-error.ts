import { KatydidError } from '../core/errors.ts';

/** Codes of errors of the observation database; docs/error-codes.md. */
export const DATABASE_ERROR = {
  corrupt: 'DB_CORRUPT',
  foreign: 'DB_FOREIGN',
  schemaNewer: 'DB_SCHEMA_NEWER',
  schemaChanged: 'DB_SCHEMA_CHANGED',
  full: 'DB_FULL',
  busy: 'DB_BUSY',
  cannotOpen: 'DB_CANNOT_OPEN',
  closed: 'DB_CLOSED',
} as const;
export type DatabaseErrorCode = (typeof DATABASE_ERROR)[keyof typeof DATABASE_ERROR];

export function databaseError(
  code: DatabaseErrorCode,
  message: string,
  remedy: string,
  cause?: unknown,
): KatydidError {
  return new KatydidError(code, message, { remedy, cause });
}
