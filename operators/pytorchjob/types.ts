import type { ReplicaGroup as AnyReplicaGroup, TrainingJobSpec } from '../training-job/types.ts';

/** Every type of replica, in the order in which they are judged. */
export const REPLICA_TYPES = ['Master', 'Worker'] as const;
export type ReplicaType = (typeof REPLICA_TYPES)[number];

/** Name of the container that trains. */
export const PYTORCH_CONTAINER = 'pytorch';
export const PYTORCH_PORT_NAME = 'pytorchjob-port';
export const PYTORCH_PORT = 23456;

export const OPERATOR_NAME = 'pytorchjob-controller';

export type ReplicaGroup = AnyReplicaGroup<ReplicaType>;

/** How the processes of a job with a varying number of workers find each other: torchrun's rendezvous. */
export interface ElasticPolicy {
  readonly minReplicas: number;
  readonly maxReplicas: number;
  readonly backend: string;
  /** Null: the first worker. */
  readonly host: string | null;
  /** Null: the port of the workers. */
  readonly port: number | null;
  readonly id: string | null;
  readonly conf: readonly { readonly key: string; readonly value: string }[];
  /** How often torchrun starts its processes over; null leaves it to torchrun. */
  readonly maxRestarts: number | null;
  /** Every node is a rendezvous of its own. */
  readonly standalone: boolean;
}

/** A PyTorchJob's specification with every default filled in. */
export interface PyTorchJobSpec extends TrainingJobSpec<ReplicaType> {
  /** Processes that torchrun starts in each replica: `auto`, `cpu`, `gpu` or a whole number. */
  readonly nprocPerNode: string;
  readonly elastic: ElasticPolicy | null;
}

/** The group of a type, or undefined where the job has no such replicas. */
export function groupOfType(
  { groups }: Pick<PyTorchJobSpec, 'groups'>,
  wanted: ReplicaType,
): ReplicaGroup | undefined {
  return groups.find(({ type }) => type === wanted);
}
