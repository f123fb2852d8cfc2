import type { MetricsCollectorSpec } from './experiment.ts';
import { COLLECTOR_CONTAINER } from './labels.ts';

/** The name of the collector's container, where its author did not take that name for one of kind Custom. */
export function collectorContainer(spec: MetricsCollectorSpec | undefined): string {
  return customCollectorName(spec) === COLLECTOR_CONTAINER
    ? `${COLLECTOR_CONTAINER}-output`
    : COLLECTOR_CONTAINER;
}

/** The name of the container that the experiment brings to collect metrics; null where it brings none. */
export function customCollectorName(spec: MetricsCollectorSpec | undefined): string | null {
  if (spec?.collector?.kind !== 'Custom') return null;
  const name = spec.collector.customCollector?.['name'];
  return typeof name === 'string' ? name : null;
}

/** Whether a container collects metrics: how it ends says nothing about the training. */
export function isCollectorContainer(name: string, spec: MetricsCollectorSpec | undefined): boolean {
  return name === collectorContainer(spec) || name === customCollectorName(spec);
}
