import { controllerReference } from '../../core/kubernetes-object.ts';
import {
  JOB_NAME_LABEL,
  JOB_ROLE_LABEL,
  OPERATOR_NAME_LABEL,
  REPLICA_INDEX_LABEL,
  REPLICA_TYPE_LABEL,
} from '../../core/labels.ts';
import type { Container, Pod, PodRestartPolicy } from '../../core/pod.ts';
import { podOf } from '../pod-template.ts';
import { podAnnotations, type Recreations } from './recreations.ts';
import {
  replicaName,
  type ReplicaGroup,
  type ReplicaRestartPolicy,
  type ReplicaService,
  type StoredTrainingJob,
} from './types.ts';

/** The place of a replica in its job. */
export interface ReplicaPlace {
  readonly job: StoredTrainingJob;
  readonly operatorName: string;
  readonly group: ReplicaGroup;
  readonly index: number;
}

/** What a kind of job makes of its pod template. */
export interface PodParts {
  readonly recreations: Recreations;
  /** Its logs and metrics stand for the job. */
  readonly isMaster: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly containers: Container[];
  readonly initContainers: Container[];
}

/** The pod of one replica. */
export function podOfReplica(place: ReplicaPlace, parts: PodParts): Pod {
  const { job, group, index } = place;
  const { template, type } = group;
  const { containers, initContainers } = parts;
  return podOf(job, replicaName(job.metadata.name, type, index), template, {
    labels: {
      ...identityLabels(place),
      ...(parts.isMaster && { [JOB_ROLE_LABEL]: 'master' }),
      ...parts.labels,
    },
    annotations: podAnnotations(parts.recreations, type, index),
    spec: {
      ...template.spec,
      restartPolicy: podRestartPolicy(group.restartPolicy),
      containers,
      ...(initContainers.length > 0 && { initContainers }),
    },
  });
}

/** The headless service that gives one replica its address. */
export function serviceOfReplica(place: ReplicaPlace, trainingContainer: string): ReplicaService {
  const { job, group, index } = place;
  const { name, namespace } = job.metadata;
  const labels = identityLabels(place);
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: replicaName(name, group.type, index),
      ...(namespace !== undefined && { namespace }),
      labels,
      ownerReferences: [controllerReference(job)],
    },
    spec: { clusterIP: 'None', selector: labels, ports: servicePorts(group, trainingContainer) },
  };
}

/** The number of the port with this name in the training container, or undefined. */
export function portOf({ template }: ReplicaGroup, container: string, portName: string): number | undefined {
  const found = template.spec.containers.find(({ name }) => name === container);
  return found?.ports?.find(({ name }) => name === portName)?.containerPort;
}

function identityLabels({ job, operatorName, group, index }: ReplicaPlace): Record<string, string> {
  return {
    [OPERATOR_NAME_LABEL]: operatorName,
    [JOB_NAME_LABEL]: job.metadata.name,
    [REPLICA_TYPE_LABEL]: group.type.toLowerCase(),
    [REPLICA_INDEX_LABEL]: String(index),
  };
}

/** Under ExitCode the operator decides about another attempt, so the kubelet must not. */
function podRestartPolicy(policy: ReplicaRestartPolicy): PodRestartPolicy {
  return policy === 'ExitCode' ? 'Never' : policy;
}

/** Every port of the training container, once per number and each with a name, as the API demands it. */
function servicePorts(
  { template }: ReplicaGroup,
  trainingContainer: string,
): { name: string; port: number }[] {
  const container = template.spec.containers.find(({ name }) => name === trainingContainer);
  const byNumber = new Map<number, string>();
  for (const { containerPort, name } of container?.ports ?? []) {
    if (!byNumber.has(containerPort)) byNumber.set(containerPort, name ?? `port-${containerPort}`);
  }
  return [...byNumber].map(([port, name]) => ({ name, port }));
}
