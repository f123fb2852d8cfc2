import { METRICS_PORT_VARIABLE } from '../../core/labels.ts';
import { isOfPod, portOf } from '../../core/metrics-address.ts';
import type { Container } from '../../core/pod.ts';

/**
 * Tells containers the port on which the collector looks for metrics. A training that listens on the port of this
 * variable can run beside others on one computer, where the process kubelet gives each pod a port of its own. It comes
 * first, so that other variables may refer to it.
 */
export function tellMetricsPort(containers: readonly Container[], address: URL): void {
  if (!isOfPod(address)) return;
  const variable = { name: METRICS_PORT_VARIABLE, value: portOf(address) };
  for (const container of containers) {
    const others = container.env?.filter(({ name }) => name !== METRICS_PORT_VARIABLE) ?? [];
    container.env = [variable, ...others];
  }
}
