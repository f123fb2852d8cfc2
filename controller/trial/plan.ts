import { findCondition, isConditionTrue } from '../../core/conditions.ts';
import { isBeingDeleted, type KubeObject, type Stored } from '../../core/kubernetes-object.ts';
import { TRIAL_FINALIZER } from '../../core/labels.ts';
import { parseTime } from '../../core/time.ts';
import { isTerminal, TRIAL_CONDITION, trialState, type StoredTrial } from '../../core/trial.ts';
import { jobOutcome, type JobOutcome } from './job-outcome.ts';
import { retryDelayLeft } from './retry.ts';

/** How long a job may take to end of its own accord after its trial was stopped, or to go away with its trial. */
export const STOP_GRACE_MS = 30_000;

/** The one thing that a trial needs next. */
export type TrialStep =
  | { type: 'nothing' }
  /** Look again then, if nothing happens before. */
  | { type: 'wait'; ms: number }
  /** The trial is being deleted: forget its metrics and let it go. */
  | { type: 'release' }
  | { type: 'addFinalizer' }
  | { type: 'createJob' }
  | { type: 'markRunning' }
  /** The job has ended: say what became of the trial. */
  | { type: 'conclude'; jobUid: string; outcome: JobOutcome }
  /** Somebody else ended the trial (early stopping): keep what it reported until then. */
  | { type: 'closeStopped' }
  | { type: 'deleteJob' };

export interface TrialSituation {
  trial: StoredTrial;
  /** The trial's own job, undefined where there is none. */
  job: Stored<KubeObject> | undefined;
  nowMs: number;
  /** Tells written times by how the clock is set now: `Clock.momentOf`. Absent, they are taken as they are. */
  momentOf?: MomentOf;
}

type MomentOf = (timeMs: number) => number;

/** How time is read for one step. */
interface Present {
  nowMs: number;
  momentOf: MomentOf;
}

/** Pure: the same situation gives the same step. */
export function nextStep({ trial, job, nowMs, momentOf = asWritten }: TrialSituation): TrialStep {
  const present = { nowMs, momentOf };
  if (isBeingDeleted(trial)) return deletionStep(trial, job, present);
  if (isTerminal(trialState(trial))) return terminalStep(trial, job, present);
  if (!hasFinalizer(trial)) return { type: 'addFinalizer' };
  if (!job) return { type: 'createJob' };
  const retryMs = retryDelayLeft(trial, job.metadata.uid, nowMs, momentOf);
  if (retryMs !== null) return retryStep(job, retryMs);
  const outcome = jobOutcome(job, trial.spec);
  if (outcome.state !== 'running') return { type: 'conclude', jobUid: job.metadata.uid, outcome };
  const isRunning = isConditionTrue(trial.status?.conditions, TRIAL_CONDITION.running);
  return isRunning || isBeingDeleted(job) ? { type: 'nothing' } : { type: 'markRunning' };
}

function asWritten(timeMs: number): number {
  return timeMs;
}

/** A job that the infrastructure ended makes room for the next attempt, under the same name, when it is time. */
function retryStep(job: Stored<KubeObject>, leftMs: number): TrialStep {
  if (isBeingDeleted(job)) return { type: 'nothing' };
  return leftMs > 0 ? { type: 'wait', ms: leftMs } : { type: 'deleteJob' };
}

function hasFinalizer({ metadata }: StoredTrial): boolean {
  return metadata.finalizers?.includes(TRIAL_FINALIZER) ?? false;
}

/** The job goes first, so that nothing reports for a trial that is forgotten; but it cannot hold the trial for ever. */
function deletionStep(trial: StoredTrial, job: Stored<KubeObject> | undefined, present: Present): TrialStep {
  if (!hasFinalizer(trial)) return { type: 'nothing' };
  if (!job) return { type: 'release' };
  const leftMs = graceLeft(trial.metadata.deletionTimestamp ?? '', present);
  if (leftMs <= 0) return { type: 'release' };
  return isBeingDeleted(job) ? { type: 'wait', ms: leftMs } : { type: 'deleteJob' };
}

function terminalStep(trial: StoredTrial, job: Stored<KubeObject> | undefined, present: Present): TrialStep {
  const closed = trial.status?.completionTime != null;
  if (!job) return closed ? { type: 'nothing' } : { type: 'closeStopped' };
  if (isBeingDeleted(job)) return { type: 'nothing' };
  if (jobOutcome(job, trial.spec).state === 'running') return stopStep(trial, present);
  if (!closed) return { type: 'closeStopped' };
  return trial.spec.retainRun === true ? { type: 'nothing' } : { type: 'deleteJob' };
}

/**
 * A retained job gets the chance to end by itself: who stopped the trial usually ends its process too. An early stopper
 * here does not.
 */
function stopStep(trial: StoredTrial, present: Present): TrialStep {
  const { conditions, earlyStopping } = trial.status ?? {};
  if (trial.spec.retainRun !== true || earlyStopping) return { type: 'deleteJob' };
  const stopped =
    findCondition(conditions, TRIAL_CONDITION.earlyStopped) ??
    findCondition(conditions, TRIAL_CONDITION.killed);
  const leftMs = graceLeft(stopped?.lastTransitionTime ?? '', present);
  return leftMs > 0 ? { type: 'wait', ms: leftMs } : { type: 'deleteJob' };
}

/** Never more than the whole grace, however wrong the clock was that wrote the time. */
function graceLeft(since: string, { nowMs, momentOf }: Present): number {
  const sinceMs = momentOf(parseTime(since));
  return Number.isNaN(sinceMs) ? 0 : Math.min(STOP_GRACE_MS, sinceMs + STOP_GRACE_MS - nowMs);
}
