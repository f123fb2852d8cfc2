import { realpathSync } from 'node:fs';
import { tapObservations, type ObservationTap } from '../db/observation-feed.ts';
import { sleep, systemClock, watchForStandstill, type Clock } from '../core/clock.ts';
import type { DiskSpace } from '../core/disk-space.ts';
import type { Logger } from '../core/logger.ts';
import { errorMessage } from '../core/errors.ts';
import { createExperimentControllers } from '../controller/experiment-controllers.ts';
import type { ObservationStore } from '../db/observation-store.ts';
import { openSqliteObservationStore } from '../db/sqlite/sqlite-observation-store.ts';
import type { KubeClient } from '../kube/client.ts';
import { DiskWatcher, freeSpaceOf } from '../local/disk-space/disk-watcher.ts';
import { createAdmission } from '../local/admission/admission.ts';
import { endLeftovers } from '../local/kubelet/leftovers.ts';
import { ProcessKubelet } from '../local/kubelet/process-kubelet.ts';
import type { ImageMap } from '../local/kubelet/image-map.ts';
import { openObjectStore, type ObjectStore } from '../local/object-store/object-store.ts';
import { RUNNABLE_JOBS } from '../local/runnable-jobs.ts';
import { createJobOperator } from '../operators/batch-job/job-operator.ts';
import { createPyTorchJobOperator } from '../operators/pytorchjob/pytorch-job-operator.ts';
import { createTfJobOperator } from '../operators/tfjob/tf-job-operator.ts';
import { algorithmCatalog } from '../suggestion/algorithm-catalog.ts';
import { createSuggestionService } from '../suggestion/local-suggestion-service.ts';
import type { DataDirectory } from './data-directory.ts';
import { servedDefinitions } from './served-definitions.ts';

export interface EmbeddedOptions {
  directory: DataDirectory;
  imageMap: ImageMap;
  /** Free bytes of the disk below which no trial starts; see DiskWatcher. */
  minFreeBytes?: number | undefined;
  /** CPUs' worth of processes that may run at once; the kubelet's default where absent. */
  cpuSlots?: number;
  logger: Logger;
  clock?: Clock;
}

/** What can be known only when the stores are open and servers listen in front of them. */
export interface StartOptions {
  /** Where a trial reports by HTTP; null where nothing listens. */
  readonly reportUrl: (trialUid: string) => string | null;
}

/** Everything that runs experiments on this computer, in this process. */
export interface Embedded {
  client: KubeClient;
  /** Answers as `client` does and stores nothing. */
  dryRunClient: KubeClient;
  observations: ObservationStore;
  /** What trials report, by whichever way: reports that come in elsewhere go through its sink too. */
  tap: ObservationTap;
  /** Whether there is room for trials in the data directory. */
  space: DiskSpace;
  /** Takes up the work; once. */
  start(options: StartOptions): void;
  /** Rejects when a part that should run for ever has ended with an error. */
  failed: Promise<never>;
  /** Ends every process of every trial and closes the databases; may be repeated. What was unfinished goes on at the next start. */
  stop(): Promise<void>;
  /** Kills every process of every trial. For a user who does not want to wait for `stop`; nothing can follow but exit. */
  kill(): Promise<void>;
}

/**
 * First wait before a Job's failed pod is tried again; it doubles. A tenth of a cluster's: nothing has to be scheduled or
 * pulled here, and a training that always fails should say so after a minute, not after ten.
 */
const POD_RETRY_BASE_MS = 1_000;

/** Opens the stores; `start` takes up the work. The caller holds the lock of the data directory. */
export function openEmbedded(options: EmbeddedOptions): Embedded {
  const { directory, logger, clock = systemClock } = options;
  const objects = openObjectStore({
    path: directory.objects,
    clock,
    logger,
    admission: createAdmission(algorithmCatalog, servedDefinitions()),
  });
  const observations = openObservations(directory, logger, objects);
  const suggestions = createSuggestionService({ logger });
  const { client } = objects;
  const tap = tapObservations(observations);
  const space = new DiskWatcher({
    look: () => freeSpaceOf(directory.path),
    floorBytes: options.minFreeBytes,
    clock,
    logger,
  });
  const shared = { client, clock, logger };
  const createParts = ({ reportUrl }: StartOptions): { run(signal: AbortSignal): Promise<void> }[] => [
    space,
    createExperimentControllers({
      ...shared,
      space,
      observations,
      feed: tap.feed,
      suggestions,
      catalog: algorithmCatalog,
      jobResources: RUNNABLE_JOBS,
    }),
    createTfJobOperator(shared),
    createPyTorchJobOperator(shared),
    createJobOperator({ ...shared, podRetryBaseMs: POD_RETRY_BASE_MS }),
    new ProcessKubelet({
      ...shared,
      space,
      dataDir: directory.path,
      sink: tap.sink,
      logTails: observations,
      imageMap: options.imageMap,
      reportUrl,
      ...(options.cpuSlots === undefined ? {} : { cpuSlots: options.cpuSlots }),
    }),
  ];

  const forgetStandstill = watchForStandstill();
  const stopping = new AbortController();
  let running: Promise<void>[] = [];
  const { promise: failed, reject } = Promise.withResolvers<never>();
  failed.catch((error: unknown) =>
    logger.error('a part of the service failed', { error: errorMessage(error) }),
  );

  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    stopping.abort();
    await Promise.allSettled(running);
    forgetStandstill();
    await suggestions.close();
    objects.close();
    await observations.close();
  };

  return {
    client,
    dryRunClient: objects.dryRunClient,
    observations,
    tap,
    space,
    failed,
    start(startOptions) {
      running = createParts(startOptions).map((part) => part.run(stopping.signal));
      for (const part of running) part.catch(reject);
    },
    async kill() {
      // Stopping first: what is killed then is not taken for a training that failed.
      stopping.abort();
      await sleep(clock, 0);
      await endLeftovers(realpathSync(directory.path), clock, logger);
    },
    stop: () => (stopped ??= stop()),
  };
}

/** What is open already is closed where this one cannot be. */
function openObservations(directory: DataDirectory, logger: Logger, opened: ObjectStore): ObservationStore {
  try {
    return openSqliteObservationStore({ path: directory.observations, logger });
  } catch (error) {
    opened.close();
    throw error;
  }
}
