import { isBeingDeleted, type KubeObject, type Stored } from '../../core/kubernetes-object.ts';
import type { StoredPod } from '../../core/pod.ts';
import { PODS, SERVICES } from '../../kube/resource.ts';
import type { ObjectPlan } from '../object-plan.ts';
import { isUnfinished } from '../pod-facts.ts';
import { replicaPod, replicaService, type ReplicaContext } from './replica-objects.ts';
import { groupOf } from './replica-pods.ts';
import type { PodsWanted } from './status.ts';
import { replicaName, type CleanPodPolicy, type ReplicaPod } from './types.ts';

export interface PlanInput extends ReplicaContext {
  readonly wanted: PodsWanted;
  readonly pods: readonly ReplicaPod[];
  readonly services: readonly Stored<KubeObject>[];
  readonly stopProcessesAtEnd: boolean;
}

/** The way from the pods and services that are there to those that are wanted. */
export function planReplicas(input: PlanInput): ObjectPlan {
  switch (input.wanted.mode) {
    case 'run':
      return planRun(input, input.wanted.replace);
    case 'none':
      return deletionPlan(
        input.pods.map(({ pod }) => pod),
        input.services,
      );
    case 'ended':
      return planEnd(input);
  }
}

function planRun(input: PlanInput, replace: readonly ReplicaPod[]): ObjectPlan {
  const { job, spec, pods, services } = input;
  const podNames = new Set(pods.map(({ pod }) => pod.metadata.name));
  const serviceNames = new Set(services.map(({ metadata }) => metadata.name));
  const places = spec.groups.flatMap((group) =>
    Array.from({ length: group.replicas }, (_, index) => {
      return { group, index, name: replicaName(job.metadata.name, group.type, index) };
    }),
  );
  const wantedNames = new Set(places.map(({ name }) => name));
  const surplus = pods.filter((replica) => groupOf(spec, replica) === undefined);
  const { deletions } = deletionPlan(
    [...surplus, ...replace].map(({ pod }) => pod),
    services.filter(({ metadata }) => !wantedNames.has(metadata.name)),
  );
  const missingPods = places.filter(({ name }) => !podNames.has(name));
  const missingServices = places.filter(({ name }) => !serviceNames.has(name));
  return {
    deletions,
    creations: [
      ...missingServices.map(({ group, index }) => {
        return { resource: SERVICES, object: replicaService(input, group, index) };
      }),
      ...missingPods.map(({ group, index }) => {
        return { resource: PODS, object: replicaPod(input, group, index) };
      }),
    ],
  };
}

/** A service goes with the pod of its name. */
function planEnd({ spec, pods, services, stopProcessesAtEnd }: PlanInput): ObjectPlan {
  const isToGo = (pod: StoredPod): boolean => leavesAtEnd(pod, spec.cleanPodPolicy, stopProcessesAtEnd);
  if (spec.cleanPodPolicy === 'None' && !stopProcessesAtEnd) return deletionPlan([], []);
  const kept = pods.filter(({ pod }) => !isToGo(pod) && !isBeingDeleted(pod));
  const keptNames = new Set(kept.map(({ pod }) => pod.metadata.name));
  return deletionPlan(
    pods.map(({ pod }) => pod).filter(isToGo),
    services.filter(({ metadata }) => !keptNames.has(metadata.name)),
  );
}

function leavesAtEnd(pod: StoredPod, policy: CleanPodPolicy, stopProcessesAtEnd: boolean): boolean {
  if (policy === 'All') return true;
  return (policy === 'Running' || stopProcessesAtEnd) && isUnfinished(pod);
}

/** Objects that are on their way out already are left alone. */
function deletionPlan(pods: readonly StoredPod[], services: readonly Stored<KubeObject>[]): ObjectPlan {
  const deletions = [
    ...pods.map((object) => ({ resource: PODS, object })),
    ...services.map((object) => ({ resource: SERVICES, object })),
  ];
  return { deletions: deletions.filter(({ object }) => !isBeingDeleted(object)), creations: [] };
}
