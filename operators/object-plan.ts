import { errorMessage } from '../core/errors.ts';
import type { KubeObject, Stored } from '../core/kubernetes-object.ts';
import type { EventRecorder } from '../kube/event-recorder.ts';
import type { KubeClient } from '../kube/client.ts';
import type { ResourceType } from '../kube/resource.ts';
import { createOwned, deleteOwned } from './owned-objects.ts';

/** Deletions and creations that bring a job's objects to what is wanted. Everything not named is kept. */
export interface ObjectPlan {
  readonly deletions: readonly { readonly resource: ResourceType; readonly object: Stored<KubeObject> }[];
  readonly creations: readonly { readonly resource: ResourceType; readonly object: KubeObject }[];
}

/** What events call the two outcomes, for example `SuccessfulCreatePod`. */
export interface PlanEvents {
  created(kind: string): string;
  failed(kind: string): string;
  deleted(kind: string): string;
}

export interface PlanContext {
  readonly client: KubeClient;
  readonly recorder: EventRecorder;
  readonly events: PlanEvents;
}

/**
 * Carries a plan out, deletions first, everything in order; carrying it out twice changes nothing. Returns false where it
 * had to stop at a name that is still taken by an object about to go, so that the plan has to be made again in a
 * moment. Stops at the first other error, too, and throws it.
 */
export async function applyPlan(
  context: PlanContext,
  job: Stored<KubeObject>,
  plan: ObjectPlan,
): Promise<boolean> {
  const { client, recorder, events } = context;
  for (const { resource, object } of plan.deletions) {
    if (!(await deleteOwned(client, resource, object))) continue;
    const message = `Deleted ${resource.kind.toLowerCase()}: ${object.metadata.name}`;
    recorder.record(job, 'Normal', events.deleted(resource.kind), message);
  }
  for (const { resource, object } of plan.creations) {
    if ((await createWithEvents(context, job, resource, object)) === 'leaving') return false;
  }
  return true;
}

async function createWithEvents(
  { client, recorder, events }: PlanContext,
  job: Stored<KubeObject>,
  resource: ResourceType,
  object: KubeObject,
): ReturnType<typeof createOwned> {
  const kind = resource.kind.toLowerCase();
  try {
    const creation = await createOwned(client, resource, object, job);
    if (creation === 'created') {
      const message = `Created ${kind}: ${object.metadata.name ?? ''}`;
      recorder.record(job, 'Normal', events.created(resource.kind), message);
    }
    return creation;
  } catch (error) {
    const message = `Error creating ${kind} ${object.metadata.name ?? ''}: ${errorMessage(error)}`;
    recorder.record(job, 'Warning', events.failed(resource.kind), message);
    throw error;
  }
}
