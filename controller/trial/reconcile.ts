import { assertNever, errorMessage } from '../../core/errors.ts';
import { controllerOf, objectKey, type KubeObject, type Stored } from '../../core/kubernetes-object.ts';
import { TRIAL_FINALIZER } from '../../core/labels.ts';
import type { StoredTrial } from '../../core/trial.ts';
import { isApiError } from '../../kube/api-error.ts';
import type { Reconcile, ReconcileResult } from '../../kube/controller.ts';
import { TRIALS } from '../../kube/resource.ts';
import { writeStatus } from '../status-writer.ts';
import { closeStopped, conclude, type LateCollectors } from './conclude.ts';
import { runningStatus } from './conclusion.ts';
import { jobCacheOf, refOf, tell, type TrialContext } from './context.ts';
import { nextStep, type TrialStep } from './plan.ts';
import { startJob } from './start-job.ts';

/**
 * Takes a Trial through its life: creates its job, follows it, keeps what was measured and says what became of it.
 * Every step is decided by `nextStep` from the objects alone, so that any process can go on at any point.
 */
export function createTrialReconciler(context: TrialContext): Reconcile {
  const late: LateCollectors = new Map();
  return async (key) => {
    const trial = context.trials.get(key);
    if (!trial) return undefined;
    const job = ownJob(context, trial);
    const { clock } = context;
    const momentOf = (timeMs: number): number => clock.momentOf(timeMs);
    const step = nextStep({ trial, job, nowMs: clock.now(), momentOf });
    try {
      return await perform(context, late, trial, job, step);
    } catch (error) {
      if (!isApiError(error)) reportFailure(context, trial, error);
      throw error;
    }
  };
}

/** Without this, a trial whose observations cannot be read or written would only seem to run on and on. */
function reportFailure({ events }: TrialContext, trial: StoredTrial, error: unknown): void {
  const message = `Failed to reconcile, trying again: ${errorMessage(error)}`;
  events.record(trial, 'Warning', 'ReconcileError', message);
}

/** Another object of the same name is none of the trial's business. */
function ownJob(context: TrialContext, trial: StoredTrial): Stored<KubeObject> | undefined {
  const job = jobCacheOf(context, trial)?.get(objectKey(trial));
  return job && controllerOf(job)?.uid === trial.metadata.uid ? job : undefined;
}

async function perform(
  context: TrialContext,
  late: LateCollectors,
  trial: StoredTrial,
  job: Stored<KubeObject> | undefined,
  step: TrialStep,
): Promise<ReconcileResult> {
  switch (step.type) {
    case 'nothing':
      return undefined;
    case 'wait':
      return { requeueAfterMs: step.ms };
    case 'release':
      late.delete(trial.metadata.uid);
      return release(context, trial);
    case 'addFinalizer':
      return addFinalizer(context, trial);
    case 'createJob':
      return startJob(context, trial);
    case 'markRunning':
      await writeStatus(context.client, TRIALS, trial, runningStatus(trial.status, context.clock.now()));
      return undefined;
    case 'conclude':
      return conclude(context, late, trial, { uid: step.jobUid, ...step.outcome });
    case 'closeStopped':
      await closeStopped(context, trial);
      return undefined;
    case 'deleteJob':
      return deleteJob(context, trial, job);
    default:
      return assertNever(step);
  }
}

async function release({ client, observations }: TrialContext, trial: StoredTrial): Promise<ReconcileResult> {
  await observations.deleteTrial(trial.metadata.uid);
  const { resourceVersion, finalizers = [] } = trial.metadata;
  const others = finalizers.filter((finalizer) => finalizer !== TRIAL_FINALIZER);
  // A patch, for the cache keeps less of a finished trial than there is of it.
  const body = { metadata: { resourceVersion, finalizers: others } };
  try {
    await client.patch(TRIALS, refOf(trial), { type: 'merge', body });
  } catch (error) {
    if (!isApiError(error, 'NotFound')) throw error;
  }
  return undefined;
}

async function addFinalizer({ client }: TrialContext, trial: StoredTrial): Promise<ReconcileResult> {
  const finalizers = [...(trial.metadata.finalizers ?? []), TRIAL_FINALIZER];
  await client.update(TRIALS, { ...trial, metadata: { ...trial.metadata, finalizers } });
  return undefined;
}

/** In the foreground: the job is gone only when its pods are. */
async function deleteJob(
  context: TrialContext,
  trial: StoredTrial,
  job: Stored<KubeObject> | undefined,
): Promise<ReconcileResult> {
  const resource = jobCacheOf(context, trial)?.resource;
  if (!resource || !job) return undefined;
  try {
    await context.client.delete(resource, refOf(trial), {
      propagationPolicy: 'Foreground',
      preconditions: { uid: job.metadata.uid },
    });
  } catch (error) {
    if (isApiError(error, 'NotFound', 'Conflict')) return undefined;
    throw error;
  }
  await tell(context, trial, 'Normal', 'JobDeleted', `Job ${trial.metadata.name} has been deleted`);
  return undefined;
}
