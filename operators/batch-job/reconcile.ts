import type { Clock } from '../../core/clock.ts';
import type { SpecIssue } from '../../core/errors.ts';
import { foreignManager } from '../../core/job-kinds.ts';
import { isBeingDeleted } from '../../core/kubernetes-object.ts';
import type { Pod } from '../../core/pod.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { Reconcile, ReconcileResult } from '../../kube/controller.ts';
import type { EventRecorder } from '../../kube/event-recorder.ts';
import type { ObjectCache } from '../../kube/object-cache.ts';
import { JOBS, PODS, type ResourceType } from '../../kube/resource.ts';
import { recordEvents } from '../job-event.ts';
import { isStillWanted, writeJob } from '../job-writer.ts';
import { applyPlan, type ObjectPlan, type PlanContext, type PlanEvents } from '../object-plan.ts';
import { deleteOwned, ownedObjects } from '../owned-objects.ts';
import { isActive } from '../pod-facts.ts';
import { attempts, uncountedAnnotations } from './attempts.ts';
import { jobPod } from './job-pod.ts';
import { readBatchJobSpec } from './read-spec.ts';
import { decide, decideInvalid, type Decision } from './status.ts';
import type { BatchJob, BatchJobSpec, StoredBatchJob } from './types.ts';

/** How soon a name that an earlier job still holds is tried again. */
const NAME_TAKEN_RETRY_MS = 500;
const RESOURCE: ResourceType<BatchJob> = JOBS;

const PLAN_EVENTS: PlanEvents = {
  created: () => 'SuccessfulCreate',
  failed: () => 'FailedCreate',
  deleted: () => 'SuccessfulDelete',
};

export interface BatchJobReconcilerOptions {
  readonly client: KubeClient;
  readonly recorder: EventRecorder;
  readonly clock: Clock;
  readonly jobs: ObjectCache<BatchJob>;
  /** With `OWNER_INDEX`. */
  readonly pods: ObjectCache<Pod>;
  readonly retryBaseMs: number;
}

/** Reads a job and its pods, decides, and carries the decision out: first what has to be remembered, then the deeds. */
export function createBatchJobReconcile(options: BatchJobReconcilerOptions): Reconcile {
  const context: PlanContext = { client: options.client, recorder: options.recorder, events: PLAN_EVENTS };
  return async (key) => {
    const job = options.jobs.get(key);
    if (!job || isBeingDeleted(job) || foreignManager(job)) return undefined;
    const reading = readBatchJobSpec(job);
    return reading.valid
      ? reconcileValid(options, context, job, reading.spec)
      : reconcileInvalid(options, context, job, reading.issues);
  };
}

async function reconcileValid(
  options: BatchJobReconcilerOptions,
  context: PlanContext,
  job: StoredBatchJob,
  spec: BatchJobSpec,
): Promise<ReconcileResult> {
  const { client, recorder, clock, retryBaseMs } = options;
  const nowMs = clock.now();
  const momentOf = (timeMs: number): number => clock.momentOf(timeMs);
  const pods = attempts(ownedObjects(options.pods, job));
  const decision = decide({ job, spec, attempts: pods, nowMs, momentOf, retryBaseMs });
  if (decision.isExpired) {
    await deleteOwned(client, RESOURCE, job);
    return undefined;
  }
  const { status, uncounted } = decision;
  const written = await writeJob(client, RESOURCE, job, {
    status,
    annotations: uncountedAnnotations(uncounted),
  });
  if (!written) return undefined;
  recordEvents(recorder, job, decision.events);
  const plan = planPods(job, spec, decision);
  const isUnsure = plan.creations.length > 0 && written === job;
  if (isUnsure && !(await isStillWanted(client, RESOURCE, job))) return undefined;
  if (!(await applyPlan(context, job, plan))) return { requeueAfterMs: NAME_TAKEN_RETRY_MS };
  if (decision.wakeAtMs === undefined) return undefined;
  return { requeueAfterMs: Math.max(0, decision.wakeAtMs - nowMs) };
}

function planPods(job: StoredBatchJob, spec: BatchJobSpec, { start, stop }: Decision): ObjectPlan {
  return {
    deletions: stop.map(({ pod }) => ({ resource: PODS, object: pod })),
    creations: start.map((place) => ({ resource: PODS, object: jobPod(job, spec, place) })),
  };
}

/** The job ends with what is wrong with it; pods of a time when it was right are stopped. */
async function reconcileInvalid(
  { client, recorder, clock, pods }: BatchJobReconcilerOptions,
  context: PlanContext,
  job: StoredBatchJob,
  issues: readonly SpecIssue[],
): Promise<undefined> {
  const status = decideInvalid(job, issues, clock.now());
  const written = await writeJob(client, RESOURCE, job, { status });
  if (!written) return;
  const failure = status.conditions?.at(-1);
  if (written !== job && failure) recorder.record(job, 'Warning', failure.reason, failure.message);
  const deletions = ownedObjects(pods, job)
    .filter(isActive)
    .map((object) => ({ resource: PODS, object }));
  await applyPlan(context, job, { deletions, creations: [] });
}
