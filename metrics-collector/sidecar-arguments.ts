import { KatydidError } from '../core/errors.ts';
import type { CollectorKind } from '../core/experiment.ts';

/** Image of the sidecar. The process kubelet knows it and runs the collector in its own process. */
export const COLLECTOR_IMAGE = 'katydid/metrics-collector';

/** What a collector sidecar is told on its command line. */
export interface SidecarArguments {
  trialName: string;
  trialUid: string;
  kind: Exclude<CollectorKind, 'None' | 'Push' | 'Custom'>;
  /** The objective first. */
  metrics: readonly string[];
  /** Container whose output is read (StdOut). */
  container: string;
  /** File or directory inside the pod (File, TensorFlowEvent); null for others. */
  path: string | null;
  /** Where the training serves its metrics, as seen from inside the pod (PrometheusMetric); absent for others. */
  http?: { url: string; headers: readonly { name: string; value: string }[] };
  format: 'TEXT' | 'JSON';
  /** Regular expressions of RE2 with two groups, name and value; empty means the default filter. */
  filters: readonly string[];
  /**
   * Labels that the pod must carry for its metrics to count, each read from an environment variable (`name` of the
   * label by `variable`): a template shared by all workers carries the sidecar in each of them.
   */
  primaryPodLabels: readonly { variable: string; value: string }[];
}

const KINDS = [
  'StdOut',
  'File',
  'TensorFlowEvent',
  'PrometheusMetric',
] as const satisfies readonly SidecarArguments['kind'][];
const FORMATS = ['TEXT', 'JSON'] as const;

/** Katib's names where Katib has the flag. `true` marks those that may stand more than once. */
const FLAGS = {
  '-t': false,
  '-trial-uid': false,
  '-kind': false,
  '-m': true,
  '-container': false,
  '-path': false,
  '-url': false,
  '-header': true,
  '-format': false,
  '-f': true,
  '-pod-label': true,
} as const;
type Flag = keyof typeof FLAGS;

/**
 * The command line for `arguments_`. Katib joins metrics and filters with `;`, but a filter may contain one itself, so
 * here each has its own flag. `parseSidecarArguments` gives the arguments back.
 */
export function formatSidecarArguments(arguments_: SidecarArguments): string[] {
  const { trialName, trialUid, kind, metrics, container, path, http, format, filters } = arguments_;
  const labels = arguments_.primaryPodLabels.map(({ variable, value }) => `${variable}=${value}`);
  const headers = http?.headers.map(({ name, value }) => `${name}:${value}`) ?? [];
  return [
    ...['-t', trialName, '-trial-uid', trialUid, '-kind', kind, '-container', container],
    ...(path === null ? [] : ['-path', path]),
    ...(http ? ['-url', http.url] : []),
    ...repeated('-header', headers),
    ...['-format', format],
    ...repeated('-m', metrics),
    ...repeated('-f', filters),
    ...repeated('-pod-label', labels),
  ];
}

/** Throws KatydidError `COLLECTOR_ARGUMENTS_INVALID` that names the flag. */
export function parseSidecarArguments(args: readonly string[]): SidecarArguments {
  const values = valuesByFlag(args);
  const optional = (flag: Flag): string | undefined => values.get(flag)?.at(-1);
  const url = optional('-url');
  const headers = (values.get('-header') ?? []).map(parseHeader);
  const required = (flag: Flag): string => optional(flag) ?? refuse(`${flag} is missing`);
  return {
    trialName: required('-t'),
    trialUid: required('-trial-uid'),
    kind: oneOf('-kind', KINDS, required('-kind')),
    metrics: values.get('-m') ?? [],
    container: required('-container'),
    path: optional('-path') ?? null,
    format: oneOf('-format', FORMATS, optional('-format') ?? 'TEXT'),
    filters: values.get('-f') ?? [],
    primaryPodLabels: (values.get('-pod-label') ?? []).map(parsePodLabel),
    ...(url !== undefined && { http: { url: checkUrl(url), headers } }),
  };
}

function repeated(flag: Flag, values: readonly string[]): string[] {
  return values.flatMap((value) => [flag, value]);
}

function valuesByFlag(args: readonly string[]): Map<Flag, string[]> {
  const values = new Map<Flag, string[]>();
  for (let at = 0; at < args.length; at += 2) {
    const flag = args[at] ?? '';
    const value = args[at + 1];
    if (!isFlag(flag)) refuse(`${JSON.stringify(flag)} is not a flag of the collector`);
    if (value === undefined) refuse(`${flag} has no value`);
    const earlier = values.get(flag);
    if (earlier && !FLAGS[flag]) refuse(`${flag} stands twice`);
    values.set(flag, [...(earlier ?? []), value]);
  }
  return values;
}

function isFlag(text: string): text is Flag {
  return Object.hasOwn(FLAGS, text);
}

function oneOf<T extends string>(flag: Flag, allowed: readonly T[], value: string): T {
  const found = allowed.find((candidate) => candidate === value);
  return found ?? refuse(`${flag} is ${JSON.stringify(value)} instead of ${allowed.join(' or ')}`);
}

function parsePodLabel(text: string): { variable: string; value: string } {
  const equals = text.indexOf('=');
  if (equals < 1) refuse(`-pod-label is ${JSON.stringify(text)} instead of VARIABLE=value`);
  return { variable: text.slice(0, equals), value: text.slice(equals + 1) };
}

function checkUrl(text: string): string {
  if (!/^https?:/.test(text) || !URL.canParse(text)) refuse(`-url is ${JSON.stringify(text)}`);
  return text;
}

function parseHeader(text: string): { name: string; value: string } {
  const colon = text.indexOf(':');
  if (colon < 1) refuse(`-header is ${JSON.stringify(text)} instead of NAME:value`);
  return { name: text.slice(0, colon), value: text.slice(colon + 1) };
}

function refuse(what: string): never {
  throw new KatydidError('COLLECTOR_ARGUMENTS_INVALID', `metrics collector: ${what}.`, {
    remedy: `Flags are ${Object.keys(FLAGS).join(', ')}, each followed by its value.`,
  });
}
