import { parentTrial } from '../../core/checkpoints.ts';
import { jobKind, primaryPodTemplates, type JobKind, type JobPodTemplate } from '../../core/job-kinds.ts';
import { isJsonObject } from '../../core/json.ts';
import { controllerReference, type KubeObject } from '../../core/kubernetes-object.ts';
import {
  PARENT_TRIAL_VARIABLE,
  TRIAL_LABEL,
  TRIAL_NAME_VARIABLE,
  TRIAL_UID_ANNOTATION,
} from '../../core/labels.ts';
import { metricsAddress } from '../../core/metrics-address.ts';
import type { Container, PodTemplateSpec } from '../../core/pod.ts';
import type { StoredTrial } from '../../core/trial.ts';
import { injectCheckpointDirectory } from './checkpoint-directory.ts';
import { injectCollector } from './collector-injection.ts';
import { JobRefusal } from './job-refusal.ts';
import { tellMetricsPort } from './metrics-port.ts';

/**
 * The job of a trial, ready to be created: owned by the trial, its pods marked as the trial's own, and the metrics
 * collector added to those that metrics may come from. JobRefusal where the trial
 * cannot be run this way. Never changes the trial.
 */
export function jobManifest(trial: StoredTrial): KubeObject {
  const manifest = structuredClone(trial.spec.runSpec);
  if (!manifest || typeof manifest.apiVersion !== 'string' || typeof manifest.kind !== 'string')
    throw new JobRefusal('TRIAL_SPEC_INCOMPLETE', `Trial ${trial.metadata.name} has no job in spec.runSpec.`);
  const { name, namespace } = trial.metadata;
  const metadata = {
    ...(isJsonObject(manifest.metadata) ? manifest.metadata : {}),
    name,
    ...(namespace !== undefined && { namespace }),
    ownerReferences: [controllerReference(trial)],
  };
  const kind = jobKind(manifest.kind);
  for (const { template } of kind?.podTemplates(manifest) ?? []) markTemplate(template, trial);
  if (kind) addCheckpointDirectories(trial, kind, manifest);
  addCollectors(trial, kind, manifest);
  return { ...manifest, apiVersion: manifest.apiVersion, kind: manifest.kind, metadata };
}

function markTemplate(template: PodTemplateSpec, trial: StoredTrial): void {
  const { metadata } = template;
  const { name, uid, labels } = trial.metadata;
  template.metadata = {
    ...metadata,
    labels: { ...metadata?.labels, ...labels, [TRIAL_LABEL]: name },
    annotations: { ...metadata?.annotations, [TRIAL_UID_ANNOTATION]: uid },
  };
  for (const container of [...containersOf(template), ...(template.spec?.initContainers ?? [])])
    container.terminationMessagePolicy ??= 'FallbackToLogsOnError';
  for (const container of containersOf(template))
    if (container.name === trial.spec.primaryContainerName) nameTrial(container, name, parentTrial(labels));
}

function containersOf(template: PodTemplateSpec): Container[] {
  const containers: unknown = template.spec?.containers;
  return Array.isArray(containers) ? (containers as Container[]) : [];
}

function nameTrial(container: Container, trialName: string, parent: string | undefined): void {
  const own = [
    { name: TRIAL_NAME_VARIABLE, value: trialName },
    ...(parent === undefined ? [] : [{ name: PARENT_TRIAL_VARIABLE, value: parent }]),
  ];
  const others = container.env?.filter(({ name }) => !own.some((variable) => variable.name === name)) ?? [];
  container.env = [...others, ...own];
}

function addCheckpointDirectories(
  trial: StoredTrial,
  kind: JobKind,
  manifest: Record<string, unknown>,
): void {
  for (const { template } of primaryPodTemplates(kind, manifest, trial.spec.primaryPodLabels ?? {}))
    for (const container of containersOf(template))
      if (template.spec && container.name === trial.spec.primaryContainerName)
        injectCheckpointDirectory(template.spec, container, trial);
}

function addCollectors(
  trial: StoredTrial,
  kind: JobKind | undefined,
  manifest: Record<string, unknown>,
): void {
  const collector = trial.spec.metricsCollector?.collector?.kind ?? 'StdOut';
  if (collector === 'Push' || collector === 'None') return;
  if (kind === undefined || kind.podTemplates(manifest).length === 0)
    throw new JobRefusal(
      'METRICS_COLLECTOR_UNSUPPORTED',
      `The ${collector} collector cannot be added to a ${String(manifest.kind)}.`,
    );
  const primary = primaryPodTemplates(kind, manifest, trial.spec.primaryPodLabels ?? {});
  const containers = primary.flatMap((template) => addCollector(template, trial) ?? []);
  const [container] = containers;
  if (container === undefined) throw noPrimaryContainer(trial, primary);
  if (collector !== 'PrometheusMetric') return;
  // Also those that are not read from run the same program, and would fight for one port.
  const all = kind.podTemplates(manifest).flatMap(({ template }) => containersOf(template));
  tellMetricsPort(all, metricsAddress(trial.spec.metricsCollector ?? {}, container));
}

/** The primary container, undefined where the template has none. */
function addCollector({ template }: JobPodTemplate, trial: StoredTrial): Container | undefined {
  const container = containersOf(template).find(({ name }) => name === trial.spec.primaryContainerName);
  if (!template.spec || !container) return undefined;
  injectCollector(template.spec, container, trial);
  return container;
}

function noPrimaryContainer(trial: StoredTrial, templates: readonly JobPodTemplate[]): JobRefusal {
  const names = templates.flatMap(({ template }) => containersOf(template).map(({ name }) => name));
  const wanted = trial.spec.primaryContainerName;
  const what = wanted === undefined ? 'No primary container is named' : `There is no container "${wanted}"`;
  const there = names.length > 0 ? `its containers are ${names.join(', ')}` : 'it has no containers';
  return new JobRefusal('TRIAL_PRIMARY_CONTAINER_MISSING', `${what} in the primary pod: ${there}.`);
}
