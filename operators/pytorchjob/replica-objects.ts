import type { Container, Pod } from '../../core/pod.ts';
import type { Recreations } from '../training-job/recreations.ts';
import { podOfReplica, serviceOfReplica } from '../training-job/replica-objects.ts';
import type { ReplicaService, StoredTrainingJob } from '../training-job/types.ts';
import { replicaEnvironment } from './environment.ts';
import { masterLookup } from './master-lookup.ts';
import {
  groupOfType,
  OPERATOR_NAME,
  PYTORCH_CONTAINER,
  type PyTorchJobSpec,
  type ReplicaGroup,
} from './types.ts';

/** How a worker waits for its master: its pod is created later, or it asks for the master's name before it begins. */
export type MasterWait = 'creation' | 'init-container';

/** What the objects of all replicas are made from. */
export interface ReplicaContext {
  readonly job: StoredTrainingJob;
  readonly spec: PyTorchJobSpec;
  readonly recreations: Recreations;
  readonly masterWait: MasterWait;
}

/** The pod of one replica. */
export function replicaPod(context: ReplicaContext, group: ReplicaGroup, index: number): Pod {
  const { job, spec, recreations } = context;
  const env = replicaEnvironment(job.metadata.name, spec, group.type, index);
  return podOfReplica(
    { job, operatorName: OPERATOR_NAME, group, index },
    {
      recreations,
      isMaster: group.type === 'Master',
      labels: {},
      // Later entries of `env` win: the operator's word counts.
      containers: group.template.spec.containers.map((container) => {
        return { ...container, env: [...(container.env ?? []), ...env] };
      }),
      initContainers: initContainers(context, group),
    },
  );
}

/** The headless service that gives one replica its address. */
export function replicaService({ job }: ReplicaContext, group: ReplicaGroup, index: number): ReplicaService {
  return serviceOfReplica({ job, operatorName: OPERATOR_NAME, group, index }, PYTORCH_CONTAINER);
}

function initContainers({ job, spec, masterWait }: ReplicaContext, group: ReplicaGroup): Container[] {
  const own = group.template.spec.initContainers ?? [];
  const asks = masterWait === 'init-container' && group.type === 'Worker' && groupOfType(spec, 'Master');
  return asks ? [...own, masterLookup(job.metadata.name)] : own;
}
