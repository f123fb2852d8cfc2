import type { SpecIssue } from '../../core/errors.ts';
import { schemaIssues } from '../../core/validation/schema-issues.ts';
import type { SpecReading } from '../training-job/training-job-kind.ts';
import { withTfJobDefaults } from './defaults.ts';
import { fromV1, fromV1beta2, v1beta2Schema, v1Schema, type TfJobDocument } from './spec-schema.ts';
import type { StoredTfJob, TfJobSpec } from './types.ts';
import { checkTfJob } from './validation.ts';
import { isV1beta2 } from './version-rules.ts';

/** A stored TFJob's specification with its defaults, or everything that is wrong with it. */
export function readTfJobSpec(job: StoredTfJob): SpecReading<TfJobSpec> {
  const parsed = parseDocument(job);
  if (Array.isArray(parsed)) return { valid: false, issues: parsed };
  const issues = [...checkTfJob(job.metadata.name, job.apiVersion, parsed)];
  if (issues.length > 0) return { valid: false, issues };
  return { valid: true, spec: withTfJobDefaults(parsed, job.apiVersion) };
}

function parseDocument(job: StoredTfJob): TfJobDocument | SpecIssue[] {
  if (isV1beta2(job.apiVersion)) {
    const result = v1beta2Schema.safeParse(job);
    return result.success ? fromV1beta2(result.data) : schemaIssues(v1beta2Schema, job, result.error);
  }
  const result = v1Schema.safeParse(job);
  return result.success ? fromV1(result.data) : schemaIssues(v1Schema, job, result.error);
}
