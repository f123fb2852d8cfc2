import type { Clock } from '../../core/clock.ts';
import { UNLIMITED_SPACE, type DiskSpace } from '../../core/disk-space.ts';
import type { ExperimentSpec, StoredExperiment } from '../../core/experiment.ts';
import { controllerOf, type KubeObject, type Stored } from '../../core/kubernetes-object.ts';
import { TRIAL_LABEL } from '../../core/labels.ts';
import { silentLogger } from '../../core/logger.ts';
import type { StoredSuggestion } from '../../core/suggestion.ts';
import type { StoredTrial } from '../../core/trial.ts';
import { createExperimentControllers } from '../../controller/experiment-controllers.ts';
import { tapObservations, type ObservationTap } from '../../db/observation-feed.ts';
import type { ObservationStore } from '../../db/observation-store.ts';
import { openSqliteObservationStore } from '../../db/sqlite/sqlite-observation-store.ts';
import type { KubeClient } from '../../kube/client.ts';
import { EXPERIMENTS, JOBS, PODS, SUGGESTIONS, TRIALS } from '../../kube/resource.ts';
import { openObjectStore, type ObjectStore } from '../../local/object-store/object-store.ts';
import type { SuggestionService, SuggestRequest } from '../../suggestion/suggestion-service.ts';
import { lenientCatalog } from './experiment-document.ts';
import { experimentSpec } from './experiment-objects.ts';

/** How a fake job ends. `value` is reported as the objective; null reports that nothing was found. */
export type JobEnd =
  | { state: 'Complete'; value: number | null }
  | { state: 'Failed'; message: string }
  /** Fails because its node gave up its pod. */
  | { state: 'Evicted' }
  /** Completes, but its collector never says that it has finished. */
  | { state: 'Silent'; value: number | null }
  | { state: 'Never' };

export interface WorldOptions {
  /** How the job of a trial ends, by the trial's index; `attempt` is 1 for the trial's first job. A perfect run where absent. */
  endOf?: (index: number, attempt: number) => JobEnd;
  /** How long the job of a trial takes, by the trial's index, in milliseconds of the wall clock; 0 where absent. */
  durationOf?: (index: number) => number;
  /** How many points the search has; without end where absent. */
  points?: number;
  /** Whether the search gives nothing before it has more results. */
  waits?: (request: SuggestRequest) => boolean;
  /** Whether there is room for trials; always, where absent. */
  space?: DiskSpace;
  /** Called with every request to the search; may throw. */
  onSuggest?: (request: SuggestRequest) => void;
}

/** The clock of the tests' world: a hundred times faster than the wall's. */
const SPEED = 100;
const fastClock: Clock = {
  now: () => Date.UTC(2026, 0, 1) + performance.now() * SPEED,
  elapsed: () => performance.now() * SPEED,
  momentOf: (timeMs) => timeMs,
  after(ms, callback) {
    const timer = setTimeout(callback, ms / SPEED);
    return () => clearTimeout(timer);
  },
};

/**
 * An embedded store, the experiment controllers, a search that counts, and a job runner that ends every job at once the
 * way the test says: everything of a tuning service but the training.
 */
export class ExperimentWorld {
  readonly client: KubeClient;
  readonly observations: ObservationStore;
  /** What trials report goes through its sink. */
  readonly tap: ObservationTap;
  /** Every trial that ever existed, by uid. */
  readonly trialsSeen = new Map<string, StoredTrial>();
  /** Jobs that were ever created, by trial uid: how often. */
  readonly jobsSeen = new Map<string, number>();
  readonly #store: ObjectStore;
  readonly #options: WorldOptions;
  readonly #end = new AbortController();
  readonly #background: Promise<void>[] = [];

  constructor(options: WorldOptions = {}) {
    this.#options = options;
    this.#store = openObjectStore({ path: ':memory:', clock: fastClock, logger: silentLogger });
    this.client = this.#store.client;
    this.observations = openSqliteObservationStore({ path: ':memory:', logger: silentLogger });
    this.tap = tapObservations(this.observations);
    this.#background.push(this.#runJobs(), this.#noteTrials());
  }

  /** Starts the controllers; the result stops them and waits until they have stopped. */
  start(client: KubeClient = this.client): () => Promise<void> {
    const stop = new AbortController();
    const controllers = createExperimentControllers({
      client,
      observations: this.observations,
      feed: this.tap.feed,
      suggestions: this.#search(),
      catalog: lenientCatalog,
      space: this.#options.space ?? UNLIMITED_SPACE,
      clock: fastClock,
      logger: silentLogger,
    });
    const running = controllers.run(stop.signal).catch((error: unknown) => {
      if (!stop.signal.aborted) throw error;
    });
    return () => {
      stop.abort();
      return running;
    };
  }

  submit(spec: Partial<ExperimentSpec> = {}, name = 'exp'): Promise<StoredExperiment> {
    return this.client.create(EXPERIMENTS, {
      apiVersion: 'kubeflow.org/v1beta1',
      kind: 'Experiment',
      metadata: { name, namespace: 'default' },
      spec: experimentSpec(spec),
    });
  }

  experiment(name = 'exp'): Promise<StoredExperiment> {
    return this.client.get(EXPERIMENTS, { namespace: 'default', name });
  }

