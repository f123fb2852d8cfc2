import type { KubeObject } from '../../../core/kubernetes-object.ts';
import { parseTime } from '../../../core/time.ts';
import {
  CONFIG_MAPS,
  CUSTOM_RESOURCE_DEFINITIONS,
  EVENTS,
  JOBS,
  LEASES,
  NAMESPACES,
  PERSISTENT_VOLUME_CLAIMS,
  PODS,
  type ResourceType,
  SECRETS,
  SERVICES,
} from '../../../kube/resource.ts';
import { AGE, type Column, fieldColumn, listAt, NAME, numberAt, since, sizeAt, textAt } from './column.ts';
import { humanDuration } from './human-duration.ts';
import { POD_COLUMNS } from './pod-columns.ts';

const DATA: Column = { name: 'Data', type: 'integer', cell: dataSize };

/** The columns of the kinds that no CustomResourceDefinition describes, as kubectl's users know them. */
const COLUMNS = new Map<ResourceType, readonly Column[]>([
  [PODS, POD_COLUMNS],
  [
    JOBS,
    [
      NAME,
      { name: 'Status', type: 'string', cell: jobStatus },
      { name: 'Completions', type: 'string', cell: completions },
      { name: 'Duration', type: 'string', cell: jobDuration },
      AGE,
    ],
  ],
  [
    SERVICES,
    [
      NAME,
      { name: 'Type', type: 'string', cell: (service) => textAt(service, 'spec', 'type') || 'ClusterIP' },
      fieldColumn('Cluster-IP', 'spec', 'clusterIP'),
      { name: 'External-IP', type: 'string', cell: () => '<none>' },
      { name: 'Port(s)', type: 'string', cell: servicePorts },
      AGE,
    ],
  ],
  [CONFIG_MAPS, [NAME, DATA, AGE]],
  [
    SECRETS,
    [NAME, { name: 'Type', type: 'string', cell: (secret) => textAt(secret, 'type') || 'Opaque' }, DATA, AGE],
  ],
  [
    EVENTS,
    [
      {
        name: 'Last Seen',
        type: 'string',
        cell: (event, nowMs) => since(textAt(event, 'lastTimestamp'), nowMs),
      },
      fieldColumn('Type', 'type'),
      fieldColumn('Reason', 'reason'),
      { name: 'Object', type: 'string', cell: involvedObject },
      fieldColumn('Message', 'message'),
    ],
  ],
  [NAMESPACES, [NAME, fieldColumn('Status', 'status', 'phase'), AGE]],
  [
    PERSISTENT_VOLUME_CLAIMS,
    [
      NAME,
      fieldColumn('Status', 'status', 'phase'),
      fieldColumn('Volume', 'spec', 'volumeName'),
      fieldColumn('Capacity', 'spec', 'resources', 'requests', 'storage'),
      {
        name: 'Access Modes',
        type: 'string',
        cell: (claim) => listAt(claim, 'spec', 'accessModes').join(','),
      },
      fieldColumn('StorageClass', 'spec', 'storageClassName'),
      AGE,
    ],
  ],
  [LEASES, [NAME, fieldColumn('Holder', 'spec', 'holderIdentity'), AGE]],
  [CUSTOM_RESOURCE_DEFINITIONS, [NAME, fieldColumn('Created At', 'metadata', 'creationTimestamp')]],
]);

/** The columns of a kind; name and age where nothing better is known. */
export function kindColumns(resource: ResourceType): readonly Column[] {
  return COLUMNS.get(resource) ?? [NAME, AGE];
}

function dataSize(object: KubeObject): number {
  return sizeAt(object, 'data') + sizeAt(object, 'binaryData');
}

function jobStatus(job: KubeObject): string {
  if (job.metadata.deletionTimestamp != null) return 'Terminating';
  const isTrue = (type: string): boolean =>
    listAt(job, 'status', 'conditions').some(
      (condition) => textAt(condition, 'type') === type && textAt(condition, 'status') === 'True',
    );
  return ['Complete', 'Failed', 'Suspended'].find(isTrue) ?? 'Running';
}

function completions(job: KubeObject): string {
  const wanted = textAt(job, 'spec', 'completions') || '1';
  return `${numberAt(job, 'status', 'succeeded')}/${wanted}`;
}

function jobDuration(job: KubeObject, nowMs: number): string {
  const startMs = parseTime(textAt(job, 'status', 'startTime'));
  const endMs = parseTime(textAt(job, 'status', 'completionTime'));
  return Number.isNaN(startMs) ? '' : humanDuration((Number.isNaN(endMs) ? nowMs : endMs) - startMs);
}

function servicePorts(service: KubeObject): string {
  const ports = listAt(service, 'spec', 'ports').map(
    (port) => `${textAt(port, 'port')}/${textAt(port, 'protocol') || 'TCP'}`,
  );
  return ports.join(',') || '<none>';
}

function involvedObject(event: KubeObject): string {
  return `${textAt(event, 'involvedObject', 'kind').toLowerCase()}/${textAt(event, 'involvedObject', 'name')}`;
}
