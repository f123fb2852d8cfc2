import type { SpecIssue } from '../../core/errors.ts';
import { schemaIssues } from '../../core/validation/schema-issues.ts';
import { withBatchJobDefaults } from './defaults.ts';
import { batchJobSchema } from './spec-schema.ts';
import type { BatchJobSpec, StoredBatchJob } from './types.ts';
import { checkBatchJob } from './validation.ts';

export type SpecReading =
  | { readonly valid: true; readonly spec: BatchJobSpec }
  | { readonly valid: false; readonly issues: readonly SpecIssue[] };

/** A stored Job's specification with its defaults, or everything that is wrong with it. */
export function readBatchJobSpec(job: StoredBatchJob): SpecReading {
  const result = batchJobSchema.safeParse(job);
  if (!result.success) return { valid: false, issues: schemaIssues(batchJobSchema, job, result.error) };
  const document = result.data.spec;
  const issues = [...checkBatchJob(job.metadata.name, document)];
  return issues.length > 0 ? { valid: false, issues } : { valid: true, spec: withBatchJobDefaults(document) };
}
