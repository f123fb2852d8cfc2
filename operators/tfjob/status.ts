import { describeIssue, type SpecIssue } from '../../core/errors.ts';
import { rfc3339Seconds } from '../../core/time.ts';
import type { JobEvent } from '../job-event.ts';
import { dueAtMs, earliest } from '../job-times.ts';
import { isFinished, isTrue, withTfJobCondition, type TfJobConditionType } from './conditions.ts';
import { exceedsBackoffLimit } from './limits.ts';
import { readRecreations, withRecreated, type Recreations } from './recreations.ts';
import { observe, type Observation } from './replica-pods.ts';
import { splitByDelay } from './replacement-delay.ts';
import type { ReplicaPod, ReplicaStatus, ReplicaType, StoredTfJob, TfJobSpec, TfJobStatus } from './types.ts';
import { judge, type Verdict } from './verdict.ts';
import { versionRules } from './version-rules.ts';

/** All that a decision is made from. */
export interface JobView {
  readonly job: StoredTfJob;
  readonly spec: TfJobSpec;
  readonly pods: readonly ReplicaPod[];
  readonly nowMs: number;
}

/** What is to become of the job's pods and services. */
export type PodsWanted =
  /** Every replica has its pod; the pods in `replace` make room for new ones. */
  | { readonly mode: 'run'; readonly replace: readonly ReplicaPod[] }
  /** None: the job is suspended. */
  | { readonly mode: 'none' }
  /** What `cleanPodPolicy` leaves of a job that has ended. */
  | { readonly mode: 'ended' };

export interface Decision {
  readonly status: TfJobStatus;
  readonly recreations: Recreations;
  readonly pods: PodsWanted;
  /** When to decide again although nothing happens; undefined where time changes nothing. */
  readonly wakeAtMs: number | undefined;
  /** The job has outlived its end and is to be deleted. */
  readonly isExpired: boolean;
  readonly events: readonly JobEvent[];
}

/** Decides what the job's status is and what is to be done. Pure: the same view gives the same decision. */
export function decide(view: JobView): Decision {
  const status = startingStatus(view);
  if (isFinished(status)) return decideFinished(view, status);
  if (view.spec.suspend) return decideSuspended(view, status);
  // Pods that were stopped for the suspension must not be taken for failed ones.
  if (isTrue(status, 'Suspended') && view.pods.length > 0) return decision(view, status, { mode: 'none' });
  return decideActive(view, status);
}

/** The decision for a job that can never run. It ends at once; a job that had ended stays what it is. */
export function decideInvalid(job: StoredTfJob, issues: readonly SpecIssue[], nowMs: number): TfJobStatus {
  const status = startingStatus({ job, nowMs });
  if (isFinished(status)) return status;
  const { invalidReason: reason } = versionRules(job.apiVersion);
  const message = `TFJob ${job.metadata.name} is not valid: ${issues.map(describeIssue).join(' ')}`;
  return ended(status, { type: 'Failed', status: 'True', reason, message }, nowMs);
}

function startingStatus({ job, nowMs }: Pick<JobView, 'job' | 'nowMs'>): TfJobStatus {
  const message = `TFJob ${job.metadata.name} is created.`;
  const update = { type: 'Created', status: 'True', reason: 'TFJobCreated', message } as const;
  return withTfJobCondition(job.status ?? {}, update, nowMs);
}

function decision(
  { job }: JobView,
  status: TfJobStatus,
  pods: PodsWanted,
  rest: Partial<Omit<Decision, 'status' | 'pods'>> = {},
): Decision {
  const nothingElse = {
    recreations: readRecreations(job),
    wakeAtMs: undefined,
    isExpired: false,
    events: [],
  };
  return { ...nothingElse, ...rest, status, pods };
}

function decideFinished(view: JobView, found: TfJobStatus): Decision {
  const status = settled(withCompletionTime(found, view.nowMs));
  const expiresAtMs = dueAtMs(status.completionTime, view.spec.ttlSecondsAfterFinished);
  const isExpired = expiresAtMs !== undefined && expiresAtMs <= view.nowMs;
  return decision(view, status, { mode: 'ended' }, { wakeAtMs: expiresAtMs, isExpired });
}

function decideSuspended(view: JobView, found: TfJobStatus): Decision {
  const { job, nowMs } = view;
  const message = `TFJob ${job.metadata.name} is suspended.`;
  const set = (status: TfJobStatus, type: TfJobConditionType, value: 'True' | 'False'): TfJobStatus =>
    withTfJobCondition(status, { type, status: value, reason: 'TFJobSuspended', message }, nowMs);
  const stopped = isTrue(found, 'Running') ? set(found, 'Running', 'False') : found;
  const status = { ...set(stopped, 'Suspended', 'True'), replicaStatuses: emptyStatuses(view.spec) };
  const event: JobEvent = { type: 'Normal', reason: 'TFJobSuspended', message };
  return decision(view, status, { mode: 'none' }, { events: isTrue(found, 'Suspended') ? [] : [event] });
}

function decideActive(view: JobView, found: TfJobStatus): Decision {
  const { job, spec, pods, nowMs } = view;
  const begun = begin(view, found);
  const observation = observe(spec, pods);
  const status: TfJobStatus = { ...begun.status, replicaStatuses: replicaStatuses(observation) };
  const deadlineMs = dueAtMs(status.startTime, spec.activeDeadlineSeconds);
  const recreations = readRecreations(job);
  if (exceedsBackoffLimit(spec, pods, observation, recreations)) {
    return fail(view, status, `${LIMIT(job.metadata.name)} it has reached the specified backoff limit`);
  }
  if (deadlineMs !== undefined && deadlineMs <= nowMs) {
    return fail(view, status, `${LIMIT(job.metadata.name)} it was active longer than specified deadline`);
  }
  const next = afterVerdict(view, status, judge(spec, observation), observation, recreations);
  return {
    ...next,
    wakeAtMs: next.pods.mode === 'run' ? earliest(next.wakeAtMs, deadlineMs) : next.wakeAtMs,
    events: [...begun.events, ...next.events],
  };
}

