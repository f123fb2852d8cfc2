import { KatydidError } from '../../core/errors.ts';
import { FAILURE_CODES, type KnownFailureCode } from '../../core/failure-codes/trial-codes.ts';

/** Why a trial has no job and cannot get one: trying again would not help. */
export class JobRefusal extends KatydidError {
  override readonly name = 'JobRefusal';
  declare readonly code: KnownFailureCode;

  constructor(code: KnownFailureCode, message: string) {
    super(code, message, { remedy: FAILURE_CODES[code].remedy });
  }
}
