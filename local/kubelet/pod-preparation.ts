import type { StoredPod } from '../../core/pod.ts';
import { collectorTaps, isCollector } from './collector-runner.ts';
import type { ContainerStates } from './container-states.ts';
import { withMetricsPorts } from './metrics-ports.ts';
import type { Notices } from './notices.ts';
import { peerNames } from './peer-names.ts';
import { logDirectory, podDirectory } from './pod-directory.ts';
import { podObjects } from './pod-objects.ts';
import { trialUid, type KubeletServices, type PodScope } from './pod-scope.ts';
import { excessiveRequests } from './resource-requests.ts';
import { ignoredFields, unsupportedFields } from './unsupported-fields.ts';
import { prepareVolumes } from './volumes.ts';

export interface PreparationInput {
  pod: StoredPod;
  services: KubeletServices;
  states: ContainerStates;
  gpuDevices: readonly number[];
  interrupted: AbortSignal;
  publish: () => void;
}

/** Makes the pod's volumes and gathers what its containers share. KatydidError with a LOCAL_* code. */
export async function preparePod(input: PreparationInput): Promise<PodScope> {
  const { services } = input;
  const { namespace = '', name, uid } = input.pod.metadata;
  const portFor: PodScope['portFor'] = (service, port) =>
    services.ports.portFor({ namespace, service, port });
  const pod = await withMetricsPorts(input.pod, portFor);
  const notices = services.notices.for(pod);
  tellWhatIsIgnored(pod, services, notices);
  const directory = podDirectory(services.dataDir, uid);
  const objects = podObjects(services.client, namespace);
  const { node, dataDir } = services;
  const volumes = await prepareVolumes({ pod, objects, node, dataDir, directory, notices });
  return {
    ...input,
    ...services,
    pod,
    notices,
    directory,
    objects,
    volumes,
    logDirectory: logDirectory(dataDir, namespace, name),
    taps: collectorTaps(pod),
    reportAddress: reportAddress(pod, services),
    peers: peerNames(pod, services.isService),
    portFor,
  };
}

function reportAddress(pod: StoredPod, { reportUrl }: KubeletServices): string | null {
  const uid = trialUid(pod);
  return uid === undefined ? null : (reportUrl?.(uid) ?? null);
}

function tellWhatIsIgnored(pod: StoredPod, services: KubeletServices, notices: Notices): void {
  const ignored = ignoredFields(pod).join(', ');
  if (ignored !== '')
    notices.infoOnce('fields that mean nothing on one computer are ignored', { fields: ignored });
  const unsupported = unsupportedFields(pod).join(', ');
  if (unsupported !== '') {
    const message = `Processes here cannot have what these fields ask for, and run without: ${unsupported}.`;
    notices.once(unsupported, 'LOCAL_FIELD_UNSUPPORTED', message);
  }
  const excessive = excessiveRequests(pod, services.node).join('; ');
  if (excessive !== '')
    notices.once(excessive, 'LOCAL_RESOURCES', `${excessive}. The pod runs all the same.`);
  for (const image of unmappedImages(pod, services)) {
    const message = `Image ${image} is not used: the command runs with the files and programs of this computer.`;
    notices.once(image, 'LOCAL_IMAGE_IGNORED', message);
  }
}

function unmappedImages(pod: StoredPod, { imageMap }: KubeletServices): Set<string> {
  const containers = [...(pod.spec.initContainers ?? []), ...pod.spec.containers];
  const images = containers
    .filter((container) => !isCollector(container))
    .flatMap(({ image }) => image ?? []);
  return new Set(images.filter((image) => imageMap.find(image) === undefined));
}
