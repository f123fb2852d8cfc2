import { existsSync } from 'node:fs';
import type { StoredExperiment } from '../core/experiment.ts';
import { nearest } from '../core/did-you-mean.ts';
import { KatydidError } from '../core/errors.ts';
import type { KubeObject, Stored } from '../core/kubernetes-object.ts';
import { EXPERIMENT_LABEL } from '../core/labels.ts';
import { silentLogger } from '../core/logger.ts';
import { systemClock } from '../core/clock.ts';
import type { StoredTrial } from '../core/trial.ts';
import type { ObservationStore } from '../db/observation-store.ts';
import { openSqliteObservationStore } from '../db/sqlite/sqlite-observation-store.ts';
import type { KubeClient } from '../kube/client.ts';
import { EXPERIMENTS, TRIALS, type ResourceType } from '../kube/resource.ts';
import { openObjectStore } from '../local/object-store/object-store.ts';
import type { DataDirectory } from './data-directory.ts';
import { byTrialIndex } from '../experiments/summary.ts';

/** What experiments left in a data directory. Reads beside a running `katydid run`, and after it. */
export interface Results {
  client: KubeClient;
  observations: ObservationStore;
  /** All experiments, or those of one namespace, in alphabetical order. */
  experiments(namespace: string | undefined): Promise<StoredExperiment[]>;
  /** KatydidError NOT_FOUND or AMBIGUOUS_NAME. Without a namespace, all are searched. */
  experiment(name: string, namespace: string | undefined): Promise<StoredExperiment>;
  trial(name: string, namespace: string | undefined): Promise<StoredTrial>;
  hasTrial(name: string, namespace: string): Promise<boolean>;
  /** In the order of their index. */
  trialsOf(experiment: StoredExperiment): Promise<StoredTrial[]>;
  /** In the order of their index. */
  trials(namespace: string | undefined): Promise<StoredTrial[]>;
  close(): Promise<void>;
}

/** @throws KatydidError NO_DATA where nothing has run in the directory yet. */
export function openResults(directory: DataDirectory): Results {
  if (!existsSync(directory.objects)) {
    throw new KatydidError('NO_DATA', `There are no experiments in ${directory.path}.`, {
      remedy: 'Run one first (katydid run FILE), or name its directory with --data-dir.',
    });
  }
  const logger = silentLogger;
  const objects = openObjectStore({ path: directory.objects, clock: systemClock, logger, readOnly: true });
  const observations = openSqliteObservationStore({ path: directory.observations, logger });
  const { client } = objects;
  return {
    client,
    observations,
    experiments: (namespace) => listAll(client, EXPERIMENTS, { namespace }),
    experiment: (name, namespace) => findByName(client, EXPERIMENTS, name, namespace),
    trial: (name, namespace) => findByName(client, TRIALS, name, namespace),
    hasTrial: async (name, namespace) =>
      (await listAll(client, TRIALS, { namespace, fieldSelector: `metadata.name=${name}` })).length > 0,
    trialsOf: ({ metadata }) =>
      listTrials(client, {
        namespace: metadata.namespace,
        labelSelector: `${EXPERIMENT_LABEL}=${metadata.name}`,
      }),
    trials: (namespace) => listTrials(client, { namespace }),
    async close() {
      objects.close();
      await observations.close();
    },
  };
}

interface Selection {
  namespace?: string | undefined;
  labelSelector?: string;
  fieldSelector?: string;
}

async function listAll<T extends KubeObject>(
  client: KubeClient,
  resource: ResourceType<T>,
  selection: Selection,
): Promise<Stored<T>[]> {
  return (await client.list(resource, selection)).items;
}

async function listTrials(client: KubeClient, selection: Selection): Promise<StoredTrial[]> {
  const trials = await listAll(client, TRIALS, selection);
  return trials.sort((left, right) => byTrialIndex(left.metadata, right.metadata));
}

async function findByName<T extends KubeObject>(
  client: KubeClient,
  resource: ResourceType<T>,
  name: string,
  namespace: string | undefined,
): Promise<Stored<T>> {
  const everywhere = await listAll(client, resource, { fieldSelector: `metadata.name=${name}` });
  const found = everywhere.filter(
    ({ metadata }) => namespace === undefined || metadata.namespace === namespace,
  );
  const [only, another] = found;
  if (!only) throw await notFound(client, resource, name, namespacesOf(everywhere));
  if (another) {
    const message = `There is more than one ${resource.kind} "${name}".`;
    const remedy = `Choose one of the namespaces ${namespacesOf(found).join(', ')} with --namespace.`;
    throw new KatydidError('AMBIGUOUS_NAME', message, { remedy });
  }
  return only;
}

async function notFound(
  client: KubeClient,
  resource: ResourceType,
  name: string,
  otherNamespaces: readonly string[],
): Promise<KatydidError> {
  const [namespace] = otherNamespaces;
  if (namespace !== undefined) {
    const message = `There is no ${resource.kind} "${name}" in this namespace.`;
    return new KatydidError('NOT_FOUND', message, { remedy: `It is in namespace ${namespace}.` });
  }
  const all = (await listAll(client, resource, {})).map(({ metadata }) => metadata).sort(byTrialIndex);
  const names = [...new Set(all.map((metadata) => metadata.name))];
  return new KatydidError('NOT_FOUND', `There is no ${resource.kind} "${name}".`, {
    remedy: remedyFor(resource, name, names),
  });
}

function remedyFor({ plural }: ResourceType, name: string, names: readonly string[]): string {
  if (names.length === 0) return `There are no ${plural} here yet.`;
  const near = nearest(name, names);
  if (near !== undefined) return `Did you mean "${near}"?`;
  const rest = names.length - SHOWN_NAMES;
  const shown = names.slice(0, SHOWN_NAMES).join(', ');
  return `There are: ${shown}${rest > 0 ? ` and ${rest} more` : ''}.`;
}

const SHOWN_NAMES = 10;

function namespacesOf(objects: readonly Stored<KubeObject>[]): string[] {
  return objects.map(({ metadata }) => metadata.namespace ?? '');
}
