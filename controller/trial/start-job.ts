import { controllerOf, isBeingDeleted, type KubeObject } from '../../core/kubernetes-object.ts';
import type { StoredTrial } from '../../core/trial.ts';
import { isApiError } from '../../kube/api-error.ts';
import type { ReconcileResult } from '../../kube/controller.ts';
import { TRIALS, type ResourceType } from '../../kube/resource.ts';
import { writeStatus } from '../status-writer.ts';
import { writeConclusion } from './conclude.ts';
import { runningStatus } from './conclusion.ts';
import { jobCacheOf, refOf, tell, type TrialContext } from './context.ts';
import { explain } from './explanation.ts';
import { jobManifest } from './job-manifest.ts';
import { JobRefusal } from './job-refusal.ts';
import { nextStep } from './plan.ts';
import { isRetried } from './retry.ts';

/** How soon to look again while the job of a deleted trial of the same name is in the way. */
const NAMESAKE_RETRY_MS = 1_000;

/**
 * Creates the trial's job, once. The trial is read from the API itself first: a cache that is behind must not start the
 * job of a finished trial again. What makes the job impossible fails the trial; rejects with anything else: an ApiError, or
 * what the observation store answers.
 */
export async function startJob(context: TrialContext, cached: StoredTrial): Promise<ReconcileResult> {
  const trial = await readAgain(context, cached);
  if (!trial || nextStep({ trial, job: undefined, nowMs: context.clock.now() }).type !== 'createJob')
    return undefined;
  try {
    if (isRetried(trial)) await forgetLastAttempt(context, trial);
    const taken = await createJob(context, trial);
    if (taken) return { requeueAfterMs: NAMESAKE_RETRY_MS };
  } catch (error) {
    if (!(error instanceof JobRefusal)) throw error;
    return refuse(context, trial, error);
  }
  await writeStatus(context.client, TRIALS, trial, runningStatus(trial.status, context.clock.now()));
  return undefined;
}

async function readAgain({ client }: TrialContext, cached: StoredTrial): Promise<StoredTrial | undefined> {
  try {
    const trial = await client.get(TRIALS, refOf(cached));
    return trial.metadata.uid === cached.metadata.uid ? trial : undefined;
  } catch (error) {
    if (isApiError(error, 'NotFound')) return undefined;
    throw error;
  }
}

/**
 * What the last attempt reported is not of the next. The API is asked first whether the next is there already: what it
 * has reported must stay.
 */
async function forgetLastAttempt(context: TrialContext, trial: StoredTrial): Promise<void> {
  try {
    await context.client.get(servedResource(context, trial), refOf(trial));
  } catch (error) {
    if (!isApiError(error, 'NotFound')) throw error;
    await context.observations.discardTrial(trial.metadata.uid);
  }
}

/** Whether the name is taken by something that is about to go. */
async function createJob(context: TrialContext, trial: StoredTrial): Promise<boolean> {
  const resource = servedResource(context, trial);
  const manifest = jobManifest(trial);
  try {
    await context.client.create(resource, manifest);
  } catch (error) {
    if (isApiError(error, 'AlreadyExists')) return isTakenForNow(context, resource, trial);
    if (isApiError(error, 'Invalid', 'BadRequest', 'Forbidden'))
      throw new JobRefusal(
        'TRIAL_JOB_REFUSED',
        `${manifest.kind} ${trial.metadata.name} was refused: ${error.message}`,
      );
    throw error;
  }
  await tell(context, trial, 'Normal', 'JobCreated', `Job ${trial.metadata.name} has been created`);
  return false;
}

function servedResource(context: TrialContext, trial: StoredTrial): ResourceType {
  const cache = jobCacheOf(context, trial);
  if (cache) return cache.resource;
  const { apiVersion, kind } = trial.spec.runSpec ?? {};
  if (typeof apiVersion !== 'string' || typeof kind !== 'string')
    throw new JobRefusal('TRIAL_SPEC_INCOMPLETE', `Trial ${trial.metadata.name} has no job in spec.runSpec.`);
  const served = context.jobs.map(({ resource }) => `${resource.kind} (${resource.apiVersion})`).join(', ');
  throw new JobRefusal(
    'LOCAL_KIND_UNSUPPORTED',
    `Nothing here runs a ${kind} of ${apiVersion}; served are ${served}.`,
  );
}

async function isTakenForNow(
  context: TrialContext,
  resource: ResourceType,
  trial: StoredTrial,
): Promise<boolean> {
  const existing = await context.client.get<KubeObject>(resource, refOf(trial));
  const owner = controllerOf(existing);
  if (owner?.uid === trial.metadata.uid) return false;
  if (isBeingDeleted(existing) || owner?.kind === 'Trial') return true;
  const what = `${resource.kind} ${trial.metadata.name} exists already and does not belong to the trial.`;
  throw new JobRefusal('TRIAL_JOB_NAME_TAKEN', what);
}

async function refuse(
  context: TrialContext,
  trial: StoredTrial,
  { code, message }: JobRefusal,
): Promise<ReconcileResult> {
  const conclusion = { state: 'failed', explanation: explain(code, message) } as const;
  await writeConclusion(context, trial, conclusion, { reason: '', message: '' });
  return undefined;
}
