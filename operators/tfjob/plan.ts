import type { ObjectPlan } from '../object-plan.ts';
import { planObjects, type PlanState } from '../training-job/plan.ts';
import { replicaPod, replicaService, type ReplicaContext } from './replica-objects.ts';
import type { ReplicaType } from './types.ts';

export interface PlanInput extends ReplicaContext, Omit<PlanState<ReplicaType>, 'job' | 'spec'> {}

/** The way from the pods and services of a TFJob that are there to those that are wanted. */
export function planReplicas(input: PlanInput): ObjectPlan {
  return planObjects<ReplicaType>(input, {
    pod: (group, index) => replicaPod(input, group, index),
    service: (group, index) => replicaService(input, group, index),
    // Replicas find each other by retrying, in whatever order they start.
    mayStart: () => true,
  });
}
