import { LOCAL_CODES } from './local-codes.ts';
import { FAILURE_CODES, type FailureNature } from './trial-codes.ts';

const NATURES: Readonly<Record<string, { remedy: string; nature?: FailureNature } | undefined>> = {
  ...FAILURE_CODES,
  ...LOCAL_CODES,
};

/** A code that is not known may follow from anything: from the parameters, then. */
export function failureNature(code: string): FailureNature {
  return NATURES[code]?.nature ?? 'parameters';
}
