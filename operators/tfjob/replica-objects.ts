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
import { tfConfig } from './tf-config.ts';
import {
  chiefGroup,
  isChief,
  replicaName,
  TF_CONTAINER,
  type ReplicaGroup,
  type ReplicaRestartPolicy,
  type ReplicaService,
  type ReplicaType,
  type StoredTfJob,
  type TfJobSpec,
} from './types.ts';

export const OPERATOR_NAME = 'tfjob-controller';

/** What the objects of all replicas are made from. */
export interface ReplicaContext {
  readonly job: StoredTfJob;
  readonly spec: TfJobSpec;
  readonly recreations: Recreations;
  readonly clusterDomain: string | undefined;
}

/** The pod of one replica. */
export function replicaPod(context: ReplicaContext, group: ReplicaGroup, index: number): Pod {
  const { job, spec, recreations } = context;
  const { template, type } = group;
  const isMaster = isMasterReplica(spec, type, index);
  const labels = {
    ...identityLabels(job.metadata.name, type, index),
    ...(isMaster && { [JOB_ROLE_LABEL]: 'master' }),
    ...(spec.rules.oldLabels && oldLabels(job.metadata.name, type, index, isMaster)),
  };
  return podOf(job, replicaName(job.metadata.name, type, index), template, {
    labels,
    annotations: podAnnotations(recreations, type, index),
    spec: {
      ...template.spec,
      restartPolicy: podRestartPolicy(group.restartPolicy),
      containers: withTfConfig(context, group, index),
    },
  });
}

/** The headless service that gives one replica its address. */
export function replicaService({ job }: ReplicaContext, group: ReplicaGroup, index: number): ReplicaService {
  const { name, namespace } = job.metadata;
  const labels = identityLabels(name, group.type, index);
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: replicaName(name, group.type, index),
      ...(namespace !== undefined && { namespace }),
      labels,
      ownerReferences: [controllerReference(job)],
    },
    spec: { clusterIP: 'None', selector: labels, ports: servicePorts(group) },
  };
}

/** Whose logs stand for the job: the chief's, or without one the first worker's. */
function isMasterReplica({ groups }: TfJobSpec, type: ReplicaType, index: number): boolean {
  return chiefGroup(groups) ? isChief(type) : type === 'Worker' && index === 0;
}

function identityLabels(job: string, type: ReplicaType, index: number): Record<string, string> {
  return {
    [OPERATOR_NAME_LABEL]: OPERATOR_NAME,
    [JOB_NAME_LABEL]: job,
    [REPLICA_TYPE_LABEL]: type.toLowerCase(),
    [REPLICA_INDEX_LABEL]: String(index),
  };
}

/** Labels of tf-operator 0.5, by which those who still write its TFJobs find their pods. */
function oldLabels(job: string, type: ReplicaType, index: number, isMaster: boolean): Record<string, string> {
  return {
    'group-name': 'kubeflow.org',
    'tf-job-name': job,
    'tf-replica-type': type.toLowerCase(),
    'tf-replica-index': String(index),
    ...(isMaster && { 'tf-job-role': 'master' }),
  };
}

/** Under ExitCode the operator decides about another attempt, so the kubelet must not. */
function podRestartPolicy(policy: ReplicaRestartPolicy): PodRestartPolicy {
  return policy === 'ExitCode' ? 'Never' : policy;
}

/** Later entries of `env` win: a TF_CONFIG of the template's author stays visible, but the operator's counts. */
function withTfConfig(context: ReplicaContext, group: ReplicaGroup, index: number): Container[] {
  const { job, spec, clusterDomain } = context;
  const { name, namespace = '' } = job.metadata;
  const { containers } = group.template.spec;
  const value = tfConfig({ job: name, namespace, spec, domain: clusterDomain }, group.type, index);
  if (value === null) return containers;
  return containers.map((container) =>
    spec.rules.tfConfigEverywhere || container.name === TF_CONTAINER
      ? { ...container, env: [...(container.env ?? []), { name: 'TF_CONFIG', value }] }
      : container,
  );
}

/** Every port of the training container, once per number and each with a name, as the API demands it. */
function servicePorts({ template }: ReplicaGroup): { name: string; port: number }[] {
  const container = template.spec.containers.find(({ name }) => name === TF_CONTAINER);
  const byNumber = new Map<number, string>();
  for (const { containerPort, name } of container?.ports ?? []) {
    if (!byNumber.has(containerPort)) byNumber.set(containerPort, name ?? `port-${containerPort}`);
  }
  return [...byNumber].map(([port, name]) => ({ name, port }));
}
