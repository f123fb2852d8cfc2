import type { Observation, ReplicaCounts } from './replica-pods.ts';
import { chiefGroup, REPLICA_TYPES, type ReplicaType, type TfJobSpec } from './types.ts';

/** What the replicas mean for the job. */
export type Verdict =
  | {
      readonly state: 'failed';
      readonly type: ReplicaType;
      readonly count: number;
      /** Its exit code says that another attempt would fail too. */
      readonly isPermanentExit: boolean;
    }
  | { readonly state: 'succeeded' }
  | { readonly state: 'restarting'; readonly type: ReplicaType }
  | { readonly state: 'running' }
  /** Nothing to say yet: the job stays what it is. */
  | { readonly state: 'waiting' };

const NO_PODS: ReplicaCounts = { active: 0, succeeded: 0, failed: 0 };

/** Of several things that are true at once the first in this order counts: failure, success, restart, running. */
export function judge(spec: TfJobSpec, observation: Observation): Verdict {
  const failure = findFailure(spec, observation);
  if (failure) return failure;
  if (hasSucceeded(spec, observation)) return { state: 'succeeded' };
  const restarting = firstType(observation.replaceable);
  if (restarting) return { state: 'restarting', type: restarting };
  return isRunning(spec, observation) ? { state: 'running' } : { state: 'waiting' };
}

function findFailure(spec: TfJobSpec, { lost, counts }: Observation): Verdict | undefined {
  const fatal = lost.filter(({ type }) => type !== 'Worker' || !spec.dynamicWorkers);
  const type = firstType(fatal);
  if (!type) return undefined;
  const group = spec.groups.find((candidate) => candidate.type === type);
  const isPermanentExit =
    group?.restartPolicy === 'ExitCode' &&
    fatal.some((replica) => replica.type === type && replica.pod.status?.phase === 'Failed');
  return { state: 'failed', type, count: counts.get(type)?.failed ?? 0, isPermanentExit };
}

function firstType(replicas: readonly { readonly type: ReplicaType }[]): ReplicaType | undefined {
  return REPLICA_TYPES.find((type) => replicas.some((replica) => replica.type === type));
}

/** A chief's success is the job's; without one the workers decide. Parameter servers and evaluators never do. */
function hasSucceeded(spec: TfJobSpec, { counts, firstWorkerDone }: Observation): boolean {
  const deciding = decidingGroup(spec);
  if (!deciding) return false;
  const allDone = (counts.get(deciding.type) ?? NO_PODS).succeeded >= deciding.replicas;
  return allDone || (deciding.type === 'Worker' && firstWorkerDone && !spec.needsAllWorkers);
}

function isRunning(spec: TfJobSpec, { counts }: Observation): boolean {
  const deciding = decidingGroup(spec);
  return deciding !== undefined && (counts.get(deciding.type) ?? NO_PODS).active > 0;
}

function decidingGroup({ groups }: TfJobSpec): TfJobSpec['groups'][number] | undefined {
  return chiefGroup(groups) ?? groups.find(({ type }) => type === 'Worker');
}
