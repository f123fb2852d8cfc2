import { posix } from 'node:path';
import { collectorContainer } from '../../core/collector-containers.ts';
import { DEFAULT_EVENTS_DIRECTORY, DEFAULT_METRICS_FILE } from '../../core/defaults.ts';
import type { MetricsCollectorSpec } from '../../core/experiment.ts';
import { metricsAddress } from '../../core/metrics-address.ts';
import type { Container, EnvVar, PodSpec, VolumeMount } from '../../core/pod.ts';
import type { StoredTrial } from '../../core/trial.ts';
import { readKatibCollector, type KatibCollector } from '../../metrics-collector/katib-collector.ts';
import {
  COLLECTOR_IMAGE,
  formatSidecarArguments,
  type SidecarArguments,
} from '../../metrics-collector/sidecar-arguments.ts';
import { requestedMetrics } from './observation.ts';
import { removeShellQuotes } from './shell-quotes.ts';

/** Katib's name for the volume through which the training hands files to the collector. */
const METRICS_VOLUME = 'metrics-volume';

/**
 * Adds the metrics collector to a pod that has the primary container. Changes `pod` and `primary`, which is its container.
 *
 * Collectors are native sidecars (init containers that restart always): they start before the training, never keep a pod
 * from ending, and the pod has ended only when they have reported everything.
 */
export function injectCollector(pod: PodSpec, primary: Container, trial: StoredTrial): void {
  const spec = trial.spec.metricsCollector ?? {};
  const kind = spec.collector?.kind ?? 'StdOut';
  switch (kind) {
    case 'StdOut':
    case 'File':
    case 'TensorFlowEvent':
      removeShellQuotes(primary);
      addSidecar(pod, primary, trial, kind, spec);
      break;
    case 'PrometheusMetric':
      addSidecar(pod, primary, trial, kind, spec);
      break;
    case 'Custom':
      addCustomCollector(pod, primary, trial, spec);
      break;
    case 'Push':
    case 'None':
      break;
  }
}

function addSidecar(
  pod: PodSpec,
  readContainer: Container,
  trial: StoredTrial,
  kind: SidecarArguments['kind'],
  spec: MetricsCollectorSpec,
): void {
  const mounts = readsFiles(kind) ? shareDirectory(pod, readContainer, spec) : [];
  const sidecar = sidecarOf(readContainer, trial, kind, spec);
  pod.initContainers = [
    ...(pod.initContainers ?? []),
    { ...sidecar, ...(mounts.length > 0 && { volumeMounts: mounts }) },
  ];
}

function sidecarOf(
  primary: Container,
  trial: StoredTrial,
  kind: SidecarArguments['kind'],
  spec: MetricsCollectorSpec,
): Container {
  const { source } = spec;
  const labels = Object.entries(trial.spec.primaryPodLabels ?? {});
  const args = formatSidecarArguments({
    trialName: trial.metadata.name,
    trialUid: trial.metadata.uid,
    kind,
    metrics: requestedMetrics(trial.spec.objective),
    container: primary.name,
    path: readsFiles(kind) ? (source?.fileSystemPath?.path ?? null) : null,
    format: source?.fileSystemPath?.format ?? 'TEXT',
    filters: source?.filter?.metricsFormat ?? [],
    primaryPodLabels: labels.map(([, value], at) => ({ variable: labelVariable(at), value })),
    ...(kind === 'PrometheusMetric' && {
      http: { url: metricsAddress(spec, primary).href, headers: source?.httpGet?.httpHeaders ?? [] },
    }),
  });
  const env = labels.map(([label], at): EnvVar => {
    const fieldPath = `metadata.labels['${label}']`;
    return { name: labelVariable(at), valueFrom: { fieldRef: { fieldPath } } };
  });
  return {
    name: collectorContainer(trial.spec.metricsCollector),
    image: COLLECTOR_IMAGE,
    args,
    ...(env.length > 0 && { env }),
    restartPolicy: 'Always',
    terminationMessagePolicy: 'FallbackToLogsOnError',
  };
}

