import type { KubeObject } from '../../../core/kubernetes-object.ts';
import { AGE, type Column, fieldColumn, listAt, NAME, numberAt, sizeAt, textAt } from './column.ts';

/** As `kubectl get pods` shows them. */
export const POD_COLUMNS: readonly Column[] = [
  NAME,
  { name: 'Ready', type: 'string', cell: (pod) => `${readyCount(pod)}/${sizeAt(pod, 'spec', 'containers')}` },
  { name: 'Status', type: 'string', cell: podStatus },
  { name: 'Restarts', type: 'string', cell: (pod) => String(restarts(pod)) },
  AGE,
  { ...fieldColumn('IP', 'status', 'podIP'), priority: 1 },
  { ...fieldColumn('Node', 'spec', 'nodeName'), priority: 1 },
];

function statuses(pod: KubeObject): readonly unknown[] {
  return listAt(pod, 'status', 'containerStatuses');
}

function readyCount(pod: KubeObject): number {
  return statuses(pod).filter((status) => textAt(status, 'ready') === 'true').length;
}

function restarts(pod: KubeObject): number {
  return statuses(pod).reduce<number>((sum, status) => sum + numberAt(status, 'restartCount'), 0);
}

/** The most telling word: that it is going, what a container waits for or ended by, the phase. */
function podStatus(pod: KubeObject): string {
  if (pod.metadata.deletionTimestamp != null) return 'Terminating';
  const phase = textAt(pod, 'status', 'phase');
  const reasons = statuses(pod).map(
    (status) =>
      textAt(status, 'state', 'waiting', 'reason') || textAt(status, 'state', 'terminated', 'reason'),
  );
  return textAt(pod, 'status', 'reason') || reasons.find((reason) => reason !== '') || phase;
}
