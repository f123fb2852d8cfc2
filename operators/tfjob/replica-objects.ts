import type { Container, Pod } from '../../core/pod.ts';
import type { Recreations } from '../training-job/recreations.ts';
import { podOfReplica, serviceOfReplica } from '../training-job/replica-objects.ts';
import type { ReplicaService } from '../training-job/types.ts';
import { tfConfig } from './tf-config.ts';
import {
  chiefGroup,
  isChief,
  TF_CONTAINER,
  type ReplicaGroup,
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
  return podOfReplica(
    { job, operatorName: OPERATOR_NAME, group, index },
    {
      recreations,
      isMaster,
      labels: spec.rules.oldLabels ? oldLabels(job.metadata.name, type, index, isMaster) : {},
      containers: withTfConfig(context, group, index),
      initContainers: template.spec.initContainers ?? [],
    },
  );
}

/** The headless service that gives one replica its address. */
export function replicaService({ job }: ReplicaContext, group: ReplicaGroup, index: number): ReplicaService {
  return serviceOfReplica({ job, operatorName: OPERATOR_NAME, group, index }, TF_CONTAINER);
}

/** Whose logs stand for the job: the chief's, or without one the first worker's. */
function isMasterReplica({ groups }: TfJobSpec, type: ReplicaType, index: number): boolean {
  return chiefGroup(groups) ? isChief(type) : type === 'Worker' && index === 0;
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
