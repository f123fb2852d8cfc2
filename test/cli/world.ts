import type { Experiment, ExperimentStatus, StoredExperiment } from '../../core/experiment.ts';
import { rfc3339Seconds } from '../../core/time.ts';
import { silentLogger } from '../../core/logger.ts';
import type { StoredTrial } from '../../core/trial.ts';
import { openSqliteObservationStore } from '../../db/sqlite/sqlite-observation-store.ts';
import type { ObservationStore } from '../../db/observation-store.ts';
import type { KubeClient } from '../../kube/client.ts';
import { EVENTS, EXPERIMENTS, TRIALS } from '../../kube/resource.ts';
import { openObjectStore } from '../../local/object-store/object-store.ts';
import {
  condition,
  experiment,
  experimentSpec,
  trial,
  type TrialFixture,
} from '../support/experiment-objects.ts';
import { FakeClock } from '../support/fake-clock.ts';

/** The objects and observations that a run leaves, in memory or in files. */
export interface World {
  client: KubeClient;
  observations: ObservationStore;
  clock: FakeClock;
  close(): Promise<void>;
}

export function world(paths: { objects: string; observations: string } | null = null): World {
  const clock = new FakeClock();
  const logger = silentLogger;
  const objects = openObjectStore({ path: paths?.objects ?? ':memory:', clock, logger });
  const observations = openSqliteObservationStore({ path: paths?.observations ?? ':memory:', logger });
  return {
    client: objects.client,
    observations,
    clock,
    async close() {
      objects.close();
      await observations.close();
    },
  };
}

/** An experiment as a file holds it. */
export function experimentObject(name = 'exp', spec: Partial<Experiment['spec']> = {}): Experiment {
  const { apiVersion, kind } = experiment();
  return { apiVersion, kind, metadata: { name, namespace: 'default' }, spec: experimentSpec(spec) };
}

export async function storeStatus(
  { client }: World,
  stored: StoredExperiment,
  status: ExperimentStatus,
): Promise<StoredExperiment> {
  return client.updateStatus(EXPERIMENTS, { ...stored, status });
}

export const RUNNING = condition('Running', 'True', 'ExperimentRunning', 'Experiment is running');
export const ALL_DONE = condition('Succeeded', 'True', 'ExperimentMaxTrialsReached', 'all trials are done');

/** Stores a trial of experiment `exp` with its status. */
export async function storeTrial({ client }: World, fixture: TrialFixture): Promise<StoredTrial> {
  const { status, metadata, ...object } = trial(fixture);
  const { name, namespace, labels } = metadata;
  const stored = await client.create(TRIALS, { ...object, metadata: { name, namespace, labels } });
  return client.updateStatus(TRIALS, { ...stored, ...(status && { status }) });
}

/** Records a Warning about an object, now. */
export async function storeWarning(
  { client, clock }: World,
  about: { kind: string; name: string },
  reason: string,
  message: string,
): Promise<void> {
  const now = rfc3339Seconds(clock.now());
  await client.create(EVENTS, {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { generateName: 'event-', namespace: 'default' },
    involvedObject: { ...about, namespace: 'default' },
    type: 'Warning',
    reason,
    message,
    count: 1,
    firstTimestamp: now,
    lastTimestamp: now,
  });
}
