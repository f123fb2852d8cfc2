import { foreignManager } from '../../core/job-kinds.ts';
import type { StoredTrainingJob } from './types.ts';

/** Another controller looks after the job: `spec.runPolicy.managedBy` names one that is not the Training Operator. */
export function isManagedElsewhere(job: StoredTrainingJob): boolean {
  return foreignManager(job) !== undefined;
}
