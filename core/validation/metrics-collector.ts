import { RE2JS } from 're2js';
import { customCollectorName } from '../collector-containers.ts';
import { errorMessage } from '../errors.ts';
import type { CollectorKind, MetricsCollectorSpec, TrialTemplate } from '../experiment.ts';
import { jobKind } from '../job-kinds.ts';
import { valueAt, type JsonObject } from '../json.ts';
import { isHost, portNumber } from '../metrics-address.ts';
import { type Issues, quoted, specIssue, type SpecPath } from './issue.ts';
import { checkPodFields } from './misspelt-fields.ts';
import { checkPodTypes } from './pod-templates.ts';

const PATH = ['spec', 'metricsCollectorSpec'];
const SOURCE_PATH = [...PATH, 'source'];
const FILE_PATH = [...SOURCE_PATH, 'fileSystemPath'];

type Source = NonNullable<MetricsCollectorSpec['source']>;
type FileSystemPath = NonNullable<Source['fileSystemPath']>;

export function* checkMetricsCollector(spec: MetricsCollectorSpec): Issues {
  const kind = spec.collector?.kind ?? 'StdOut';
  const source = spec.source ?? {};
  yield* checkSource(kind, source);
  if (kind === 'Custom') yield* checkCustomCollector(spec.collector?.customCollector ?? {});
  for (const [index, filter] of (source.filter?.metricsFormat ?? []).entries()) {
    yield* checkFilter(filter, [...SOURCE_PATH, 'filter', 'metricsFormat', index]);
  }
}

function* checkCustomCollector(container: JsonObject): Issues {
  const path = [...PATH, 'collector', 'customCollector'];
  for (const field of ['name', 'image']) {
    if (typeof container[field] === 'string' && container[field] !== '') continue;
    const message = `${field} is missing: a collector of kind Custom is a container of your own.`;
    yield specIssue('SPEC_REQUIRED', [...path, field], message, 'Write name and image of the container.');
  }
  // The same checks as for the containers of the job, but for the name, which was looked at.
  const pod = { spec: { initContainers: [{ name: 'collector', ...container }] } };
  const inContainer = ['spec', 'initContainers', 0].length;
  for (const issue of [...checkPodFields(pod, []), ...checkPodTypes(pod, [])]) {
    yield { ...issue, path: [...path, ...issue.path.slice(inContainer)] };
  }
}

/** The collector's container becomes one of the pod, where each has a name of its own. */
export function* checkCollectorName(spec: MetricsCollectorSpec, template: TrialTemplate): Issues {
  const name = customCollectorName(spec);
  const taken = podTemplatesOf(template).flatMap((pod) =>
    ['containers', 'initContainers'].flatMap((field) => elements(valueAt(pod, ['spec', field]))),
  );
  if (name === null || !taken.some((container) => valueAt(container, ['name']) === name)) return;
  const message = `The pods of the template have a container ${quoted(name)} already.`;
  const path = [...PATH, 'collector', 'customCollector', 'name'];
  yield specIssue('SPEC_NAME_INVALID', path, message, 'Choose another name for the collector.');
}

/** The collector is added to the pod templates of the job, so there must be any. */
export function* checkCollectorFits(spec: MetricsCollectorSpec, jobKindName: string): Issues {
  const collector = spec.collector?.kind ?? 'StdOut';
  if (collector === 'Push' || collector === 'None' || jobKind(jobKindName)?.podTemplateField != null) return;
  yield unsupported(`The collector ${collector} cannot be added to the pods of a ${jobKindName}.`);
}

function unsupported(message: string): ReturnType<typeof specIssue> {
  const remedy =
    'Let the training report its metrics itself and write kind: Push, or take another collector.';
  return specIssue('SPEC_COLLECTOR_UNSUPPORTED', [...PATH, 'collector', 'kind'], message, remedy);
}

function* checkSource(kind: CollectorKind, source: Source): Issues {
  const file = source.fileSystemPath ?? {};
  switch (kind) {
    case 'File':
      yield* checkFile(file, kind, 'File');
      if (file.format === 'JSON' && (source.filter?.metricsFormat ?? []).length > 0) {
        const message = 'The format JSON has no use for a filter: every line is an object.';
        const remedy = 'Remove the filter, or write format: TEXT.';
        yield specIssue('SPEC_COLLECTOR_SOURCE', [...SOURCE_PATH, 'filter'], message, remedy);
      }
      return;
    case 'TensorFlowEvent':
      yield* checkFile(file, kind, 'Directory');
      if (file.format !== undefined) {
        const message = `format is ${file.format}, but event files have a format of their own.`;
        yield specIssue('SPEC_COLLECTOR_SOURCE', [...FILE_PATH, 'format'], message, 'Remove it.');
      }
      return;
    case 'Custom':
      yield* checkAbsolute(file.path, [...FILE_PATH, 'path']);
      return;
    case 'PrometheusMetric':
      yield* checkHttp(source.httpGet ?? {});
      return;
    case 'StdOut':
    case 'Push':
    case 'None':
  }
}

function* checkFile(file: FileSystemPath, kind: CollectorKind, expected: 'File' | 'Directory'): Issues {
  yield* checkAbsolute(file.path, [...FILE_PATH, 'path']);
  if (file.kind === undefined || file.kind === expected) return;
  const message = `kind is ${file.kind}, but a collector of kind ${kind} reads a ${expected}.`;
  yield specIssue('SPEC_COLLECTOR_SOURCE', [...FILE_PATH, 'kind'], message, `Write kind: ${expected}.`);
}

