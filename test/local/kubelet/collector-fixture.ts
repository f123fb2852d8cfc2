import { COLLECTOR_CONTAINER } from '../../../core/labels.ts';
import type { Container } from '../../../core/pod.ts';
import {
  COLLECTOR_IMAGE,
  formatSidecarArguments,
  type SidecarArguments,
} from '../../../metrics-collector/sidecar-arguments.ts';

/** The collector as a trial's pods carry it: reads `loss` from the output of a container. */
export function collectorContainer(container: string, rest: Partial<SidecarArguments> = {}): Container {
  const args = formatSidecarArguments({
    trialName: 'trial-0',
    trialUid: 'trial-uid',
    kind: 'StdOut',
    metrics: ['loss'],
    container,
    path: null,
    format: 'TEXT',
    filters: [],
    primaryPodLabels: [],
    ...rest,
  });
  return { name: COLLECTOR_CONTAINER, image: COLLECTOR_IMAGE, args, restartPolicy: 'Always' };
}
