import { portOf } from '../training-job/replica-objects.ts';
import { replicaName } from '../training-job/types.ts';
import {
  TF_CONTAINER,
  TF_PORT,
  TF_PORT_NAME,
  type ReplicaGroup,
  type ReplicaType,
  type TfJobSpec,
} from './types.ts';

/** The job whose replicas find each other. */
export interface TfCluster {
  readonly job: string;
  readonly namespace: string;
  readonly spec: TfJobSpec;
  /** Goes behind `.svc`; undefined for none. */
  readonly domain: string | undefined;
}

/**
 * The value of TF_CONFIG for one replica: the addresses of all replicas and its own place among them, as JSON whose keys
 * stand in the Training Operator's order. Null where the replica gets none: a job of one process is not distributed.
 */
export function tfConfig(cluster: TfCluster, type: ReplicaType, index: number): string | null {
  const { groups, dynamicWorkers, rules } = cluster.spec;
  if (!isDistributed(groups) && !rules.tfConfigEverywhere) return null;
  const config = dynamicWorkers ? sparseConfig(cluster, type, index) : fullConfig(cluster, type, index);
  return JSON.stringify(config);
}

/** More than one process: TensorFlow has to know of the others. */
export function isDistributed(groups: readonly ReplicaGroup[]): boolean {
  return groups.reduce((sum, { replicas }) => sum + replicas, 0) !== 1;
}

function fullConfig(cluster: TfCluster, type: ReplicaType, index: number): unknown {
  const { groups, rules } = cluster.spec;
  const listed = groups.filter((group) => group.type !== 'Evaluator' || rules.evaluatorInCluster);
  return {
    // `REPLICA_TYPES` and with it the groups are in alphabetical order, and so are the keys here.
    cluster: Object.fromEntries(listed.map((group) => [taskType(group.type), addresses(cluster, group)])),
    task: { type: taskType(type), index },
    environment: 'cloud',
  };
}

/** Only what the replica needs, so that workers may come and go: itself and, for a worker, the parameter servers. */
function sparseConfig(cluster: TfCluster, type: ReplicaType, index: number): unknown {
  const task = { type: taskType(type), index };
  const self = address(cluster, groupOf(cluster, type), index);
  switch (type) {
    case 'Worker': {
      const servers = cluster.spec.groups.find((group) => group.type === 'PS');
      return {
        cluster: { worker: { [index]: self }, ps: servers ? addresses(cluster, servers) : null },
        task,
      };
    }
    case 'PS':
      return { cluster: { worker: {}, ps: [self] }, task };
    case 'Chief':
    case 'Master':
    case 'Evaluator':
      return { cluster: { worker: {}, ps: [] }, task };
  }
}

function taskType(type: ReplicaType): string {
  return type.toLowerCase();
}

function groupOf({ spec }: TfCluster, type: ReplicaType): ReplicaGroup {
  const group = spec.groups.find((candidate) => candidate.type === type);
  if (!group) throw new RangeError(`the job has no ${type}`);
  return group;
}

function addresses(cluster: TfCluster, group: ReplicaGroup): string[] {
  return Array.from({ length: group.replicas }, (_, index) => address(cluster, group, index));
}

function address({ job, namespace, domain }: TfCluster, group: ReplicaGroup, index: number): string {
  const host = [replicaName(job, group.type, index), namespace, 'svc', ...(domain ? [domain] : [])].join('.');
  return `${host}:${portOf(group, TF_CONTAINER, TF_PORT_NAME) ?? TF_PORT}`;
}
