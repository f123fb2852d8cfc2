import { LOCAL_CODES } from './local-codes.ts';
import { FAILURE_CODES, type FailureNature } from './trial-codes.ts';

const ENTRIES: Readonly<Record<string, { remedy: string; nature?: FailureNature } | undefined>> = {
  ...FAILURE_CODES,
  ...LOCAL_CODES,
};

/** A code that is not known may follow from anything: from the parameters, then. */
export function failureNature(code: string): FailureNature {
  return ENTRIES[code]?.nature ?? 'parameters';
}

/** What to do about any failure with this code; empty for a code that is not known. */
export function failureRemedy(code: string): string {
  return ENTRIES[code]?.remedy ?? '';
}
