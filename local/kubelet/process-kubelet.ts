import { mkdirSync, realpathSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { UNLIMITED_SPACE } from '../../core/disk-space.ts';
import type { KubeObject } from '../../core/kubernetes-object.ts';
import type { StoredPod } from '../../core/pod.ts';
import { EventRecorder } from '../../kube/event-recorder.ts';
import { ListWatchCache } from '../../kube/list-watch-cache.ts';
import type { ObjectCache } from '../../kube/object-cache.ts';
import { PODS, SERVICES } from '../../kube/resource.ts';
import { CpuAdmission } from './admission.ts';
import { findGpuDevices, GpuPool } from './gpu-pool.ts';
import type { KubeletOptions } from './kubelet-options.ts';
import { endLeftovers } from './leftovers.ts';
import { LogRetention } from './log-retention.ts';
import { MemoryLimits } from './memory-limits.ts';
import { readNodeFacts } from './node-facts.ts';
import { NoticeBoard } from './notices.ts';
import { notingFull } from './noting-sink.ts';
import { listDirectory } from './optional-files.ts';
import { podDirectory, runDirectory, tryRemovePodDirectory } from './pod-directory.ts';
import type { KubeletServices } from './pod-scope.ts';
import { PodWorkers } from './pod-workers.ts';
import { PortMap } from './port-map.ts';
import { KUBERNETES_BACKOFF } from './restart-policy.ts';

const DEFAULT_STOP_GRACE_MS = 5_000;
const DEFAULT_MAX_LOG_BYTES = 64 * 2 ** 20;
const DEFAULT_LOG_RETENTION_BYTES = 4 * 2 ** 30;

/**
 * Runs Pods as processes of this computer, and tells the API how they go: a kubelet without images, isolation or a
 * network of its own. See docs/architecture.md for what that means for a pod.
 */
export class ProcessKubelet {
  readonly #options: KubeletOptions;

  constructor(options: KubeletOptions) {
    this.#options = options;
  }

  /**
   * Ends what an earlier kubelet left, starts its interrupted pods over, and runs pods until aborted. Resolves when no
   * process is left; pods that still ran stay in the API as they were.
   */
  async run(signal: AbortSignal): Promise<void> {
    const { client, clock, logger } = this.#options;
    mkdirSync(this.#options.dataDir, { recursive: true });
    const dataDir = realpathSync(this.#options.dataDir);
    await endLeftovers(dataDir, clock, logger);
    const pods = new ListWatchCache({ client, resource: PODS, clock, logger });
    const services = new ListWatchCache({ client, resource: SERVICES, clock, logger });
    const events = new EventRecorder({ client, component: 'katydid-kubelet', clock, logger });
    const shared = this.#shareServices(dataDir, services, events);
    const workers = new PodWorkers(pods, shared, this.#options.stopGraceMs ?? DEFAULT_STOP_GRACE_MS);
    const caches = Promise.all([pods.run(signal), services.run(signal)]);
    await Promise.race([Promise.all([pods.synced(), services.synced()]), aborted(signal)]);
    if (!signal.aborted) {
      takeOver(dataDir, pods.list(), shared);
      services.onChange(({ type, object }) => {
        if (type === 'removed') workers.serviceRemoved(object.metadata.namespace ?? '', object.metadata.name);
      });
      workers.follow();
    }
    await aborted(signal);
    await workers.interrupt();
    await caches;
    await events.flush();
  }

  #shareServices(dataDir: string, services: ObjectCache<KubeObject>, events: EventRecorder): KubeletServices {
    const options = this.#options;
    const { logger, space = UNLIMITED_SPACE } = options;
    return {
      ...options,
      dataDir,
      space,
      sink: notingFull(options.sink, space),
      notices: new NoticeBoard(events, logger),
      admission: new CpuAdmission(options.cpuSlots ?? 2 * availableParallelism()),
      gpus: new GpuPool(findGpuDevices()),
      memoryLimits: new MemoryLimits(options.clock),
      ports: new PortMap(dataDir, logger),
      logRetention: new LogRetention(options.logRetentionBytes ?? DEFAULT_LOG_RETENTION_BYTES, logger),
      node: readNodeFacts(),
      workingDir: options.workingDir ?? process.cwd(),
      inherited: process.env,
      restartBackoff: options.restartBackoff ?? KUBERNETES_BACKOFF,
      maxLogBytes: options.maxLogBytes ?? DEFAULT_MAX_LOG_BYTES,
      isService: (namespace, name) => services.get(`${namespace}/${name}`) !== undefined,
    };
  }
}

/** Keeps of an earlier run what belongs to pods and Services that are still there. */
function takeOver(dataDir: string, pods: readonly StoredPod[], shared: KubeletServices): void {
  const uids = new Set(pods.map(({ metadata }) => metadata.uid));
  const names = new Set(pods.map(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name}`));
  for (const uid of listDirectory(runDirectory(dataDir))) {
    if (!uids.has(uid)) tryRemovePodDirectory(podDirectory(dataDir, uid), shared.logger);
  }
  shared.ports.keepOnly(
    (namespace, service) => shared.isService(namespace, service) || names.has(`${namespace}/${service}`),
  );
  shared.logRetention.scan(dataDir);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
