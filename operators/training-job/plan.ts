import { isBeingDeleted, type KubeObject, type Stored } from '../../core/kubernetes-object.ts';
import type { Pod, StoredPod } from '../../core/pod.ts';
import { PODS, SERVICES } from '../../kube/resource.ts';
import type { ObjectPlan } from '../object-plan.ts';
import { isUnfinished } from '../pod-facts.ts';
import { groupOf } from './replica-pods.ts';
import type { PodsWanted } from './status.ts';
import {
  replicaName,
  type CleanPodPolicy,
  type ReplicaGroup,
  type ReplicaPod,
  type ReplicaService,
  type StoredTrainingJob,
  type TrainingJobSpec,
} from './types.ts';

/** What there is of a job, and what there should be. */
export interface PlanState<T extends string = string> {
  readonly job: StoredTrainingJob;
  readonly spec: TrainingJobSpec<T>;
  readonly wanted: PodsWanted;
  readonly pods: readonly ReplicaPod[];
  readonly services: readonly Stored<KubeObject>[];
  readonly stopProcessesAtEnd: boolean;
}

/** Makes the objects of one replica. */
export interface ReplicaFactory<T extends string> {
  pod(group: ReplicaGroup<T>, index: number): Pod;
  service(group: ReplicaGroup<T>, index: number): ReplicaService;
  /** False while the pods of a group have to wait for others. */
  mayStart(group: ReplicaGroup<T>): boolean;
}

/** The way from the pods and services that are there to those that are wanted. */
export function planObjects<T extends string>(state: PlanState<T>, factory: ReplicaFactory<T>): ObjectPlan {
  switch (state.wanted.mode) {
    case 'run':
      return planRun(state, state.wanted.replace, factory);
    case 'none':
      return deletionPlan(
        state.pods.map(({ pod }) => pod),
        state.services,
      );
    case 'ended':
      return planEnd(state);
  }
}

function planRun<T extends string>(
  { job, spec, pods, services }: PlanState<T>,
  replace: readonly ReplicaPod[],
  factory: ReplicaFactory<T>,
): ObjectPlan {
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
  const missingPods = places.filter(({ name, group }) => !podNames.has(name) && factory.mayStart(group));
  const missingServices = places.filter(({ name }) => !serviceNames.has(name));
  return {
    deletions,
    creations: [
      ...missingServices.map(({ group, index }) => {
        return { resource: SERVICES, object: factory.service(group, index) };
      }),
      ...missingPods.map(({ group, index }) => ({ resource: PODS, object: factory.pod(group, index) })),
    ],
  };
}

/** A service goes with the pod of its name. */
function planEnd({ spec, pods, services, stopProcessesAtEnd }: PlanState): ObjectPlan {
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
