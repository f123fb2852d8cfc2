import type { Observation, ReplicaCounts } from './replica-pods.ts';
import type { ReplicaPod, TrainingJobSpec } from './types.ts';

/** What the replicas mean for the job. */
export type Verdict =
  | {
      readonly state: 'failed';
      readonly type: string;
      readonly count: number;
      /** Its exit code says that another attempt would fail too. */
      readonly isPermanentExit: boolean;
    }
  | { readonly state: 'succeeded'; readonly type: string }
  | { readonly state: 'restarting'; readonly type: string; readonly count: number }
  | { readonly state: 'running' }
  /** Nothing to say yet: the job stays what it is. */
  | { readonly state: 'waiting' };

const NO_PODS: ReplicaCounts = { active: 0, succeeded: 0, failed: 0 };

/** Of several things that are true at once the first in this order counts: failure, success, restart, running. */
export function judge(spec: TrainingJobSpec, observation: Observation): Verdict {
  const failure = findFailure(spec, observation);
  if (failure) return failure;
  const { success } = spec;
  if (success && hasSucceeded(spec, observation)) return { state: 'succeeded', type: success.type };
  const exhaustion = findExhaustion(spec, observation);
  if (exhaustion) return exhaustion;
  const restarting = firstType(spec, observation.replaceable);
  if (restarting !== undefined) {
    return { state: 'restarting', type: restarting, count: countsOf(observation, restarting).failed };
  }
  const isRunning = success !== null && countsOf(observation, success.type).active > 0;
  return isRunning ? { state: 'running' } : { state: 'waiting' };
}

function findFailure(spec: TrainingJobSpec, observation: Observation): Verdict | undefined {
  const fatal = observation.lost.filter(({ type }) => !spec.expendable.includes(type));
  const type = firstType(spec, fatal);
  if (type === undefined) return undefined;
  const group = spec.groups.find((candidate) => candidate.type === type);
  const isPermanentExit =
    group?.restartPolicy === 'ExitCode' &&
    fatal.some((replica) => replica.type === type && replica.pod.status?.phase === 'Failed');
  return { state: 'failed', type, count: countsOf(observation, type).failed, isPermanentExit };
}

/** Expendable replicas may fail one by one, but where none is left to succeed nothing would ever happen again. */
function findExhaustion(
  { groups, success, expendable }: TrainingJobSpec,
  observation: Observation,
): Verdict | undefined {
  const deciding = groups.find((group) => group.type === success?.type);
  if (!deciding || !expendable.includes(deciding.type)) return undefined;
  const { type, replicas } = deciding;
  const { failed, succeeded } = countsOf(observation, type);
  const gone = observation.lost.filter((replica) => replica.type === type).length + succeeded;
  return gone < replicas ? undefined : { state: 'failed', type, count: failed, isPermanentExit: false };
}

function firstType({ groups }: TrainingJobSpec, replicas: readonly ReplicaPod[]): string | undefined {
  return groups.find(({ type }) => replicas.some((replica) => replica.type === type))?.type;
}

function hasSucceeded({ groups, success }: TrainingJobSpec, observation: Observation): boolean {
  const deciding = groups.find(({ type }) => type === success?.type);
  if (!deciding) return false;
  const { succeeded } = countsOf(observation, deciding.type);
  if (succeeded >= deciding.replicas) return true;
  if (success?.needs === 'any') return succeeded > 0;
  return success?.needs === 'first-or-all' && observation.firstDone;
}

function countsOf({ counts }: Observation, type: string): ReplicaCounts {
  return counts.get(type) ?? NO_PODS;
}