function readsFiles(kind: SidecarArguments['kind']): boolean {
  return kind === 'File' || kind === 'TensorFlowEvent';
}

function labelVariable(index: number): string {
  return `KATYDID_POD_LABEL_${index}`;
}

/** The experiment's own collector, and beside it one that reads what it prints. One of Katib's is done without. */
function addCustomCollector(
  pod: PodSpec,
  primary: Container,
  trial: StoredTrial,
  spec: MetricsCollectorSpec,
): void {
  const custom = structuredClone(spec.collector?.customCollector) as Container | undefined;
  if (!custom) return;
  const known = readKatibCollector(custom);
  if (known) {
    addSidecar(pod, primary, trial, known.kind, withKatibSource(spec, known));
    return;
  }
  addSidecar(pod, custom, trial, 'StdOut', spec);
  const mounts = shareDirectory(pod, primary, spec);
  const own = custom.volumeMounts ?? [];
  const missing = mounts.filter(({ mountPath }) => !own.some((mount) => mount.mountPath === mountPath));
  if (missing.length > 0) custom.volumeMounts = [...own, ...missing];
  custom.terminationMessagePolicy ??= 'FallbackToLogsOnError';
  pod.initContainers?.push({ ...custom, restartPolicy: 'Always' });
  pod.shareProcessNamespace = true;
}

/** What the collector's arguments say goes before what the experiment says about its source. */
function withKatibSource(
  { source, ...rest }: MetricsCollectorSpec,
  { kind, path, format, filters }: KatibCollector,
): MetricsCollectorSpec {
  const written = source?.fileSystemPath;
  const defaults =
    kind === 'File'
      ? { path: DEFAULT_METRICS_FILE, kind: 'File' as const }
      : { path: DEFAULT_EVENTS_DIRECTORY, kind: 'Directory' as const };
  const fileSystemPath = { ...defaults, path: path ?? written?.path ?? defaults.path, format };
  const filter = filters.length > 0 ? { metricsFormat: [...filters] } : source?.filter;
  return { ...rest, source: { fileSystemPath, ...(filter && { filter }) } };
}

/**
 * Makes the directory of the metrics one that the primary container shares, and returns the mounts that the collector
 * needs to see it: the volume that is already there, or else a new empty one.
 */
function shareDirectory(
  pod: PodSpec,
  primary: Container,
  spec: MetricsCollectorSpec | undefined,
): VolumeMount[] {
  const { path, kind } = spec?.source?.fileSystemPath ?? {};
  if (path === undefined) return [];
  const directory = kind === 'Directory' ? posix.resolve(path) : posix.dirname(posix.resolve(path));
  const existing = primary.volumeMounts?.filter(({ mountPath }) => contains(mountPath, directory)) ?? [];
  if (existing.length > 0) return [innermost(existing)];
  const name = freeVolumeName(pod);
  const mount = { name, mountPath: directory };
  pod.volumes = [...(pod.volumes ?? []), { name, emptyDir: {} }];
  primary.volumeMounts = [...(primary.volumeMounts ?? []), mount];
  return [mount];
}

/** The template may have a volume of that name for something else. */
function freeVolumeName({ volumes = [] }: PodSpec): string {
  const isTaken = (name: string): boolean => volumes.some((volume) => volume.name === name);
  let name = METRICS_VOLUME;
  for (let number = 2; isTaken(name); number++) name = `${METRICS_VOLUME}-${number}`;
  return name;
}

function contains(mountPath: string, directory: string): boolean {
  const relative = posix.relative(posix.resolve(mountPath), directory);
  return relative === '' || !relative.startsWith('..');
}

function innermost(mounts: readonly VolumeMount[]): VolumeMount {
  return mounts.reduce((best, mount) => (mount.mountPath.length > best.mountPath.length ? mount : best));
}
