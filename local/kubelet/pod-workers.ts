import { graceSeconds } from './stop-request.ts';
import { sleep } from '../../core/clock.ts';
import { errorMessage } from '../../core/errors.ts';
import { isBeingDeleted } from '../../core/kubernetes-object.ts';
import { isPodFinished, type Pod, type StoredPod } from '../../core/pod.ts';
import { isApiError } from '../../kube/api-error.ts';
import type { ObjectCache } from '../../kube/object-cache.ts';
import { PODS } from '../../kube/resource.ts';
import { podDirectory, tryRemovePodDirectory } from './pod-directory.ts';
import { PodRunner } from './pod-runner.ts';
import type { KubeletServices } from './pod-scope.ts';

const RETRY_MS = 500;

/**
 * What is done for a pod: its containers run; nothing, as it has finished; or it is being taken out of the API, which
 * is done once.
 */
type Work =
  { state: 'running'; runner: PodRunner; done: Promise<void> } | { state: 'finished' } | { state: 'leaving' };

/** One runner per pod, started and stopped as the pods in the API come, are marked for deletion and go. */
export class PodWorkers {
  readonly #pods: ObjectCache<Pod>;
  readonly #services: KubeletServices;
  readonly #stopGraceMs: number;
  readonly #interrupted = new AbortController();
  /** By uid, for every pod in the API. */
  readonly #work = new Map<string, Work>();

  constructor(pods: ObjectCache<Pod>, services: KubeletServices, stopGraceMs: number) {
    this.#pods = pods;
    this.#services = services;
    this.#stopGraceMs = stopGraceMs;
  }

  /** Takes on the pods that are there, the oldest first, and those that come. */
  follow(): void {
    this.#pods.onChange(({ type, object }) => {
      if (type === 'removed') this.#removed(object);
      else this.#seen(object);
    });
    for (const pod of this.#pods.list().sort(byAge)) this.#seen(pod);
  }

  /** A Service's ports are kept as long as there is a pod of its name. */
  serviceRemoved(namespace: string, service: string): void {
    if (!this.#pods.get(`${namespace}/${service}`)) this.#services.ports.release(namespace, service);
  }

  /** Ends all processes and leaves the pods in the API as they are. */
  async interrupt(): Promise<void> {
    this.#interrupted.abort();
    const running = [...this.#work.values()].filter((work) => work.state === 'running');
    for (const { runner } of running) runner.stop('interrupted', this.#stopGraceMs);
    await Promise.all(running.map(({ done }) => done));
  }

  #seen(pod: StoredPod): void {
    if (this.#interrupted.signal.aborted) return;
    const { uid } = pod.metadata;
    const work = this.#work.get(uid) ?? this.#takeOn(pod);
    if (!isBeingDeleted(pod) || work.state === 'leaving') return;
    if (work.state === 'running') work.runner.stop('deleted', graceMs(pod));
    else void this.#takeOut(pod);
  }

  #takeOn(pod: StoredPod): Work {
    const work: Work = isPodFinished(pod) || isBeingDeleted(pod) ? { state: 'finished' } : this.#start(pod);
    this.#work.set(pod.metadata.uid, work);
    return work;
  }

  #start(pod: StoredPod): Work {
    const runner = new PodRunner(pod, this.#services);
    const done = runner.run().then(() => this.#ended(pod, runner));
    return { state: 'running', runner, done };
  }

  /** Set before the API tells that the pod has finished: what it tells meanwhile must not start the pod again. */
  async #ended(pod: StoredPod, runner: PodRunner): Promise<void> {
    const { uid } = pod.metadata;
    if (this.#work.has(uid)) this.#work.set(uid, { state: 'finished' });
    else this.#removeDirectory(uid);
    if (runner.stopCause === 'deleted') await this.#takeOut(pod);
  }

  async #takeOut(pod: StoredPod): Promise<void> {
    const { uid, namespace, name } = pod.metadata;
    const { client, clock, logger } = this.#services;
    this.#work.set(uid, { state: 'leaving' });
    while (this.#work.has(uid)) {
      try {
        await client.delete(PODS, { namespace, name }, { gracePeriodSeconds: 0, preconditions: { uid } });
        return;
      } catch (error) {
        if (isApiError(error, 'NotFound', 'Conflict') || this.#interrupted.signal.aborted) return;
        logger.warn('pod not deleted, trying again', { pod: name, error: errorMessage(error) });
        await sleep(clock, RETRY_MS, this.#interrupted.signal).catch(() => undefined);
      }
    }
  }

  #removed(pod: StoredPod): void {
    const { uid, namespace = '', name } = pod.metadata;
    const work = this.#work.get(uid);
    this.#work.delete(uid);
    if (!this.#services.isService(namespace, name)) this.#services.ports.release(namespace, name);
    if (work?.state === 'running') work.runner.stop('removed', 0);
    else this.#removeDirectory(uid);
  }

  #removeDirectory(uid: string): void {
    const { dataDir, logger } = this.#services;
    tryRemovePodDirectory(podDirectory(dataDir, uid), logger);
  }
}

function byAge(a: StoredPod, b: StoredPod): number {
  const order = a.metadata.creationTimestamp.localeCompare(b.metadata.creationTimestamp);
  return order === 0 ? a.metadata.name.localeCompare(b.metadata.name, 'en', { numeric: true }) : order;
}

function graceMs(pod: StoredPod): number {
  const { deletionGracePeriodSeconds } = pod.metadata;
  return (deletionGracePeriodSeconds ?? graceSeconds(pod.spec)) * 1_000;
}
