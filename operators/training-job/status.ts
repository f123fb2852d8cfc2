import { describeIssue, type SpecIssue } from '../../core/errors.ts';
import { notBefore, rfc3339Seconds } from '../../core/time.ts';
import type { JobEvent } from '../job-event.ts';
import { dueAtMs, earliest, type MomentOf } from '../job-times.ts';
import { isFinished, isTrue, withJobCondition, type JobConditionType } from './conditions.ts';
import { exceedsBackoffLimit } from './limits.ts';
import { readRecreations, withRecreated, type Recreations } from './recreations.ts';
import { observe, type Observation } from './replica-pods.ts';
import { splitByDelay } from './replacement-delay.ts';
import type {
  JobName,
  ReplicaPod,
  ReplicaStatus,
  StoredTrainingJob,
  TrainingJobSpec,
  TrainingJobStatus,
} from './types.ts';
import { judge, type Verdict } from './verdict.ts';

/** All that a decision is made from. */
export interface JobView {
  readonly job: StoredTrainingJob;
  readonly spec: TrainingJobSpec;
  readonly pods: readonly ReplicaPod[];
  readonly nowMs: number;
  readonly momentOf?: MomentOf;
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
  readonly status: TrainingJobStatus;
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
export function decideInvalid(
  job: StoredTrainingJob,
  invalid: { readonly reason: string; readonly issues: readonly SpecIssue[] },
  nowMs: number,
): TrainingJobStatus {
  const status = startingStatus({ job, nowMs });
  if (isFinished(status)) return status;
  const { reason, issues } = invalid;
  const message = `${job.kind} ${job.metadata.name} is not valid: ${issues.map(describeIssue).join(' ')}`;
  return ended(status, { type: 'Failed', status: 'True', reason, message }, nowMs);
}

function startingStatus({ job, nowMs }: Pick<JobView, 'job' | 'nowMs'>): TrainingJobStatus {
  const message = `${job.kind} ${job.metadata.name} is created.`;
  const update = { type: 'Created', status: 'True', reason: `${job.kind}Created`, message } as const;
  return withJobCondition(job.status ?? {}, update, nowMs);
}

function decision(
  { job }: JobView,
  status: TrainingJobStatus,
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

function decideFinished(view: JobView, found: TrainingJobStatus): Decision {
  const status = settled(withCompletionTime(found, view.nowMs));
  const expiresAtMs = dueAtMs(status.completionTime, view.spec.ttlSecondsAfterFinished, view.momentOf);
  const isExpired = expiresAtMs !== undefined && expiresAtMs <= view.nowMs;
  return decision(view, status, { mode: 'ended' }, { wakeAtMs: expiresAtMs, isExpired });
}

function decideSuspended(view: JobView, found: TrainingJobStatus): Decision {
  const { job, nowMs } = view;
  const reason = `${job.kind}Suspended`;
  const message = `${job.kind} ${job.metadata.name} is suspended.`;
  const set = (
    status: TrainingJobStatus,
    type: JobConditionType,
    value: 'True' | 'False',
  ): TrainingJobStatus => withJobCondition(status, { type, status: value, reason, message }, nowMs);
  const stopped = isTrue(found, 'Running') ? set(found, 'Running', 'False') : found;
  const status = { ...set(stopped, 'Suspended', 'True'), replicaStatuses: emptyStatuses(view.spec) };
  const event: JobEvent = { type: 'Normal', reason, message };
  return decision(view, status, { mode: 'none' }, { events: isTrue(found, 'Suspended') ? [] : [event] });
}

function decideActive(view: JobView, found: TrainingJobStatus): Decision {
  const { job, spec, pods, nowMs } = view;
  const begun = begin(view, found);
  const observation = observe(spec, pods);
  const status: TrainingJobStatus = { ...begun.status, replicaStatuses: replicaStatuses(observation) };
  const deadlineMs = dueAtMs(status.startTime, spec.activeDeadlineSeconds, view.momentOf);
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
function begin(
  { job, nowMs }: JobView,
  found: TrainingJobStatus,
): { status: TrainingJobStatus; events: JobEvent[] } {
  const now = rfc3339Seconds(nowMs);
  if (!isTrue(found, 'Suspended')) return { status: { startTime: now, ...found }, events: [] };
  const reason = `${job.kind}Resumed`;
  const message = `${job.kind} ${job.metadata.name} is resumed.`;
  const resumed = withJobCondition(found, { type: 'Suspended', status: 'False', reason, message }, nowMs);
  return { status: { ...resumed, startTime: now }, events: [{ type: 'Normal', reason, message }] };
}

function afterVerdict(
  view: JobView,
  status: TrainingJobStatus,
  verdict: Verdict,
  observation: Observation,
  recreations: Recreations,
): Decision {
  const { namespace = '', name } = view.job.metadata;
  const job: JobName = { namespace, name };
  const { messages } = view.spec.rules;
  switch (verdict.state) {
    case 'failed': {
      const message = verdict.isPermanentExit
        ? `job "${name}" is failing because "${verdict.type}" replica(s) failed.`
        : messages.failed(job, verdict.count, verdict.type);
      return fail(view, status, message, verdict.isPermanentExit ? 'Warning' : 'Normal');
    }
    case 'succeeded':
      return succeed(view, status, messages.succeeded(job, verdict.type));
    case 'restarting': {
      const message = messages.restarting(job, verdict.count, verdict.type);
      return restart(view, status, message, observation, recreations);
    }
    case 'running': {
      const reason = `${view.job.kind}Running`;
      const update = { type: 'Running', status: 'True', reason, message: messages.running(job) } as const;
      return decision(view, withJobCondition(status, update, view.nowMs), { mode: 'run', replace: [] });
    }
    case 'waiting':
      return decision(view, status, { mode: 'run', replace: [] });
  }
}

function fail(
  view: JobView,
  status: TrainingJobStatus,
  message: string,
  type: JobEvent['type'] = 'Normal',
): Decision {
  const reason = `${view.job.kind}Failed`;
  const failed = ended(status, { type: 'Failed', status: 'True', reason, message }, view.nowMs);
  return finish(view, failed, { type, reason, message });
}

function succeed(view: JobView, status: TrainingJobStatus, message: string): Decision {
  const reason = `${view.job.kind}Succeeded`;
  const succeeded = ended(status, { type: 'Succeeded', status: 'True', reason, message }, view.nowMs);
  return finish(view, succeeded, { type: 'Normal', reason, message });
}

/** What is decided for a finished job, in the same step in which it finishes. */
function finish(view: JobView, status: TrainingJobStatus, event: JobEvent): Decision {
  return { ...decideFinished(view, status), events: [event] };
}

function restart(
  view: JobView,
  status: TrainingJobStatus,
  message: string,
  { replaceable }: Observation,
  recreations: Recreations,
): Decision {
  const { due, nextAtMs } = splitByDelay(replaceable, view.nowMs, view.momentOf);
  const reason = `${view.job.kind}Restarting`;
  const update = { type: 'Restarting', status: 'True', reason, message } as const;
  const event: JobEvent = { type: 'Warning', reason, message };
  return decision(
    view,
    withJobCondition(status, update, view.nowMs),
    { mode: 'run', replace: due },
    {
      recreations: withRecreated(recreations, due),
      wakeAtMs: nextAtMs,
      events: isTrue(status, 'Restarting') ? [] : [event],
    },
  );
}

function ended(
  status: TrainingJobStatus,
  update: Parameters<typeof withJobCondition>[1],
  nowMs: number,
): TrainingJobStatus {
  return withCompletionTime(withJobCondition(status, update, nowMs), nowMs);
}

function withCompletionTime(status: TrainingJobStatus, nowMs: number): TrainingJobStatus {
  return { completionTime: notBefore(status.startTime, nowMs), ...status };
}

/** After success, replicas that still ran count as succeeded; after failure the counts stay as they were. */
function settled(status: TrainingJobStatus): TrainingJobStatus {
  if (isTrue(status, 'Failed') || !status.replicaStatuses) return status;
  const counts = Object.entries(status.replicaStatuses).map(
    ([type, { active = 0, succeeded = 0, failed }]) => [
      type,
      withoutZeros({ active: 0, succeeded: succeeded + active, failed: failed ?? 0 }),
    ],
  );
  return {
    ...status,
    replicaStatuses: Object.fromEntries(counts) as Record<string, ReplicaStatus>,
  };
}

function replicaStatuses({ counts }: Observation): Record<string, ReplicaStatus> {
  return Object.fromEntries([...counts].map(([type, count]) => [type, withoutZeros(count)]));
}

function emptyStatuses({ groups }: TrainingJobSpec): Record<string, ReplicaStatus> {
  return Object.fromEntries(groups.map(({ type }) => [type, {}]));
}

function withoutZeros(counts: Required<ReplicaStatus>): ReplicaStatus {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}
