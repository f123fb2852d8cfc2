import { METRICS_PORT_VARIABLE } from '../../core/labels.ts';
import { isOfPod, portOf } from '../../core/metrics-address.ts';
import type { Container, StoredPod } from '../../core/pod.ts';
import type { MetricsAddress } from '../../metrics-collector/sidecar-host.ts';
import { listensOn } from './listening-sockets.ts';
import { processMarkers } from './process-markers.ts';

/** A port of this computer for a port of a pod, found on first mention. */
export type PortFor = (service: string, port: number) => Promise<number>;

/**
 * The pod with the port on which its containers are to serve metrics: all pods of a cluster may listen on 8080, on one
 * computer each needs a port of its own.
 */
export async function withMetricsPorts(pod: StoredPod, portFor: PortFor): Promise<StoredPod> {
  const containers = await Promise.all(
    pod.spec.containers.map((container) => withMetricsPort(container, pod, portFor)),
  );
  return { ...pod, spec: { ...pod.spec, containers } };
}

async function withMetricsPort(
  container: Container,
  { metadata }: StoredPod,
  portFor: PortFor,
): Promise<Container> {
  const wanted = container.env?.find(({ name }) => name === METRICS_PORT_VARIABLE)?.value ?? '';
  if (container.env === undefined || !/^\d+$/.test(wanted)) return container;
  const value = String(await portFor(metadata.name, Number(wanted)));
  const env = container.env.map((entry) =>
    entry.name === METRICS_PORT_VARIABLE ? { ...entry, value } : entry,
  );
  return { ...container, env };
}

/**
 * Where the address of a pod is found here: on the port that its containers were told, else on the very port where a
 * process of this pod listens on it. Whoever else listens there must not be taken for the training.
 */
export async function* metricsAddresses(
  address: URL,
  { pod, portFor, dataDir }: { pod: StoredPod; portFor: PortFor; dataDir: string },
): AsyncGenerator<MetricsAddress, void> {
  if (!isOfPod(address)) {
    yield { address };
    return;
  }
  const port = Number(portOf(address));
  const told = new URL(address);
  told.port = String(await portFor(pod.metadata.name, port));
  yield { address: told };
  const listener = listensOn(port, processMarkers(dataDir, pod.metadata.uid));
  yield { address, ...(listener !== 'these' && { refusal: REFUSALS[listener] }) };
}

const REFUSALS = {
  others: 'another program listens there',
  nobody: 'no process of the trial listens there',
} as const;