  suggestion(name = 'exp'): Promise<StoredSuggestion> {
    return this.client.get(SUGGESTIONS, { namespace: 'default', name });
  }

  async trials(): Promise<StoredTrial[]> {
    return (await this.client.list(TRIALS, { namespace: 'default' })).items;
  }

  async jobs(): Promise<Stored<KubeObject>[]> {
    return (await this.client.list(JOBS, { namespace: 'default' })).items;
  }

  /** Looks again and again; fails after a while. */
  async until(holds: (world: ExperimentWorld) => Promise<boolean>): Promise<void> {
    for (let tries = 0; tries < 1_500; tries++) {
      if (await holds(this)) return;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    throw new Error(`still waiting; the experiment is ${JSON.stringify((await this.experiment()).status)}`);
  }

  async untilReason(reason: string, name = 'exp'): Promise<StoredExperiment> {
    await this.until(
      async () =>
        (await this.experiment(name)).status?.conditions?.some(
          (condition) => condition.reason === reason && condition.status === 'True',
        ) ?? false,
    );
    return this.experiment(name);
  }

  async close(): Promise<void> {
    this.#end.abort();
    this.#store.close();
    await Promise.all(this.#background);
    await this.observations.close();
  }

  #search(): SuggestionService {
    const { points = Infinity, onSuggest } = this.#options;
    return {
      validate: () => undefined,
      suggest: async (request) => {
        await Promise.resolve();
        onSuggest?.(request);
        const isWaiting = this.#options.waits?.(request) ?? false;
        const count = isWaiting ? 0 : Math.max(0, Math.min(request.count, points - request.firstIndex));
        const assignments = Array.from({ length: count }, (_, at) => [
          { name: 'x', value: String(request.firstIndex + at) },
        ]);
        return { assignments, exhausted: request.firstIndex + count >= points };
      },
      forget: () => undefined,
      close: () => Promise.resolve(),
    };
  }

  async #noteTrials(): Promise<void> {
    for await (const event of this.client.watch(TRIALS, { signal: this.#end.signal }))
      if (event.type !== 'BOOKMARK') this.trialsSeen.set(event.object.metadata.uid, event.object);
  }

  async #runJobs(): Promise<void> {
    for await (const event of this.client.watch(JOBS, { signal: this.#end.signal })) {
      if (event.type !== 'ADDED') continue;
      const owner = controllerOf(event.object);
      if (!owner) continue;
      this.jobsSeen.set(owner.uid, (this.jobsSeen.get(owner.uid) ?? 0) + 1);
      const durationMs = this.#options.durationOf?.(indexOf(event.object)) ?? 0;
      if (durationMs === 0) await this.#endJob(event.object, owner.uid);
      else setTimeout(() => void this.#endJob(event.object, owner.uid).catch(() => undefined), durationMs);
    }
  }

  async #endJob(job: Stored<KubeObject>, trialUid: string): Promise<void> {
    const { name } = job.metadata;
    const attempt = this.jobsSeen.get(trialUid) ?? 1;
    const end = this.#options.endOf?.(indexOf(job), attempt) ?? { state: 'Complete', value: 1 };
    if (end.state === 'Never') return;
    const hasFailed = end.state === 'Failed' || end.state === 'Evicted';
    if (!hasFailed) await this.#report(`${name}-pod/training`, trialUid, end);
    if (end.state === 'Evicted') await this.#evictPod(job, trialUid);
    const type = hasFailed ? 'Failed' : 'Complete';
    const message = end.state === 'Failed' ? end.message : '';
    const body = { status: { conditions: [{ type, status: 'True', message }] } };
    await this.client
      .patchStatus(JOBS, { namespace: 'default', name }, { type: 'merge', body })
      .catch(() => undefined);
  }

  /** A pod of the job that had reported something before its node gave it up. */
  async #evictPod(job: Stored<KubeObject>, trialUid: string): Promise<void> {
    const { name, uid } = job.metadata;
    await this.#report(`${name}-evicted/training`, trialUid, { state: 'Silent', value: -1_000 });
    const owner = {
      apiVersion: 'batch/v1',
      kind: 'Job',
      name,
      uid,
      controller: true,
      blockOwnerDeletion: true,
    };
    const pod = await this.client.create(PODS, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: `${name}-evicted`,
        namespace: 'default',
        labels: { [TRIAL_LABEL]: name },
        ownerReferences: [owner],
      },
      spec: { containers: [{ name: 'training' }] },
    });
    const status = { phase: 'Failed', reason: 'Evicted', message: 'The node was low on memory' } as const;
    await this.client.updateStatus(PODS, { ...pod, status });
  }

  async #report(
    source: string,
    trialUid: string,
    end: { state: string; value: number | null },
  ): Promise<void> {
    if (end.value !== null) {
      const observation = { metric: 'loss', value: end.value, step: 0, timeMs: fastClock.now(), sequence: 0 };
      await this.tap.sink.report({ trialUid, source }, [observation]);
    }
    if (end.state === 'Silent') return;
    const report = { read: 3, found: {}, otherNames: { lost: 3 }, notNumbers: {}, problems: [] };
    await this.tap.sink.finish({ trialUid, source }, report);
  }
}

function indexOf({ metadata }: Stored<KubeObject>): number {
  return Number(/\d+$/.exec(metadata.name)?.[0]);
}
