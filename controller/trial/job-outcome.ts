import { isJsonObject } from '../../core/json.ts';
import { gjson } from '../gjson/gjson.ts';

export interface JobOutcome {
  state: 'running' | 'succeeded' | 'failed';
  /** Of the job's own condition that says so; empty where it gives none. */
  reason: string;
  message: string;
}

/**
 * What a job has come to. The failure condition is asked first, then the success condition; one holds where it yields
 * an object or a non-empty array, whose first element then is the job's own statement.
 */
export function jobOutcome(
  job: unknown,
  conditions: { successCondition?: string | undefined; failureCondition?: string | undefined },
): JobOutcome {
  const failed = statement(job, conditions.failureCondition);
  if (failed) return { state: 'failed', ...failed };
  const succeeded = statement(job, conditions.successCondition);
  if (succeeded) return { state: 'succeeded', ...succeeded };
  return { state: 'running', reason: '', message: '' };
}

function statement(
  job: unknown,
  condition: string | undefined,
): { reason: string; message: string } | undefined {
  if (condition === undefined || condition === '') return undefined;
  const found = gjson(job, condition);
  if (Array.isArray(found)) return found.length > 0 ? words(found[0]) : undefined;
  return isJsonObject(found) ? words(found) : undefined;
}

function words(found: unknown): { reason: string; message: string } {
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  return isJsonObject(found)
    ? { reason: text(found.reason), message: text(found.message) }
    : { reason: '', message: '' };
}
