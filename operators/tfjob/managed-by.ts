import { valueAt } from '../../core/json.ts';
import type { StoredTfJob } from './types.ts';

const OURS = 'kubeflow.org/training-operator';

/** Another controller looks after the job: `spec.runPolicy.managedBy` names one that is not the Training Operator. */
export function isManagedElsewhere(job: StoredTfJob): boolean {
  const managedBy = valueAt(job, ['spec', 'runPolicy', 'managedBy']);
  return managedBy != null && managedBy !== OURS;
}
