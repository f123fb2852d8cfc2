import type { EnvVar } from '../../core/pod.ts';
import { portOf } from '../training-job/replica-objects.ts';
import { replicaName } from '../training-job/types.ts';
import {
  groupOfType,
  PYTORCH_CONTAINER,
  PYTORCH_PORT,
  PYTORCH_PORT_NAME,
  type ElasticPolicy,
  type PyTorchJobSpec,
  type ReplicaGroup,
  type ReplicaType,
} from './types.ts';

/**
 * The variables by which `torch.distributed` and torchrun find the other replicas, in the Training Operator's order.
 * `PET_*` are torchrun's options.
 */
export function replicaEnvironment(
  job: string,
  spec: PyTorchJobSpec,
  type: ReplicaType,
  index: number,
): EnvVar[] {
  return [
    variable('PYTHONUNBUFFERED', 1),
    ...masterVariables(job, spec, type, index),
    variable('PET_NPROC_PER_NODE', spec.nprocPerNode),
    ...(spec.elastic
      ? elasticVariables(job, spec, spec.elastic)
      : [variable('PET_NNODES', totalReplicas(spec))]),
  ];
}

/** Nothing where the job has no master. */
function masterVariables(job: string, spec: PyTorchJobSpec, type: ReplicaType, index: number): EnvVar[] {
  const master = groupOfType(spec, 'Master');
  if (!master) return [];
  const port = pyTorchPort(master);
  const host = masterName(job);
  const rank = type === 'Master' ? index : index + 1;
  return [
    variable('MASTER_PORT', port),
    variable('PET_MASTER_PORT', port),
    variable('MASTER_ADDR', host),
    variable('PET_MASTER_ADDR', host),
    variable('WORLD_SIZE', totalReplicas(spec) * processesPerReplica(spec)),
    variable('RANK', rank),
    variable('PET_NODE_RANK', rank),
  ];
}

function elasticVariables(job: string, spec: PyTorchJobSpec, elastic: ElasticPolicy): EnvVar[] {
  const { minReplicas, maxReplicas, maxRestarts, id, conf } = elastic;
  const host = elastic.host ?? replicaName(job, 'Worker', 0);
  const port = elastic.port ?? pyTorchPort(groupOfType(spec, 'Worker'));
  const pairs = conf.map(({ key, value }) => `${key}=${value}`).join(',');
  return [
    variable('PET_RDZV_ENDPOINT', `${host}:${port}`),
    variable('PET_RDZV_BACKEND', elastic.backend),
    variable('PET_NNODES', `${minReplicas}:${maxReplicas}`),
    ...(maxRestarts === null ? [] : [variable('PET_MAX_RESTARTS', maxRestarts)]),
    ...(id === null ? [] : [variable('PET_RDZV_ID', id)]),
    ...(conf.length === 0 ? [] : [variable('PET_RDZV_CONF', pairs)]),
    // torchrun looks only whether the variable is there.
    ...(elastic.standalone ? [variable('PET_STANDALONE', '')] : []),
  ];
}

/** Host name of the master: bare, as both its pod and its service have it. */
export function masterName(job: string): string {
  return replicaName(job, 'Master', 0);
}

function totalReplicas({ groups }: PyTorchJobSpec): number {
  return groups.reduce((sum, { replicas }) => sum + replicas, 0);
}

/** `auto`, `cpu` and `gpu` are known only inside the replica, and count as one. */
function processesPerReplica({ nprocPerNode }: PyTorchJobSpec): number {
  const count = Number(nprocPerNode);
  return Number.isSafeInteger(count) ? count : 1;
}

function pyTorchPort(group: ReplicaGroup | undefined): number {
  return (group && portOf(group, PYTORCH_CONTAINER, PYTORCH_PORT_NAME)) ?? PYTORCH_PORT;
}

function variable(name: string, value: string | number): EnvVar {
  return { name, value: String(value) };
}
