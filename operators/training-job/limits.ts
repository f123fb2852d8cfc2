import { restartCount } from '../pod-facts.ts';
import { isUncounted, totalRecreations, type Recreations } from './recreations.ts';
import { groupOf, type Observation } from './replica-pods.ts';
import type { ReplicaPod, TrainingJobSpec } from './types.ts';

/**
 * Restarts have reached the limit. Two kinds count together: those of containers in running pods, where reaching the
 * limit is enough (so that 0 and 1 mean the same, as in the Training Operator), and replacements of pods, where one
 * more than the limit would be needed.
 */
export function exceedsBackoffLimit(
  spec: TrainingJobSpec,
  pods: readonly ReplicaPod[],
  observation: Observation,
  recreations: Recreations,
): boolean {
  const limit = spec.backoffLimit;
  if (limit === null) return false;
  const inPlace = restartCount(pods.filter((replica) => restartsCount(spec, replica)).map(({ pod }) => pod));
  const soFar = inPlace + totalRecreations(recreations);
  if (inPlace > 0 && soFar >= limit) return true;
  const next = observation.replaceable.filter((replica) => isUncounted(recreations, replica)).length;
  return next > 0 && soFar + next > limit;
}

function restartsCount(spec: TrainingJobSpec, replica: ReplicaPod): boolean {
  const policy = groupOf(spec, replica)?.restartPolicy;
  return replica.pod.status?.phase === 'Running' && policy !== undefined && policy !== 'Never';
}