const LIMIT = (job: string): string => `Job ${job} has failed because`;

/** The status of a job that may run: its start time is set, and a suspension has ended. */
function begin({ job, nowMs }: JobView, found: TfJobStatus): { status: TfJobStatus; events: JobEvent[] } {
  const now = rfc3339Seconds(nowMs);
  if (!isTrue(found, 'Suspended')) return { status: { startTime: now, ...found }, events: [] };
  const reason = 'TFJobResumed';
  const message = `TFJob ${job.metadata.name} is resumed.`;
  const resumed = withTfJobCondition(found, { type: 'Suspended', status: 'False', reason, message }, nowMs);
  return { status: { ...resumed, startTime: now }, events: [{ type: 'Normal', reason, message }] };
}

function afterVerdict(
  view: JobView,
  status: TfJobStatus,
  verdict: Verdict,
  observation: Observation,
  recreations: Recreations,
): Decision {
  const { namespace, name } = view.job.metadata;
  const job = `TFJob ${namespace ?? ''}/${name}`;
  switch (verdict.state) {
    case 'failed': {
      const message = verdict.isPermanentExit
        ? `job "${name}" is failing because "${verdict.type}" replica(s) failed.`
        : `${job} has failed because ${verdict.count} ${verdict.type} replica(s) failed.`;
      return fail(view, status, message, verdict.isPermanentExit ? 'Warning' : 'Normal');
    }
    case 'succeeded':
      return succeed(view, status, `${job} successfully completed.`);
    case 'restarting': {
      const message = `job ${name} is restarting because ${verdict.type} replica(s) failed.`;
      return restart(view, status, message, observation, recreations);
    }
    case 'running': {
      const message = `${job} is running.`;
      const update = { type: 'Running', status: 'True', reason: 'TFJobRunning', message } as const;
      return decision(view, withTfJobCondition(status, update, view.nowMs), { mode: 'run', replace: [] });
    }
    case 'waiting':
      return decision(view, status, { mode: 'run', replace: [] });
  }
}

function fail(
  view: JobView,
  status: TfJobStatus,
  message: string,
  type: JobEvent['type'] = 'Normal',
): Decision {
  const reason = 'TFJobFailed';
  const failed = ended(status, { type: 'Failed', status: 'True', reason, message }, view.nowMs);
  return finish(view, failed, { type, reason, message });
}

function succeed(view: JobView, status: TfJobStatus, message: string): Decision {
  const reason = 'TFJobSucceeded';
  const succeeded = ended(status, { type: 'Succeeded', status: 'True', reason, message }, view.nowMs);
  return finish(view, succeeded, { type: 'Normal', reason, message });
}

/** What is decided for a finished job, in the same step in which it finishes. */
function finish(view: JobView, status: TfJobStatus, event: JobEvent): Decision {
  return { ...decideFinished(view, status), events: [event] };
}

function restart(
  view: JobView,
  status: TfJobStatus,
  message: string,
  { replaceable }: Observation,
  recreations: Recreations,
): Decision {
  const { due, nextAtMs } = splitByDelay(replaceable, view.nowMs);
  const reason = 'TFJobRestarting';
  const update = { type: 'Restarting', status: 'True', reason, message } as const;
  const event: JobEvent = { type: 'Warning', reason, message };
  return decision(
    view,
    withTfJobCondition(status, update, view.nowMs),
    { mode: 'run', replace: due },
    {
      recreations: withRecreated(recreations, due),
      wakeAtMs: nextAtMs,
      events: isTrue(status, 'Restarting') ? [] : [event],
    },
  );
}

function ended(
  status: TfJobStatus,
  update: Parameters<typeof withTfJobCondition>[1],
  nowMs: number,
): TfJobStatus {
  return withCompletionTime(withTfJobCondition(status, update, nowMs), nowMs);
}

function withCompletionTime(status: TfJobStatus, nowMs: number): TfJobStatus {
  return { completionTime: rfc3339Seconds(nowMs), ...status };
}

/** After success, replicas that still ran count as succeeded; after failure the counts stay as they were. */
function settled(status: TfJobStatus): TfJobStatus {
  if (isTrue(status, 'Failed') || !status.replicaStatuses) return status;
  const counts = Object.entries(status.replicaStatuses).map(
    ([type, { active = 0, succeeded = 0, failed }]) => [
      type,
      withoutZeros({ active: 0, succeeded: succeeded + active, failed: failed ?? 0 }),
    ],
  );
  return {
    ...status,
    replicaStatuses: Object.fromEntries(counts) as TfJobStatus['replicaStatuses'] & object,
  };
}

function replicaStatuses({ counts }: Observation): Partial<Record<ReplicaType, ReplicaStatus>> {
  return Object.fromEntries([...counts].map(([type, count]) => [type, withoutZeros(count)]));
}

function emptyStatuses({ groups }: TfJobSpec): Partial<Record<ReplicaType, ReplicaStatus>> {
  return Object.fromEntries(groups.map(({ type }) => [type, {}]));
}

function withoutZeros(counts: Required<ReplicaStatus>): ReplicaStatus {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}
