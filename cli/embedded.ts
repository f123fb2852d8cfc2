import type { Clock } from '../core/clock.ts';
import { systemClock } from '../core/clock.ts';
import type { Logger } from '../core/logger.ts';
import { errorMessage } from '../core/errors.ts';
import { createExperimentControllers } from '../controller/experiment-controllers.ts';
import type { ObservationStore } from '../db/observation-store.ts';
import { openSqliteObservationStore } from '../db/sqlite/sqlite-observation-store.ts';
import type { KubeClient } from '../kube/client.ts';
import { experimentAdmission } from '../local/experiment-admission.ts';
import { ProcessKubelet } from '../local/kubelet/process-kubelet.ts';
import type { ImageMap } from '../local/kubelet/image-map.ts';
import { openObjectStore } from '../local/object-store/object-store.ts';
import { createJobOperator } from '../operators/batch-job/job-operator.ts';
import { createTfJobOperator } from '../operators/tfjob/tf-job-operator.ts';
import { algorithmCatalog } from '../suggestion/algorithm-catalog.ts';
import { createSuggestionService } from '../suggestion/local-suggestion-service.ts';
import type { DataDirectory } from './data-directory.ts';

export interface EmbeddedOptions {
  directory: DataDirectory;
  imageMap: ImageMap;
  /** CPUs' worth of processes that may run at once; the kubelet's default where absent. */
  cpuSlots?: number;
  logger: Logger;
  clock?: Clock;
}

/** Everything that runs experiments on this computer, in this process. */
export interface Embedded {
  client: KubeClient;
  observations: ObservationStore;
  /** Rejects when a part that should run for ever has ended with an error. */
  failed: Promise<never>;
  /** Ends every process of every trial and closes the databases. What was unfinished goes on at the next start. */
  stop(): Promise<void>;
}

/** The caller holds the lock of the data directory. */
export function startEmbedded(options: EmbeddedOptions): Embedded {
  const { directory, logger, clock = systemClock } = options;
  const objects = openObjectStore({
    path: directory.objects,
    clock,
    logger,
    admission: experimentAdmission(algorithmCatalog),
  });
  const observations = openSqliteObservationStore({ path: directory.observations, logger });
  const suggestions = createSuggestionService({ logger });
  const { client } = objects;
  const shared = { client, clock, logger };
  const parts = [
    createExperimentControllers({ ...shared, observations, suggestions, catalog: algorithmCatalog }),
    createTfJobOperator(shared),
    createJobOperator(shared),
    new ProcessKubelet({
      ...shared,
      dataDir: directory.path,
      sink: observations,
      logTails: observations,
      imageMap: options.imageMap,
      ...(options.cpuSlots === undefined ? {} : { cpuSlots: options.cpuSlots }),
    }),
  ];

  const stopping = new AbortController();
  const running = parts.map((part) => part.run(stopping.signal));
  const failed = firstFailure(running);
  failed.catch((error: unknown) =>
    logger.error('a part of the service failed', { error: errorMessage(error) }),
  );

  return {
    client,
    observations,
    failed,
    async stop() {
      stopping.abort();
      await Promise.allSettled(running);
      await suggestions.close();
      objects.close();
      await observations.close();
    },
  };
}

/** Never resolves; a part that ends because it was told to is no failure. */
function firstFailure(running: readonly Promise<void>[]): Promise<never> {
  return new Promise((_, reject) => {
    for (const part of running) part.catch(reject);
  });
}
