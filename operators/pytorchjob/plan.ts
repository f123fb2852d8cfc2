import type { ObjectPlan } from '../object-plan.ts';
import { planObjects } from '../training-job/plan.ts';
import type { PlanRequest } from '../training-job/training-job-kind.ts';
import { replicaPod, replicaService, type ReplicaContext } from './replica-objects.ts';
import { groupOfType, type PyTorchJobSpec, type ReplicaType } from './types.ts';

export interface PlanInput extends PlanRequest<PyTorchJobSpec>, Pick<ReplicaContext, 'masterWait'> {}

/** The way from the pods and services of a PyTorchJob that are there to those that are wanted. */
export function planReplicas(input: PlanInput): ObjectPlan {
  return planObjects<ReplicaType>(input, {
    pod: (group, index) => replicaPod(input, group, index),
    service: (group, index) => replicaService(input, group, index),
    mayStart: ({ type }) => type === 'Master' || !isMasterAwaited(input),
  });
}

/** There is to be a master, and it has not begun yet. */
function isMasterAwaited({ spec, pods, masterWait }: PlanInput): boolean {
  if (masterWait !== 'creation' || !groupOfType(spec, 'Master')) return false;
  return !pods.some(
    ({ type, pod: { status } }) =>
      type === 'Master' && (status?.phase === 'Running' || status?.phase === 'Succeeded'),
  );
}
