import type { Clock } from '../core/clock.ts';

/** A place where the metrics of a training may be. */
export interface MetricsAddress {
  address: URL;
  /** Why it must not be asked; absent where it may. */
  refusal?: string;
}

/** What a collector sidecar needs from the place it runs in: a pod on a cluster, or the process kubelet. */
export interface SidecarHost {
  /**
   * The bytes that a container of this pod writes to stdout and stderr, from the beginning of its current start.
   * Ends when the container has ended.
   */
  containerOutput(container: string): AsyncIterable<Uint8Array>;
  /**
   * Where an address of the pod is found here: those to ask, the likeliest first. To be looked up for every attempt, and
   * no further than needed. Absent where addresses are good as they stand.
   */
  metricsAddresses?(address: URL): AsyncIterable<MetricsAddress>;
  /** Where a path of the pod is found here. */
  resolvePath(path: string): string;
  /** Value of an environment variable of the sidecar's container. */
  env(name: string): string | undefined;
  /** Aborted when the main containers have ended: read what is left, report it, and return. */
  mainEnded: AbortSignal;
  /** Aborted when the sidecar must end at once. */
  signal: AbortSignal;
  clock: Clock;
}
