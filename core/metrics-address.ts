import { KatydidError } from './errors.ts';
import type { MetricsCollectorSpec } from './experiment.ts';
import type { Container } from './pod.ts';

/** Katib's defaults of `source.httpGet`. */
export const DEFAULT_METRICS_PATH = '/metrics';
export const DEFAULT_METRICS_PORT = 8080;

const LOOPBACK = '127.0.0.1';

/**
 * Where a training serves its metrics, as seen from its own pod. A port that is a name is one of the container's.
 * KatydidError METRICS_COLLECTOR_UNSUPPORTED where it has none of that name.
 */
export function metricsAddress({ source }: MetricsCollectorSpec, { name, ports }: Container): URL {
  const { path, port = DEFAULT_METRICS_PORT, host = LOOPBACK, scheme = 'http' } = source?.httpGet ?? {};
  const number = portNumber(port) ?? ports?.find((candidate) => candidate.name === port)?.containerPort;
  if (number === undefined) {
    throw new KatydidError(
      'METRICS_COLLECTOR_UNSUPPORTED',
      `Metrics are read from port "${port}", but container "${name}" has no port of that name.`,
      {
        remedy:
          'Write the number of the port in source.httpGet.port, or name it in the ports of the container.',
      },
    );
  }
  const url = `${scheme.toLowerCase()}://${bracketed(host)}:${number}${path ?? DEFAULT_METRICS_PATH}`;
  if (/^https?:/.test(url) && URL.canParse(url)) return new URL(url);
  throw new KatydidError('METRICS_COLLECTOR_UNSUPPORTED', `Metrics cannot be read from "${url}".`, {
    remedy: 'Correct scheme, host, port and path in source.httpGet.',
  });
}

/** Whether a text is a name or an address, without a port. */
export function isHost(text: string): boolean {
  const isPlain = /^(?:[A-Za-z0-9._-]+|\[?[0-9a-fA-F:.]+\]?)$/.test(text);
  return isPlain && URL.canParse(`http://${bracketed(text)}:1/`);
}

/** An address of IPv6 as it stands in a URL. */
function bracketed(host: string): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
}

/** The number of a port that is not a name; null for a name. */
export function portNumber(port: string | number): number | null {
  if (typeof port === 'number') return port;
  return /^\d+$/.test(port) ? Number(port) : null;
}

/** Whether the address is one of the pod itself, whatever its port is. */
export function isOfPod({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
}

/** Also where a URL leaves it out as the usual one. */
export function portOf({ port, protocol }: URL): string {
  if (port !== '') return port;
  return protocol === 'https:' ? '443' : '80';
}
