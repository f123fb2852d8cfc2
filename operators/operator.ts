import type { Clock } from '../core/clock.ts';
import type { Logger } from '../core/logger.ts';
import type { RandomStream } from '../core/random.ts';
import type { KubeClient } from '../kube/client.ts';

export interface OperatorOptions {
  client: KubeClient;
  clock: Clock;
  logger: Logger;
  /** Only jobs of this namespace; absent means all. */
  namespace?: string;
  /**
   * When a TFJob or PyTorchJob ends, stop its pods that still run, whatever `cleanPodPolicy` says: true (the default) suits one
   * computer, where nobody else would stop them. False is what the Training Operator does on a cluster.
   */
  stopProcessesAtEnd?: boolean;
  /**
   * How the workers of a PyTorchJob wait for their master. `creation` (the default): their pods are created when the
   * master's runs, which suits one computer. `init-container`: each asks the cluster's DNS for the master's name before it
   * begins, as in the Training Operator.
   */
  masterWait?: 'creation' | 'init-container';
  /** DNS domain of the cluster, written into TF_CONFIG behind `.svc`. Absent: none, as in the Training Operator. */
  clusterDomain?: string;
  /** Wait before a batch Job replaces its first failed pod, in milliseconds; doubles per failure. 10,000 where absent. */
  podRetryBaseMs?: number;
  /** Jobs that are looked after at the same time; 4 where absent. */
  workers?: number;
  random?: RandomStream;
}

/** Runs one kind of job by writing Pods. */
export interface Operator {
  /** Looks after all jobs until aborted; their pods live on. Never rejects. */
  run(signal: AbortSignal): Promise<void>;
}