function* checkAbsolute(path: string | undefined, at: SpecPath): Issues {
  if (path === undefined || path.startsWith('/')) return;
  const message = `The path ${quoted(path)} is not absolute.`;
  yield specIssue('SPEC_PATH_NOT_ABSOLUTE', at, message, `Write ${quoted(`/${path}`)}, for example.`);
}

const MAX_PORT = 65_535;
/** Kubernetes' names of ports. */
const PORT_NAME = /^(?=.*[a-z])[a-z0-9]+(?:-[a-z0-9]+)*$/;
const MAX_PORT_NAME_LENGTH = 15;
const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/;
const HEADER_VALUE = /^[\t\x20-\x7e]*$/;

function* checkHttp({ path, port, host, scheme, httpHeaders }: NonNullable<Source['httpGet']>): Issues {
  const at = [...SOURCE_PATH, 'httpGet'];
  yield* checkAbsolute(path, [...at, 'path']);
  if (port !== undefined && !isPort(port)) {
    const message = `port is ${typeof port === 'string' ? quoted(port) : port}, which is not a port.`;
    const remedy = `Write a whole number from 1 to ${MAX_PORT}, or the name of a port of the primary container.`;
    yield specIssue('SPEC_COLLECTOR_SOURCE', [...at, 'port'], message, remedy);
  }
  if (host !== undefined && !isHost(host)) {
    const message = `host is ${quoted(host)}, which is neither a name nor an address.`;
    const remedy = 'Remove it: metrics are read from the pod of the trial.';
    yield specIssue('SPEC_COLLECTOR_SOURCE', [...at, 'host'], message, remedy);
  }
  if (scheme !== undefined && !/^https?$/i.test(scheme)) {
    const message = `scheme is ${quoted(scheme)}.`;
    yield specIssue('SPEC_COLLECTOR_SOURCE', [...at, 'scheme'], message, 'Write HTTP or HTTPS.');
  }
  for (const [index, { name, value }] of (httpHeaders ?? []).entries()) {
    if (HEADER_NAME.test(name) && HEADER_VALUE.test(value)) continue;
    const message = `The header ${quoted(name)} has a name or a value that HTTP does not allow.`;
    const remedy = 'Write letters, digits and hyphens in the name, and printable ASCII in the value.';
    yield specIssue('SPEC_COLLECTOR_SOURCE', [...at, 'httpHeaders', index], message, remedy);
  }
}

function isPort(port: string | number): boolean {
  const number = portNumber(port);
  if (number !== null) return Number.isInteger(number) && number > 0 && number <= MAX_PORT;
  return PORT_NAME.test(String(port)) && String(port).length <= MAX_PORT_NAME_LENGTH;
}

/** A port that is a name must be one of the primary container's. What a placeholder becomes is not known here. */
export function* checkMetricsPort(spec: MetricsCollectorSpec, template: TrialTemplate): Issues {
  const port = spec.source?.httpGet?.port;
  const { primaryContainerName } = template;
  const isNamed = typeof port === 'string' && isPort(port) && portNumber(port) === null;
  if (spec.collector?.kind !== 'PrometheusMetric' || !isNamed) return;
  const primary = podTemplatesOf(template)
    .flatMap((pod) => elements(valueAt(pod, ['spec', 'containers'])))
    .filter((container) => valueAt(container, ['name']) === primaryContainerName);
  const names = primary.flatMap((container) =>
    elements(valueAt(container, ['ports'])).map((entry) => valueAt(entry, ['name'])),
  );
  if (primary.length === 0 || names.includes(port)) return;
  const message = `port is ${quoted(port)}, but container ${quoted(primaryContainerName ?? '')} has no port of that name.`;
  const remedy = 'Write its number, or name it in the ports of the container.';
  yield specIssue('SPEC_COLLECTOR_SOURCE', [...SOURCE_PATH, 'httpGet', 'port'], message, remedy);
}

/** None where the template is elsewhere, or its kind is not known. */
function podTemplatesOf({ trialSpec }: TrialTemplate): unknown[] {
  const kind = jobKind(typeof trialSpec?.kind === 'string' ? trialSpec.kind : '');
  return (trialSpec && kind?.podTemplates(trialSpec).map(({ template }) => template)) ?? [];
}

function elements(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The collector takes the metric's name from the first group and its value from the second. */
const NEEDED_GROUPS = 2;

function* checkFilter(filter: string, path: SpecPath): Issues {
  const example = 'for example ([\\w-]+)=(\\S+)';
  try {
    if (RE2JS.compile(filter).groupCount() >= NEEDED_GROUPS) return;
    const message = `The filter ${quoted(filter)} has fewer than two groups.`;
    const remedy = `Put parentheses around the name and around the value, ${example}.`;
    yield specIssue('SPEC_FILTER_INVALID', path, message, remedy);
  } catch (error) {
    const message = `The filter ${quoted(filter)} is not a regular expression: ${errorMessage(error)}.`;
    yield specIssue('SPEC_FILTER_INVALID', path, message, `Write it in the syntax of RE2, ${example}.`);
  }
}
