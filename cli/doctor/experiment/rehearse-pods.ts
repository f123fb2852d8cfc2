import { mkdtempSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { KatydidError } from '../../../core/errors.ts';
import type { Container, StoredPod } from '../../../core/pod.ts';
import { isCollector } from '../../../local/kubelet/collector-runner.ts';
import type { ImageMap } from '../../../local/kubelet/image-map.ts';
import { planLaunch, type LaunchContext, type LaunchPlan } from '../../../local/kubelet/launch-plan.ts';
import type { Notices } from '../../../local/kubelet/notices.ts';
import { peerNames } from '../../../local/kubelet/peer-names.ts';
import { createPodDirectory, podDirectory } from '../../../local/kubelet/pod-directory.ts';
import { prepareVolumes, type VolumePaths } from '../../../local/kubelet/volumes.ts';
import type { DoctorContext } from '../context.ts';
import type { RehearsedContainer, RehearsedPod } from './inspection.ts';
import type { KnownObjects } from './known-objects.ts';
import type { JobPod } from './pods-of-job.ts';
import { programsOf } from './programs.ts';
import { standInVolumes } from './stand-in-volumes.ts';

export interface Rehearsal extends DoctorContext {
  readonly imageMap: ImageMap;
  readonly objects: KnownObjects;
}

/** Any port will do: nothing listens. */
const PORT_OF_PEERS = 20_000;

const SILENT: Notices = {
  once: () => undefined,
  event: () => undefined,
  infoOnce: () => undefined,
  debug: () => undefined,
};

/**
 * Does everything that the kubelet does with these pods before it starts their processes, in a directory that is removed
 * afterwards. What pods would make elsewhere (claims, host paths) is stood in for by empty directories.
 */
export async function rehearsePods(pods: readonly JobPod[], rehearsal: Rehearsal): Promise<RehearsedPod[]> {
  const dataDir = mkdtempSync(join(tmpdir(), 'katydid-doctor-'));
  try {
    const rehearsed: RehearsedPod[] = [];
    for (const { pod, replicas } of pods) {
      rehearsed.push({ pod, replicas, ...(await rehearsePod(pod, dataDir, rehearsal)) });
    }
    return rehearsed;
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function rehearsePod(
  written: StoredPod,
  dataDir: string,
  rehearsal: Rehearsal,
): Promise<Pick<RehearsedPod, 'containers' | 'error'>> {
  const pod = standInVolumes(written, rehearsal.directory.path);
  const context = launchContext(pod, dataDir, rehearsal);
  createPodDirectory(context.directory);
  const volumes = await orRefusal(prepareVolumes({ ...context, notices: SILENT }));
  if (volumes instanceof KatydidError) return { containers: [], error: volumes };
  const containers: RehearsedContainer[] = [];
  for (const container of startedContainers(pod)) {
    containers.push(await rehearseContainer(container, { ...context, volumes }));
  }
  return { containers, error: null };
}

function startedContainers({ spec }: StoredPod): Container[] {
  return [...(spec.initContainers ?? []), ...spec.containers].filter((container) => !isCollector(container));
}

async function rehearseContainer(container: Container, context: LaunchContext): Promise<RehearsedContainer> {
  const isMapped = context.imageMap.find(container.image ?? '') !== undefined;
  const plan = await orRefusal<LaunchPlan>(planLaunch(container, context));
  const programs = plan instanceof KatydidError ? [] : programsOf(plan, context.directory.root);
  return { container, isMapped, plan, programs };
}

async function orRefusal<R>(work: Promise<R>): Promise<R | KatydidError> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof KatydidError) return error;
    throw error;
  }
}

function launchContext(
  pod: StoredPod,
  dataDir: string,
  { probes, imageMap, objects }: Rehearsal,
): LaunchContext {
  const { namespace = 'default', uid } = pod.metadata;
  const volumes: VolumePaths = new Map();
  return {
    pod,
    dataDir,
    directory: podDirectory(dataDir, uid),
    volumes,
    objects: objects(namespace),
    node: {
      name: hostname(),
      ip: '127.0.0.1',
      cpus: probes.cpus,
      memoryBytes: probes.memory().totalBytes,
    },
    imageMap,
    peers: peerNames(pod, () => false),
    portFor: () => Promise.resolve(PORT_OF_PEERS),
    gpuDevices: [],
    reportAddress: null,
    inherited: probes.env,
    workingDir: process.cwd(),
  };
}
