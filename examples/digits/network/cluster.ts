import { TrainingError } from '../training-error.ts';

export interface Address {
  readonly host: string;
  readonly port: number;
}

export type Role = 'chief' | 'worker' | 'ps';

/** Which replicas a distributed training has, and which one this process is: the environment variable TF_CONFIG. */
export interface Cluster {
  readonly role: Role;
  /** Number of this replica among those of its role, from 0. */
  readonly index: number;
  readonly chief: Address;
  readonly workers: readonly Address[];
  readonly parameterServers: readonly Address[];
}

/** Reads TF_CONFIG. Null where it is not set or lists one replica: the training has this process alone. */
export function parseCluster(tfConfig: string | undefined): Cluster | null {
  if (tfConfig === undefined) return null;
  const { cluster, task } = parseObjects(tfConfig);
  if (Object.keys(cluster).flatMap((type) => addresses(cluster, type)).length === 1) return null;
  const [chief] = [...addresses(cluster, 'chief'), ...addresses(cluster, 'master')];
  const workers = addresses(cluster, 'worker');
  const parameterServers = addresses(cluster, 'ps');
  if (!chief) throw missing('chief', 'coordinates the others');
  if (workers.length === 0) throw missing('worker', 'computes the gradients');
  if (parameterServers.length === 0) throw missing('ps', 'keeps the parameters');
  return { role: roleOf(task), index: indexOf(task), chief, workers, parameterServers };
}

/** Where this replica is reached by the others. */
export function ownAddress(cluster: Cluster): Address {
  const peers = { chief: [cluster.chief], worker: cluster.workers, ps: cluster.parameterServers };
  const address = peers[cluster.role][cluster.index];
  if (address) return address;
  throw new TrainingError(
    `TF_CONFIG says that this is ${cluster.role} ${cluster.index}, but lists no such address.`,
  );
}

type Fields = Readonly<Record<string, unknown>>;

function parseObjects(tfConfig: string): { cluster: Fields; task: Fields } {
  const config = fields(parseJson(tfConfig));
  const cluster = fields(config?.['cluster']);
  const task = fields(config?.['task']);
  if (cluster && task) return { cluster, task };
  throw new TrainingError(`TF_CONFIG must be a JSON object with "cluster" and "task"; it is ${tfConfig}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function fields(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null ? { ...value } : undefined;
}

function addresses(cluster: Fields, type: string): Address[] {
  const entries = cluster[type] ?? [];
  if (Array.isArray(entries)) return entries.map((entry: unknown) => parseAddress(entry));
  throw new TrainingError(`TF_CONFIG: cluster.${type} must be a list of host:port.`);
}

function parseAddress(entry: unknown): Address {
  const [, host, port] = /^(.+):(\d+)$/.exec(String(entry)) ?? [];
  if (host !== undefined && port !== undefined) return { host, port: Number(port) };
  throw new TrainingError(`TF_CONFIG: ${JSON.stringify(entry)} is not host:port.`);
}

function roleOf(task: Fields): Role {
  switch (task['type']) {
    case 'chief':
    case 'master':
      return 'chief';
    case 'worker':
      return 'worker';
    case 'ps':
      return 'ps';
    default:
      throw new TrainingError(
        `TF_CONFIG: this training has no use for a ${JSON.stringify(task['type'])}; use Chief, PS and Worker.`,
      );
  }
}

function indexOf(task: Fields): number {
  const index = task['index'];
  if (typeof index === 'number' && Number.isSafeInteger(index) && index >= 0) return index;
  throw new TrainingError(`TF_CONFIG: task.index must be a whole number, not ${JSON.stringify(index)}.`);
}

function missing(type: Role, duty: string): TrainingError {
  return new TrainingError(`TF_CONFIG lists no ${type}: one is needed that ${duty}.`);
}
