import { availableParallelism, hostname, totalmem } from 'node:os';

/** What pods are told about the machine they run on. */
export interface NodeFacts {
  /** `spec.nodeName`. */
  readonly name: string;
  /** Address of the node and of every pod. */
  readonly ip: string;
  readonly cpus: number;
  readonly memoryBytes: number;
}

export function readNodeFacts(): NodeFacts {
  return { name: hostname(), ip: '127.0.0.1', cpus: availableParallelism(), memoryBytes: totalmem() };
}
