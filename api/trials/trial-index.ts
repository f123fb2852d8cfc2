import type { StoredExperiment } from '../../core/experiment.ts';
import type { KubeObject, Stored } from '../../core/kubernetes-object.ts';
import { EXPERIMENT_LABEL } from '../../core/labels.ts';
import type { StoredTrial, Trial } from '../../core/trial.ts';
import type { KubeClient, WatchEvent } from '../../kube/client.ts';
import { ListWatchCache } from '../../kube/list-watch-cache.ts';
import type { CacheChange } from '../../kube/object-cache.ts';
import { TRIALS } from '../../kube/resource.ts';
import type { RestOptions } from '../rest-options.ts';

/**
 * All trials without their jobs (`spec.runSpec`), which are most of their size and which no list shows: a list of ten
 * thousand would otherwise be read from the store and parsed for each page.
 */
export interface TrialIndex {
  /** Some moments behind the API; in no particular order. The trials are shared: never change them. */
  trialsOf(experiment: StoredExperiment): Promise<StoredTrial[]>;
  /** Resolves when the index knows the trials of the moment in which it was first asked for anything. */
  synced(): Promise<void>;
  /** The trial with this uid; undefined where there is none, or before the index is synced. */
  byUid(uid: string): StoredTrial | undefined;
  /** Tells every change from the moment on at which the returned promise resolves, or a little before. */
  follow(listener: (change: CacheChange<Trial>) => void): Promise<void>;
}

const BY_EXPERIMENT = 'experiment';
const BY_UID = 'uid';

/** Nothing is read before somebody asks; from then on the index follows the API until `closing`. */
export function createTrialIndex(
  { client, clock, logger }: Pick<RestOptions, 'client' | 'clock' | 'logger'>,
  closing: AbortSignal,
): TrialIndex {
  let started: ListWatchCache<Trial> | undefined;
  const start = (): ListWatchCache<Trial> => {
    const cache = new ListWatchCache<Trial>({
      client: withoutJobs(client),
      resource: TRIALS,
      indexes: {
        [BY_EXPERIMENT]: ({ metadata }) => [
          experimentKey(metadata.namespace, metadata.labels?.[EXPERIMENT_LABEL]),
        ],
        [BY_UID]: ({ metadata }) => [metadata.uid],
      },
      clock,
      logger,
    });
    void cache.run(closing);
    return cache;
  };
  return {
    synced: () => (started ??= start()).synced(),
    byUid: (uid) => started?.byIndex(BY_UID, uid)[0],
    async follow(listener) {
      const cache = (started ??= start());
      await cache.synced();
      cache.onChange(listener);
    },
    async trialsOf({ metadata }) {
      const cache = (started ??= start());
      await cache.synced();
      return cache.byIndex(BY_EXPERIMENT, experimentKey(metadata.namespace, metadata.name));
    },
  };
}

function experimentKey(namespace = '', name = ''): string {
  return `${namespace}/${name}`;
}

/** The client as the cache uses it, with trials cut down before they are kept. */
function withoutJobs(client: KubeClient): Pick<KubeClient, 'list' | 'watch'> {
  return {
    async list(resource, options) {
      const page = await client.list(resource, options);
      return { ...page, items: page.items.map(withoutJob) };
    },
    watch: (resource, options) => watchWithoutJobs(client.watch(resource, options)),
  };
}

async function* watchWithoutJobs<T extends KubeObject>(
  events: AsyncIterable<WatchEvent<T>>,
): AsyncGenerator<WatchEvent<T>, void, undefined> {
  for await (const event of events) {
    yield event.type === 'BOOKMARK' ? event : { ...event, object: withoutJob(event.object) };
  }
}

function withoutJob<T extends KubeObject>(object: Stored<T>): Stored<T> {
  const { spec } = object as Stored<KubeObject> as StoredTrial;
  return { ...object, spec: { ...spec, runSpec: undefined } };
}
