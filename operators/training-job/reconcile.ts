import type { Clock } from '../../core/clock.ts';
import type { SpecIssue } from '../../core/errors.ts';
import { isBeingDeleted, type KubeObject } from '../../core/kubernetes-object.ts';
import type { Pod } from '../../core/pod.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { Reconcile, ReconcileResult } from '../../kube/controller.ts';
import type { EventRecorder } from '../../kube/event-recorder.ts';
import type { ObjectCache } from '../../kube/object-cache.ts';
import { PODS, type ResourceType } from '../../kube/resource.ts';
import { recordEvents } from '../job-event.ts';
import { isStillWanted, writeJob } from '../job-writer.ts';
import { applyPlan, type ObjectPlan, type PlanContext, type PlanEvents } from '../object-plan.ts';
import { deleteOwned, ownedObjects } from '../owned-objects.ts';
import { isUnfinished } from '../pod-facts.ts';
import { isFinished } from './conditions.ts';
import { isManagedElsewhere } from './managed-by.ts';
import { podEvents } from './pod-events.ts';
import { jobAnnotations, totalRecreations } from './recreations.ts';
import { replicaPods } from './replica-pods.ts';
import { decide, decideInvalid, type Decision } from './status.ts';
import type { TrainingJobKind } from './training-job-kind.ts';
import type { StoredTrainingJob, TrainingJob, TrainingJobSpec } from './types.ts';

/** How soon a name that an earlier job still holds is tried again. */
const NAME_TAKEN_RETRY_MS = 500;

const PLAN_EVENTS: PlanEvents = {
  created: (kind) => `SuccessfulCreate${kind}`,
  failed: (kind) => `FailedCreate${kind}`,
  deleted: (kind) => `SuccessfulDelete${kind}`,
};

interface Effects {
  readonly client: KubeClient;
  readonly recorder: EventRecorder;
  readonly resource: ResourceType<TrainingJob>;
}

export interface TrainingJobReconcilerOptions<S extends TrainingJobSpec> extends Effects {
  readonly kind: TrainingJobKind<S>;
  readonly clock: Clock;
  readonly jobs: ObjectCache<TrainingJob>;
  /** With `OWNER_INDEX`, as `services`. */
  readonly pods: ObjectCache<Pod>;
  readonly services: ObjectCache<KubeObject>;
  readonly stopProcessesAtEnd: boolean;
}

/**
 * Reads a job and its pods, decides, and carries the decision out: what has to be remembered is written before anything
 * is done, so that a process that dies in between repeats itself and does not contradict itself.
 */
export function createTrainingJobReconcile<S extends TrainingJobSpec>(
  options: TrainingJobReconcilerOptions<S>,
): Reconcile {
  const { jobs, kind } = options;
  const context: PlanContext = { client: options.client, recorder: options.recorder, events: PLAN_EVENTS };
  return async (key) => {
    const job = jobs.get(key);
    if (!job || isBeingDeleted(job) || isManagedElsewhere(job)) return undefined;
    const reading = kind.readSpec(job);
    return reading.valid
      ? reconcileValid(options, context, job, reading.spec)
      : reconcileInvalid(options, context, job, reading.issues);
  };
}

async function reconcileValid<S extends TrainingJobSpec>(
  options: TrainingJobReconcilerOptions<S>,
  context: PlanContext,
  job: StoredTrainingJob,
  spec: S,
): Promise<ReconcileResult> {
  const { client, recorder, clock, resource, kind, stopProcessesAtEnd } = options;
  const pods = replicaPods(ownedObjects(options.pods, job), kind.replicaTypes);
  const services = ownedObjects(options.services, job);
  const nowMs = clock.now();
  const momentOf = (timeMs: number): number => clock.momentOf(timeMs);
  const decision = decide({ job, spec, pods, nowMs, momentOf });
  if (decision.isExpired) return deleteExpired(options, job);

  const { recreations, status } = decision;
  const annotations = totalRecreations(recreations) > 0 ? jobAnnotations(recreations) : {};
  const written = await writeJob(client, resource, job, { status, annotations });
  if (!written) return undefined;
  if (!isFinished(job.status ?? {})) recordEvents(recorder, job, podEvents(spec, pods));
  recordEvents(recorder, job, decision.events);

  const wanted = decision.pods;
  const plan = kind.plan({ job, spec, recreations, wanted, pods, services, stopProcessesAtEnd });
  const isComplete = await carryOut(options, context, job, plan, written !== job);
  return isComplete ? wakeUp(decision, nowMs) : { requeueAfterMs: NAME_TAKEN_RETRY_MS };
}

/** A job that has just been written is known to be there; another could have been deleted since the cache saw it. */
async function carryOut(
  { client, resource }: Effects,
  context: PlanContext,
  job: StoredTrainingJob,
  plan: ObjectPlan,
  isKnownToExist: boolean,
): Promise<boolean> {
  if (plan.creations.length > 0 && !isKnownToExist && !(await isStillWanted(client, resource, job)))
    return true;
  return applyPlan(context, job, plan);
}

function wakeUp({ wakeAtMs }: Decision, nowMs: number): ReconcileResult {
  return wakeAtMs === undefined ? undefined : { requeueAfterMs: Math.max(0, wakeAtMs - nowMs) };
}

async function deleteExpired(
  { client, recorder, resource }: Effects,
  job: StoredTrainingJob,
): Promise<undefined> {
  if (!(await deleteOwned(client, resource, job))) return;
  recorder.record(job, 'Normal', 'SuccessfulDeleteJob', `Deleted job: ${job.metadata.name}`);
}

/** The job ends with what is wrong with it; pods of a time when it was right are stopped. */
async function reconcileInvalid<S extends TrainingJobSpec>(
  options: TrainingJobReconcilerOptions<S>,
  context: PlanContext,
  job: StoredTrainingJob,
  issues: readonly SpecIssue[],
): Promise<undefined> {
  const { client, recorder, clock, resource, kind } = options;
  const reason = kind.invalidReason(job);
  const status = decideInvalid(job, { reason, issues }, clock.now());
  const written = await writeJob(client, resource, job, { status });
  if (!written) return;
  const failure = status.conditions?.at(-1);
  if (written !== job && failure) {
    recorder.record(job, 'Warning', failure.reason ?? '', failure.message ?? '');
  }
  const unfinished = ownedObjects(options.pods, job).filter(
    (pod) => isUnfinished(pod) && !isBeingDeleted(pod),
  );
  const deletions = unfinished.map((object) => ({ resource: PODS, object }));
  await applyPlan(context, job, { deletions, creations: [] });
}
