import type { CollectorKind } from '../core/experiment.ts';

/** Name of the sidecar container: Katib's. */
export const COLLECTOR_CONTAINER = 'metrics-logger-and-collector';

/** Image of the sidecar. The process kubelet knows it and runs the collector in its own process. */
export const COLLECTOR_IMAGE = 'katydid/metrics-collector';

/** What a collector sidecar is told on its command line. */
export interface SidecarArguments {
  trialName: string;
  trialUid: string;
  kind: Exclude<CollectorKind, 'None' | 'Push' | 'Custom' | 'PrometheusMetric'>;
  /** The objective first. */
  metrics: readonly string[];
  /** Container whose output is read (StdOut). */
  container: string;
  /** File or directory inside the pod (File, TensorFlowEvent); null for StdOut. */
  path: string | null;
  format: 'TEXT' | 'JSON';
  /** Regular expressions of RE2 with two groups, name and value; empty means the default filter. */
  filters: readonly string[];
  /**
   * Labels that the pod must carry for its metrics to count, each read from an environment variable (`name` of the
   * label by `variable`): a template shared by all workers carries the sidecar in each of them.
   */
  primaryPodLabels: readonly { variable: string; value: string }[];
}
