import { schemaIssues } from '../../core/validation/schema-issues.ts';
import type { SpecReading } from '../training-job/training-job-kind.ts';
import type { StoredTrainingJob } from '../training-job/types.ts';
import { withPyTorchJobDefaults } from './defaults.ts';
import { pyTorchJobSchema } from './spec-schema.ts';
import type { PyTorchJobSpec } from './types.ts';
import { checkPyTorchJob } from './validation.ts';

/** A stored PyTorchJob's specification with its defaults, or everything that is wrong with it. */
export function readPyTorchJobSpec(job: StoredTrainingJob): SpecReading<PyTorchJobSpec> {
  const parsed = pyTorchJobSchema.safeParse(job);
  if (!parsed.success) return { valid: false, issues: schemaIssues(pyTorchJobSchema, job, parsed.error) };
  const document = parsed.data.spec ?? {};
  const issues = [...checkPyTorchJob(job.metadata.name, document)];
  return issues.length > 0
    ? { valid: false, issues }
    : { valid: true, spec: withPyTorchJobDefaults(document) };
}
