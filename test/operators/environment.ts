import { afterEach, beforeEach } from 'vitest';
import type { Condition, KubeObject, Stored } from '../../core/kubernetes-object.ts';
import { silentLogger } from '../../core/logger.ts';
import type { StoredPod } from '../../core/pod.ts';
import { randomStream } from '../../core/random.ts';
import type { KubeClient } from '../../kube/client.ts';
import { EVENTS, PODS, SERVICES, type ResourceType } from '../../kube/resource.ts';
import { type ObjectStore, openObjectStore } from '../../local/object-store/object-store.ts';
import { createJobOperator } from '../../operators/batch-job/job-operator.ts';
import type { OperatorOptions } from '../../operators/operator.ts';
import { createPyTorchJobOperator } from '../../operators/pytorchjob/pytorch-job-operator.ts';
import { createTfJobOperator } from '../../operators/tfjob/tf-job-operator.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { FakeKubelet, type PodFate } from '../support/fake-kubelet.ts';

interface Job extends KubeObject {
  status?: { conditions?: Condition[]; startTime?: string; completionTime?: string } & Record<
    string,
    unknown
  >;
}

/** An operator, a store and a pretended node, with a clock that passes as fast as the test wants. */
export interface OperatorEnvironment {
  readonly clock: FakeClock;
  readonly client: KubeClient;
  /** Starts an operator of each kind and a node that treats pods by the script. May be called again after `stop`. */
  start(fateOf: (pod: StoredPod) => PodFate, options?: Partial<OperatorOptions>): FakeKubelet;
  /** Ends operators and node; objects stay. */
  stop(): Promise<void>;
  /** Lets everything happen that does not need time, or next to none. */
  settle(): Promise<void>;
  /** Lets time pass and everything happen that this brings. */
  pass(ms: number): Promise<void>;
  job(resource: ResourceType<Job>, name?: string): Promise<Stored<Job>>;
  /** `Created`, or `Running=False` for a condition that is not true, in their order. */
  conditions(resource: ResourceType<Job>, name?: string): Promise<string[]>;
  /** Names of pods, sorted. */
  podNames(): Promise<string[]>;
  pod(name: string): Promise<StoredPod>;
  serviceNames(): Promise<string[]>;
  /** Reasons of events, sorted, each once. */
  eventReasons(): Promise<string[]>;
}

export function useOperatorEnvironment(): OperatorEnvironment {
  let clock: FakeClock;
  let store: ObjectStore;
  let stopSignal: AbortController;
  let runs: Promise<void>[];

  beforeEach(() => {
    clock = new FakeClock();
    store = openObjectStore({ path: ':memory:', clock, logger: silentLogger });
    stopSignal = new AbortController();
    runs = [];
  });

  const stop = async (): Promise<void> => {
    stopSignal.abort();
    await Promise.all(runs);
    runs = [];
    stopSignal = new AbortController();
  };

  afterEach(async () => {
    await stop();
    store.close();
  });

  const names = async (resource: ResourceType): Promise<string[]> =>
    (await store.client.list(resource)).items.map(({ metadata }) => metadata.name).sort();
  const job = (resource: ResourceType<Job>, name = 'job'): Promise<Stored<Job>> =>
    store.client.get(resource, { namespace: 'default', name });
  const settle = async (): Promise<void> => {
    // Each step gives promises and I/O their turn; the milliseconds are for retries after conflicts.
    for (let turn = 0; turn < 60; turn++) await clock.advance(5);
  };

  return {
    get clock() {
      return clock;
    },
    get client() {
      return store.client;
    },
    start(fateOf, options = {}) {
      const { client } = store;
      const shared = { client, clock, logger: silentLogger, random: randomStream('operators'), ...options };
      const kubelet = new FakeKubelet({ client, clock, fateOf });
      const operators = [createTfJobOperator, createPyTorchJobOperator, createJobOperator];
      const parts = [...operators.map((create) => create(shared)), kubelet];
      runs.push(...parts.map((part) => part.run(stopSignal.signal)));
      return kubelet;
    },
    stop,
    settle,
    async pass(ms) {
      await clock.advance(ms);
      await settle();
    },
    job,
    async conditions(resource, name) {
      const { status } = await job(resource, name);
      return (status?.conditions ?? []).map((condition) =>
        condition.status === 'True' ? condition.type : `${condition.type}=${condition.status}`,
      );
    },
    podNames: () => names(PODS),
    pod: (name) => store.client.get(PODS, { namespace: 'default', name }),
    serviceNames: () => names(SERVICES),
    async eventReasons() {
      const { items } = await store.client.list(EVENTS);
      return [...new Set(items.map(({ reason }) => reason ?? ''))].sort();
    },
  };
}
