import { readPodTemplate, type PodTemplate } from '../pod-template.ts';
import type { ReplicaDocument, TfJobDocument } from './spec-schema.ts';
import {
  canonicalType,
  CLEAN_POD_POLICIES,
  REPLICA_RESTART_POLICIES,
  REPLICA_TYPES,
  TF_CONTAINER,
  TF_PORT,
  TF_PORT_NAME,
  type ReplicaGroup,
  type TfJobSpec,
} from './types.ts';
import { isV1beta2, versionRules } from './version-rules.ts';

/** Fills a valid document's defaults in. They are never written back to the stored job. */
export function withTfJobDefaults(document: TfJobDocument, apiVersion: string): TfJobSpec {
  const { policies } = document;
  const defaultCleanPodPolicy = isV1beta2(apiVersion) ? 'Running' : 'None';
  return {
    groups: replicaGroups(document.replicaSpecs),
    cleanPodPolicy: oneOf(CLEAN_POD_POLICIES, policies.cleanPodPolicy) ?? defaultCleanPodPolicy,
    ttlSecondsAfterFinished: policies.ttlSecondsAfterFinished ?? null,
    activeDeadlineSeconds: policies.activeDeadlineSeconds ?? null,
    backoffLimit: policies.backoffLimit ?? null,
    suspend: policies.suspend ?? false,
    needsAllWorkers: document.successPolicy === 'AllWorkers',
    dynamicWorkers: document.enableDynamicWorker,
    rules: versionRules(apiVersion),
  };
}

function replicaGroups(specs: TfJobDocument['replicaSpecs']): ReplicaGroup[] {
  return REPLICA_TYPES.flatMap((type) => {
    const entry = Object.entries(specs).find(([key]) => canonicalType(key) === type);
    return entry ? [replicaGroup(type, entry[1])] : [];
  });
}

function replicaGroup(type: ReplicaGroup['type'], document: ReplicaDocument): ReplicaGroup {
  return {
    type,
    replicas: document.replicas ?? 1,
    restartPolicy: oneOf(REPLICA_RESTART_POLICIES, document.restartPolicy) ?? 'Never',
    template: withTfPort(readPodTemplate(document.template)),
  };
}

/** The template with the port that peers reach the replica at, found by its name and never by its number. */
function withTfPort(template: PodTemplate): PodTemplate {
  const containers = template.spec.containers.map((container) => {
    const ports = container.ports ?? [];
    if (container.name !== TF_CONTAINER || ports.some(({ name }) => name === TF_PORT_NAME)) return container;
    return { ...container, ports: [...ports, { name: TF_PORT_NAME, containerPort: TF_PORT }] };
  });
  return { ...template, spec: { ...template.spec, containers } };
}

function oneOf<const T extends string>(values: readonly T[], text: string | null | undefined): T | undefined {
  return values.find((value) => value === text);
}
