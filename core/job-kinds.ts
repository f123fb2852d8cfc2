import { isJsonObject, valueAt } from './json.ts';
import { JOB_ROLE_LABEL, REPLICA_TYPE_LABEL } from './labels.ts';
import type { PodTemplateSpec } from './pod.ts';

/** A pod template inside a job's manifest. */
export interface JobPodTemplate {
  path: (string | number)[];
  /** `Worker`, `Chief` …, as the manifest spells it; null where the kind has a single template. */
  replicaType: string | null;
  template: PodTemplateSpec;
}

/** What a trial needs to know about a kind of job. */
export interface JobKind {
  kind: string;
  /** GJSON expressions used where the experiment gives none; null where it must give one. */
  successCondition: string | null;
  failureCondition: string | null;
  /** Labels of the pods whose metrics count; empty means every pod. */
  primaryPodLabels: Record<string, string>;
  /** Where pod templates stand, for messages; null for kinds whose pods are made from something else. */
  podTemplateField: string | null;
  /** The pod templates in the manifest. */
  podTemplates(manifest: Record<string, unknown>): JobPodTemplate[];
  /** Where a job may name the controller that looks after it, and how the usual one is called; null for kinds that cannot. */
  manager: { path: readonly string[]; usual: string } | null;
  /** Replica types whose pods carry `job-role: master`: those of the first group that the manifest has any of. */
  masterReplicaTypes: readonly (readonly string[])[];
}

/** Katib's default: the condition of that type stands at True. */
function conditionIsTrue(type: string): string {
  return `status.conditions.#(type=="${type}")#|#(status=="True")#`;
}

function singleTemplate(manifest: Record<string, unknown>): JobPodTemplate[] {
  const path = ['spec', 'template'];
  const template = valueAt(manifest, path);
  return isJsonObject(template) ? [{ path, replicaType: null, template: template }] : [];
}

function replicaTemplates(field: string): JobKind['podTemplates'] {
  return (manifest) => {
    const replicas = valueAt(manifest, ['spec', field]);
    if (!isJsonObject(replicas)) return [];
    return Object.keys(replicas).flatMap((replicaType) => {
      const path = ['spec', field, replicaType, 'template'];
      const template = valueAt(manifest, path);
      return isJsonObject(template) ? [{ path, replicaType, template: template }] : [];
    });
  };
}

function trainingJob(kind: string, field: string, masterReplicaTypes: readonly string[][]): JobKind {
  return {
    kind,
    successCondition: conditionIsTrue('Succeeded'),
    failureCondition: conditionIsTrue('Failed'),
    primaryPodLabels: { [JOB_ROLE_LABEL]: 'master' },
    podTemplateField: `spec.${field}.<type>.template`,
    podTemplates: replicaTemplates(field),
    manager: { path: ['spec', 'runPolicy', 'managedBy'], usual: 'kubeflow.org/training-operator' },
    masterReplicaTypes,
  };
}

const BATCH_JOB: JobKind = {
  kind: 'Job',
  successCondition: conditionIsTrue('Complete'),
  failureCondition: conditionIsTrue('Failed'),
  primaryPodLabels: {},
  podTemplateField: 'spec.template',
  podTemplates: singleTemplate,
  manager: { path: ['spec', 'managedBy'], usual: 'kubernetes.io/job-controller' },
  masterReplicaTypes: [],
};

const TRAIN_JOB: JobKind = {
  kind: 'TrainJob',
  successCondition: conditionIsTrue('Complete'),
  failureCondition: conditionIsTrue('Failed'),
  primaryPodLabels: {
    'jobset.sigs.k8s.io/replicatedjob-name': 'node',
    'batch.kubernetes.io/job-completion-index': '0',
  },
  podTemplateField: null,
  podTemplates: () => [],
  manager: { path: ['spec', 'managedBy'], usual: 'trainer.kubeflow.org/trainjob-controller' },
  masterReplicaTypes: [],
};

/** Pods come from templates of their own language, and only the author knows what success is. */
function workflow(kind: string): JobKind {
  return {
    kind,
    successCondition: null,
    failureCondition: null,
    primaryPodLabels: {},
    podTemplateField: null,
    podTemplates: () => [],
    manager: null,
    masterReplicaTypes: [],
  };
}

const JOB_KINDS: ReadonlyMap<string, JobKind> = new Map(
  [
    BATCH_JOB,
    // Without a Chief or Master the first worker is the master.
    trainingJob('TFJob', 'tfReplicaSpecs', [['chief', 'master'], ['worker']]),
    trainingJob('PyTorchJob', 'pytorchReplicaSpecs', [['master']]),
    trainingJob('XGBoostJob', 'xgbReplicaSpecs', [['master']]),
    trainingJob('MPIJob', 'mpiReplicaSpecs', [['launcher']]),
    TRAIN_JOB,
    workflow('Workflow'),
    workflow('PipelineRun'),
  ].map((jobKind) => [jobKind.kind, jobKind]),
);

/** What is known about a kind, whatever its apiVersion (Katib's rule), or undefined for a kind unheard of. */
export function jobKind(kind: string): JobKind | undefined {
  return JOB_KINDS.get(kind);
}

export function knownJobKinds(): readonly string[] {
  return [...JOB_KINDS.keys()];
}

/** A controller that a job names as its manager. */
export interface ForeignManager {
  /** Where in the manifest it is named. */
  path: readonly string[];
  name: string;
  /** What the field says, or is taken to say, where the usual controller is meant. */
  usual: string;
}

/** The manager that a job names, where that is not its kind's usual one: the usual one leaves the job alone then. */
export function foreignManager(manifest: { kind?: unknown }): ForeignManager | undefined {
  const manager = typeof manifest.kind === 'string' ? jobKind(manifest.kind)?.manager : undefined;
  if (!manager) return undefined;
  const name = valueAt(manifest, manager.path);
  return name == null || name === manager.usual ? undefined : { ...manager, name: textOf(name) };
}

/**
 * The pod templates whose pods may carry all the labels: those that the metrics can come from. A label that an
 * operator adds and that says nothing about the replica type (an index, for example) excludes no template.
 */
export function primaryPodTemplates(
  kind: JobKind,
  manifest: Record<string, unknown>,
  primaryPodLabels: Readonly<Record<string, string>>,
): JobPodTemplate[] {
  const templates = kind.podTemplates(manifest);
  return templates.filter((candidate) =>
    Object.entries(primaryPodLabels).every(([label, value]) => {
      const replicaType = candidate.replicaType?.toLowerCase() ?? '';
      if (label === REPLICA_TYPE_LABEL) return replicaType === value.toLowerCase();
      if (label === JOB_ROLE_LABEL) return masterTypes(kind, templates).includes(replicaType);
      const written = templates.filter((other) => podLabel(other, label) !== undefined);
      return written.length === 0 || podLabel(candidate, label) === value;
    }),
  );
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function masterTypes(kind: JobKind, templates: readonly JobPodTemplate[]): readonly string[] {
  const present = new Set(templates.map((template) => template.replicaType?.toLowerCase()));
  return kind.masterReplicaTypes.find((group) => group.some((type) => present.has(type))) ?? [];
}

function podLabel(template: JobPodTemplate, label: string): unknown {
  return valueAt(template.template, ['metadata', 'labels', label]);
}
