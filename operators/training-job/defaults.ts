import { readPodTemplate, type PodTemplate } from '../pod-template.ts';
import type { PolicyDocument, ReplicaDocument, ReplicaDocuments } from './spec-schema.ts';
import {
  canonicalTypeOf,
  CLEAN_POD_POLICIES,
  REPLICA_RESTART_POLICIES,
  type CleanPodPolicy,
  type ReplicaGroup,
  type ReplicaRestartPolicy,
  type TrainingJobSpec,
} from './types.ts';

/** What one kind of job fills in for its replicas. */
export interface ReplicaDefaults {
  readonly restartPolicy: ReplicaRestartPolicy;
  /** Name of the container that trains. */
  readonly container: string;
  /** The port at which peers reach the replica. */
  readonly port: { readonly name: string; readonly containerPort: number };
}

/** The groups of valid documents, in the order of `types`. */
export function replicaGroups<T extends string>(
  documents: ReplicaDocuments,
  types: readonly T[],
  defaults: ReplicaDefaults,
): ReplicaGroup<T>[] {
  return types.flatMap((type) => {
    const entry = Object.entries(documents).find(([key]) => canonicalTypeOf(types, key) === type);
    return entry ? [replicaGroup(type, entry[1], defaults)] : [];
  });
}

type Policies = Pick<
  TrainingJobSpec,
  'cleanPodPolicy' | 'ttlSecondsAfterFinished' | 'activeDeadlineSeconds' | 'backoffLimit' | 'suspend'
>;

export function policiesOf(document: PolicyDocument, defaultCleanPodPolicy: CleanPodPolicy): Policies {
  return {
    cleanPodPolicy: oneOf(CLEAN_POD_POLICIES, document.cleanPodPolicy) ?? defaultCleanPodPolicy,
    ttlSecondsAfterFinished: document.ttlSecondsAfterFinished ?? null,
    activeDeadlineSeconds: document.activeDeadlineSeconds ?? null,
    backoffLimit: document.backoffLimit ?? null,
    suspend: document.suspend ?? false,
  };
}

function replicaGroup<T extends string>(
  type: T,
  document: ReplicaDocument,
  defaults: ReplicaDefaults,
): ReplicaGroup<T> {
  return {
    type,
    replicas: document.replicas ?? 1,
    restartPolicy: oneOf(REPLICA_RESTART_POLICIES, document.restartPolicy) ?? defaults.restartPolicy,
    template: withPort(readPodTemplate(document.template), defaults),
  };
}

/** The template with the port that peers reach the replica at, found by its name and never by its number. */
function withPort(template: PodTemplate, { container: training, port }: ReplicaDefaults): PodTemplate {
  const containers = template.spec.containers.map((container) => {
    const ports = container.ports ?? [];
    if (container.name !== training || ports.some(({ name }) => name === port.name)) return container;
    return { ...container, ports: [...ports, port] };
  });
  return { ...template, spec: { ...template.spec, containers } };
}

function oneOf<const T extends string>(values: readonly T[], text: string | null | undefined): T | undefined {
  return values.find((value) => value === text);
}
