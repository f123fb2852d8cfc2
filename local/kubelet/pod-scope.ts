import type { Clock } from '../../core/clock.ts';
import { TRIAL_UID_ANNOTATION } from '../../core/labels.ts';
import type { DiskSpace } from '../../core/disk-space.ts';
import type { Logger } from '../../core/logger.ts';
import type { LogTailSink, ObservationSink } from '../../core/observation.ts';
import type { StoredPod } from '../../core/pod.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { CpuAdmission } from './admission.ts';
import type { ContainerStates } from './container-states.ts';
import type { GpuPool } from './gpu-pool.ts';
import type { ImageMap } from './image-map.ts';
import type { LaunchContext } from './launch-plan.ts';
import type { LogRetention } from './log-retention.ts';
import type { MemoryLimits } from './memory-limits.ts';
import type { NodeFacts } from './node-facts.ts';
import type { NoticeBoard, Notices } from './notices.ts';
import type { OutputTap } from './output-tap.ts';
import type { PortMap } from './port-map.ts';
import type { RestartBackoffPolicy } from './restart-policy.ts';

/** What all pods of a kubelet share. */
export interface KubeletServices {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly space: DiskSpace;
  readonly sink: ObservationSink;
  readonly logTails: LogTailSink;
  readonly notices: NoticeBoard;
  readonly admission: CpuAdmission;
  readonly gpus: GpuPool;
  readonly memoryLimits: MemoryLimits;
  readonly ports: PortMap;
  readonly imageMap: ImageMap;
  readonly logRetention: LogRetention;
  readonly node: NodeFacts;
  /** Absolute, without symbolic links. */
  readonly dataDir: string;
  readonly workingDir: string;
  readonly inherited: NodeJS.ProcessEnv;
  readonly restartBackoff: RestartBackoffPolicy;
  readonly maxLogBytes: number;
  /** Where a trial reports by HTTP; absent or null where nothing listens. */
  readonly reportUrl?: ((trialUid: string) => string | null) | undefined;
  readonly isService: (namespace: string, name: string) => boolean;
}

/** What the containers of one pod share. */
export interface PodScope extends LaunchContext {
  readonly services: KubeletServices;
  readonly states: ContainerStates;
  readonly notices: Notices;
  readonly logDirectory: string;
  /** By name of the container that is listened to. */
  readonly taps: ReadonlyMap<string, OutputTap>;
  /** Aborted when the service stops: the pod will be started over, so that nothing it yields now counts. */
  readonly interrupted: AbortSignal;
  /** Tells the API what the states are now. */
  readonly publish: () => void;
}

export function trialUid(pod: StoredPod): string | undefined {
  return pod.metadata.annotations?.[TRIAL_UID_ANNOTATION];
}
