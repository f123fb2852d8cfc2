import type { Clock } from '../../core/clock.ts';
import type { DiskSpace } from '../../core/disk-space.ts';
import type { Logger } from '../../core/logger.ts';
import type { LogTailSink, ObservationSink } from '../../core/observation.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { ImageMap } from './image-map.ts';
import type { RestartBackoffPolicy } from './restart-policy.ts';

export interface KubeletOptions {
  client: KubeClient;
  /** Where logs, claims and run directories are. No two kubelets may use one directory at the same time. */
  dataDir: string;
  sink: ObservationSink;
  logTails: LogTailSink;
  imageMap: ImageMap;
  /** Where a trial reports by HTTP: `KATYDID_REPORT_URL` of its containers. Null, or absent: there is no such place. */
  reportUrl?: ((trialUid: string) => string | null) | undefined;
  /** CPUs that admitted jobs may request together; twice the cores where absent. */
  cpuSlots?: number | undefined;
  /** Whether the disk of `dataDir` has room for another pod; always, where absent. */
  space?: DiskSpace | undefined;
  clock: Clock;
  logger: Logger;
  /** Where commands start that say nothing else; the service's own directory where absent. */
  workingDir?: string | undefined;
  /** Waits between in-place restarts; Kubernetes' where absent. */
  restartBackoff?: RestartBackoffPolicy | undefined;
  /** Time that processes get to end when the service stops; 5 s where absent. */
  stopGraceMs?: number | undefined;
  /** Size from which a log is rotated (the older part is kept once); 64 MiB where absent. */
  maxLogBytes?: number | undefined;
  /** Size of all logs of ended pods together, from which the oldest are removed; 4 GiB where absent. */
  logRetentionBytes?: number | undefined;
}
