import type { Clock } from '../core/clock.ts';
import type { DiskSpace } from '../core/disk-space.ts';
import type { Logger } from '../core/logger.ts';
import type { SpecIssue } from '../core/errors.ts';
import type { Experiment } from '../core/experiment.ts';
import type { ObservationSink } from '../core/observation.ts';
import type { ObservationStore } from '../db/observation-store.ts';
import type { KubeClient } from '../kube/client.ts';
import type { AlgorithmCatalog } from '../core/validation/algorithm-catalog.ts';
import type { ObservationFeed } from '../db/observation-feed.ts';
import type { PodLogSource } from './pod-log-source.ts';

/** What the REST API stands on. It knows nothing of where these come from: this computer or a cluster. */
export interface RestOptions {
  readonly client: KubeClient;
  /** Answers as `client` does and stores nothing: for `?dryRun=All` and `experiments:validate`. */
  readonly dryRunClient: KubeClient;
  /** Whether there is room for what trials write; always, where absent. */
  readonly space?: DiskSpace;
  readonly observations: ObservationStore;
  /** What trials report while it is being stored. */
  readonly feed: ObservationFeed;
  /** Where reports that come in by HTTP go: stored, and told to `feed`. */
  readonly sink: ObservationSink;
  readonly logs: PodLogSource;
  readonly catalog: AlgorithmCatalog;
  /** What forbids to run the experiment in this place, beyond what is wrong with it anywhere. */
  readonly checkRunnableHere: (experiment: Experiment) => readonly SpecIssue[];
  /** What clients must send as `Authorization: Bearer …`. */
  readonly token: string;
  /** Key of the tokens with which each trial reports, and nothing but that. At least 32 bytes. */
  readonly reportKey: Uint8Array;
  /** Of this program. */
  readonly version: string;
  readonly logger: Logger;
  readonly clock: Clock;
}
