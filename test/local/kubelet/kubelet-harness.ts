import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemClock } from '../../../core/clock.ts';
import { silentLogger } from '../../../core/logger.ts';
import type { CollectionReport, LogTail, Observation, ObservationSource } from '../../../core/observation.ts';
import type { Container, Pod, PodSpec, StoredPod } from '../../../core/pod.ts';
import type { ObjectMeta } from '../../../core/kubernetes-object.ts';
import { isApiError } from '../../../kube/api-error.ts';
import type { KubeClient } from '../../../kube/client.ts';
import { EVENTS, PODS } from '../../../kube/resource.ts';
import { EMPTY_IMAGE_MAP } from '../../../local/kubelet/image-map.ts';
import type { KubeletOptions } from '../../../local/kubelet/kubelet-options.ts';
import { ProcessKubelet } from '../../../local/kubelet/process-kubelet.ts';
import { openObjectStore, type ObjectStore } from '../../../local/object-store/object-store.ts';

export const NAMESPACE = 'tests';
const STORE_FILE = 'objects.db';

/** Remembers what collectors and the kubelet report, in order. */
export class RecordingSink {
  readonly calls: string[] = [];
  readonly observations = new Map<string, Observation[]>();
  readonly reports = new Map<string, CollectionReport>();
  readonly logTails: LogTail[] = [];

  report({ source }: ObservationSource, batch: readonly Observation[]): Promise<void> {
    this.calls.push(`report ${source}`);
    this.observations.set(source, [...(this.observations.get(source) ?? []), ...batch]);
    return Promise.resolve();
  }

  finish({ source }: ObservationSource, report: CollectionReport): Promise<void> {
    this.calls.push(`finish ${source}`);
    this.reports.set(source, report);
    return Promise.resolve();
  }

  discard({ source }: ObservationSource): Promise<void> {
    this.calls.push(`discard ${source}`);
    this.observations.delete(source);
    return Promise.resolve();
  }

  saveLogTail(tail: LogTail): Promise<void> {
    this.logTails.push(tail);
    return Promise.resolve();
  }
}

/**
 * A kubelet on a store in memory and a data directory of its own; with `dataDir`, on the store that is there. All of it
 * goes when it is disposed of.
 */
export class KubeletHarness implements AsyncDisposable {
  readonly dataDir: string;
  readonly sink = new RecordingSink();
  readonly client: KubeClient;
  readonly #store: ObjectStore;
  readonly #options: Partial<KubeletOptions>;
  #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(options: Partial<KubeletOptions> = {}) {
    this.#options = options;
    this.dataDir = options.dataDir ?? mkdtempSync(path.join(tmpdir(), 'katydid-kubelet-'));
    const file = options.dataDir === undefined ? ':memory:' : path.join(options.dataDir, STORE_FILE);
    this.#store = openObjectStore({ path: file, clock: systemClock, logger: silentLogger });
    this.client = this.#store.client;
  }

  start(): this {
    this.#stop = new AbortController();
    const kubelet = new ProcessKubelet({
      client: this.client,
      dataDir: this.dataDir,
      sink: this.sink,
      logTails: this.sink,
      imageMap: EMPTY_IMAGE_MAP,
      clock: systemClock,
      logger: silentLogger,
      restartBackoff: { baseMs: 5, capMs: 20 },
      stopGraceMs: 200,
      ...this.#options,
    });
    this.#running = kubelet.run(this.#stop.signal);
    return this;
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    this.#store.close();
    rmSync(this.dataDir, { recursive: true, force: true, maxRetries: 3 });
  }

  create(spec: PodSpec, metadata: ObjectMeta = {}): Promise<StoredPod> {
    return this.client.create(PODS, podManifest(spec, metadata));
  }

  /** The pod as soon as it is as asked. */
  async until(name: string, holds: (pod: StoredPod) => boolean): Promise<StoredPod> {
    const signal = AbortSignal.timeout(15_000);
    const fieldSelector = `metadata.name=${name}`;
    for await (const event of this.client.watch(PODS, { namespace: NAMESPACE, fieldSelector, signal })) {
      if (event.type === 'ADDED' || event.type === 'MODIFIED') if (holds(event.object)) return event.object;
    }
    throw new Error(`pod ${name} never came to be so: ${holds.toString()}`);
  }

  /** Creates a pod and waits until it has finished. */
  async finish(spec: PodSpec, metadata: ObjectMeta = {}): Promise<StoredPod> {
    const { metadata: stored } = await this.create(spec, metadata);
    return this.until(stored.name, isFinished);
  }

  async untilGone(name: string): Promise<void> {
    await eventually(async () => {
      try {
        await this.client.get(PODS, { namespace: NAMESPACE, name });
        return false;
      } catch (error) {
        return isApiError(error, 'NotFound');
      }
    });
  }

  /** The text of a container's log, without times and streams. */
  log(pod: string, container = 'main', restartCount = 0): string {
    const file = path.join(this.dataDir, 'logs', NAMESPACE, pod, `${container}.${restartCount}.log`);
    return readFileSync(file, 'utf8').replace(/^\S+ std(?:out|err) /gm, '');
  }

  async eventReasons(): Promise<string[]> {
    const { items } = await this.client.list(EVENTS, { namespace: NAMESPACE });
    return items.map((event) => event.reason ?? '');
  }
}

export function podManifest(spec: PodSpec, metadata: ObjectMeta = {}): Pod {
  const name = `pod-${randomUUID().slice(0, 8)}`;
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: NAMESPACE, ...metadata }, spec };
}

export function isFinished(pod: StoredPod): boolean {
  return pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
}

/** A container that runs a shell script. */
export function shell(script: string, rest: Partial<Container> = {}): Container {
  return { name: 'main', image: 'busybox', command: ['sh', '-c', script], ...rest };
}

/** A pod of one container that is not restarted. */
export function once(container: Container, rest: Partial<PodSpec> = {}): PodSpec {
  return { restartPolicy: 'Never', containers: [container], ...rest };
}

/** Waits until something holds; fails after a time that only a defect takes. */
export async function eventually(holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadlineMs = Date.now() + 15_000;
  while (!(await holds())) {
    if (Date.now() > deadlineMs) throw new Error(`never happened: ${holds.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
