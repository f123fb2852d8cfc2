import { customCollectorName } from '../../core/collector-containers.ts';
import { nearest } from '../../core/did-you-mean.ts';
import type { CollectorKind, MetricsCollectorSpec } from '../../core/experiment.ts';
import type { CollectionReport, LogTail, MetricMention } from '../../core/observation.ts';
import { explain, type Explanation } from './explanation.ts';

/** What is known about a trial that ended well but has no objective. */
export interface MetricsEvidence {
  objectiveMetric: string;
  collector: MetricsCollectorSpec | undefined;
  /** What a collector said that ended badly, where one did. */
  collectorProblem?: string | undefined;
  /** By source; empty where no collector has finished. */
  reports: Readonly<Record<string, CollectionReport>>;
  /** Oldest first. */
  logTails: readonly LogTail[];
  primaryContainer: string | undefined;
}

/** Why a trial has no objective, told by what its collectors saw. */
export function explainMissingMetrics(evidence: MetricsEvidence): Explanation {
  const kind = evidence.collector?.collector?.kind ?? 'StdOut';
  const reports = Object.values(evidence.reports);
  const output = outputOf(evidence);
  if (reports.length === 0) return explainNoReport(kind, evidence, output);
  const report = mergeReports(reports);
  return explainReport(evidence, report, output);
}

function outputOf({ logTails, primaryContainer }: MetricsEvidence): string {
  return (tailOf(logTails, primaryContainer) ?? logTails.at(-1))?.text ?? '';
}

function tailOf(logTails: readonly LogTail[], container: string | undefined): LogTail | undefined {
  return logTails.findLast((tail) => tail.container === container);
}

function explainNoReport(
  kind: CollectorKind,
  { objectiveMetric, collectorProblem = '' }: MetricsEvidence,
  output: string,
): Explanation {
  const ended = `The job succeeded without a value of "${objectiveMetric}"`;
  switch (kind) {
    case 'Push':
      return explain('METRICS_NEVER_PUSHED', `${ended}: the training pushed none.`, { output });
    case 'None':
      return explain('METRICS_NO_COLLECTOR', `${ended}: no collector was asked for.`, { output });
    case 'StdOut':
    case 'File':
    case 'TensorFlowEvent':
    case 'PrometheusMetric':
    case 'Custom': {
      const cause = `${ended}, and its collector never finished. ${collectorProblem}`.trim();
      return explain('METRICS_COLLECTOR_NEVER_FINISHED', cause, { output });
    }
  }
}

function mergeReports(reports: readonly CollectionReport[]): CollectionReport {
  const merged: CollectionReport = { read: 0, found: {}, otherNames: {}, notNumbers: {}, problems: [] };
  const mentions: Record<string, MetricMention> = {};
  for (const report of reports) {
    merged.read += report.read;
    addCounts(merged.found, report.found);
    addCounts(merged.otherNames, report.otherNames);
    Object.assign(merged.notNumbers, report.notNumbers);
    merged.problems.push(...report.problems);
    Object.assign(mentions, report.mentions);
  }
  const unanswered = reports.map((report) => report.unanswered);
  // One of several workers that answers is enough.
  const isUnanswered = unanswered.every((what) => what !== undefined);
  return { ...merged, mentions, ...(isUnanswered && { unanswered: unanswered[0] ?? '' }) };
}

function addCounts(sum: Record<string, number>, counts: Record<string, number>): void {
  for (const [name, count] of Object.entries(counts)) sum[name] = (sum[name] ?? 0) + count;
}

function explainReport(evidence: MetricsEvidence, report: CollectionReport, output: string): Explanation {
  const { objectiveMetric: metric } = evidence;
  const example = report.notNumbers[metric];
  const names = namesSeen(report);
  const [problem] = report.problems;
  const mention = report.mentions?.[metric];
  if (report.unanswered !== undefined) return explainUnanswered(report.unanswered, output);
  if (example !== undefined) return explainNotNumber(metric, example, mention, output);
  if (names.length > 0) return explainOtherNames(evidence, names, mention, output);
  const custom = customCollectorName(evidence.collector);
  if (custom !== null) return explainSilentCollector(evidence, custom, mention);
  if (report.read === 0) return explainNothingRead(evidence, problem, output);
  if (problem !== undefined)
    return explain('METRICS_UNREADABLE', `No value of "${metric}" could be read: ${problem}`, { output });
  if (isServed(evidence.collector)) {
    const cause = `${report.read} samples were read, and none of them is "${metric}".`;
    const remedy = `Expose a gauge "${metric}", or set objective.objectiveMetricName to the name of one that there is.`;
    return explain('METRICS_NO_LINE_MATCHED', cause, { output, remedy });
  }
  const cause = `${report.read} lines or records were read, and none of them reports "${metric}" or any other metric.`;
  return explain('METRICS_NO_LINE_MATCHED', cause + where(mention), {
    output,
    ...filterRemedy(metric, mention),
  });
}

/** What it prints is read, and says nothing; had it reported over HTTP, there would be a value. */
function explainSilentCollector(
  { objectiveMetric, logTails, primaryContainer }: MetricsEvidence,
  custom: string,
  mention: MetricMention | undefined,
): Explanation {
  const tail = tailOf(logTails, custom);
  const output = tail?.text ?? tailOf(logTails, primaryContainer)?.text ?? '';
  const cause = `Container "${custom}" reported no value of "${objectiveMetric}", neither on its output nor over HTTP.`;
  return explain('METRICS_COLLECTOR_SILENT', cause + endOf(tail) + where(mention), { output });
}

/** The exit code of what SIGTERM ends: the usual end of a sidecar. */
const ENDED_BY_SIGTERM = 143;

function endOf(tail: LogTail | undefined): string {
  if (tail?.reason === 'StartError') return ' It could not be started.';
  const isUsual = tail?.exitCode == null || tail.exitCode === 0 || tail.exitCode === ENDED_BY_SIGTERM;
  return isUsual ? '' : ` It ended with exit code ${tail.exitCode}.`;
}

/** The training serves its metrics: what it prints is not read. */
function isServed(collector: MetricsCollectorSpec | undefined): boolean {
  return collector?.collector?.kind === 'PrometheusMetric';
}

function explainUnanswered(addresses: string, output: string): Explanation {
  const cause = `Nobody answered for as long as the training ran: ${addresses}.`;
  return explain('METRICS_ENDPOINT_UNREACHABLE', cause, { output });
}

function explainNotNumber(
  metric: string,
  example: string,
  mention: MetricMention | undefined,
  output: string,
): Explanation {
  const cause = `"${metric}" was reported as ${JSON.stringify(example)}, which is not a number.${where(mention)}`;
  if (/^[+-]?\d+,\d+$/.test(example))
    return explain('METRICS_NOT_A_NUMBER', cause, {
      output,
      remedy: 'Print the number with a decimal point.',
    });
  return explain('METRICS_NOT_A_NUMBER', cause, { output, ...filterRemedy(metric, mention) });
}

function where(mention: MetricMention | undefined): string {
  return mention ? ` The name stands in ${JSON.stringify(mention.line)}.` : '';
}

/** Nothing where no filter is known; the remedy of the code holds then. The list can be pasted as it stands. */
function filterRemedy(metric: string, mention: MetricMention | undefined): { remedy?: string } {
  const filter = mention?.filter;
  if (filter == null) return {};
  const list = `['${filter.replaceAll("'", "''")}']`;
  return {
    remedy: `Print "${metric}=<value>", or read such lines by spec.metricsCollectorSpec.source.filter.metricsFormat: ${list}`,
  };
}

function explainNothingRead(
  evidence: MetricsEvidence,
  problem: string | undefined,
  output: string,
): Explanation {
  const { objectiveMetric: metric } = evidence;
  const path = evidence.collector?.source?.fileSystemPath?.path;
  const kind = evidence.collector?.collector?.kind ?? 'StdOut';
  if (isServed(evidence.collector) && problem !== undefined)
    return explain('METRICS_UNREADABLE', `No value of "${metric}" could be read: the endpoint ${problem}`, {
      output,
      remedy: UNREADABLE_ENDPOINT_REMEDY,
    });
  if (isServed(evidence.collector))
    return explain('METRICS_NO_OUTPUT', 'The endpoint of the training answered without a single metric.', {
      output,
    });
  const readsFiles = kind === 'File' || kind === 'TensorFlowEvent';
  if (readsFiles && path !== undefined)
    return explain('METRICS_FILE_MISSING', `Nothing was found at ${path}. ${problem ?? ''}`.trim(), {
      output,
    });
  return explain('METRICS_NO_OUTPUT', `The training wrote nothing to its output. ${problem ?? ''}`.trim());
}

const UNREADABLE_ENDPOINT_REMEDY =
  "Check source.httpGet.path, and that the training answers there in Prometheus' text format.";

/** Names that carried a value, requested ones included, the commonest first. */
function namesSeen({ found, otherNames }: CollectionReport): [name: string, count: number][] {
  return Object.entries({ ...otherNames, ...found })
    .filter(([, count]) => count > 0)
    .toSorted(([, a], [, b]) => b - a);
}

const MAX_NAMES = 5;

function explainOtherNames(
  { objectiveMetric: metric, collector }: MetricsEvidence,
  names: [name: string, count: number][],
  mention: MetricMention | undefined,
  output: string,
): Explanation {
  const shown = names.slice(0, MAX_NAMES).map(([name, count]) => `"${name}" (${count}×)`);
  const more = names.length > MAX_NAMES ? ` and ${names.length - MAX_NAMES} more` : '';
  const meant = likelyName(
    metric,
    names.map(([name]) => name),
  );
  const cause = `"${metric}" was never reported. Seen instead: ${shown.join(', ')}${more}.${where(mention)}`;
  const ofMeant = names.find(([name]) => name === meant)?.[1] ?? 0;
  if (meant === undefined || (mention?.filter != null && mention.count >= ofMeant))
    return explain('METRICS_OTHER_NAMES_SEEN', cause, { output, ...filterRemedy(metric, mention) });
  const orReport = isServed(collector) ? `expose "${metric}"` : `print "${metric}=<value>"`;
  const remedy = `Did you mean "${meant}"? Set objective.objectiveMetricName to "${meant}", or ${orReport}.`;
  return explain('METRICS_OTHER_NAMES_SEEN', cause, { output, remedy });
}

/** A near spelling, else a name with the same letters, else one that contains the other. */
function likelyName(metric: string, names: readonly string[]): string | undefined {
  const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');
  const wanted = plain(metric);
  return (
    names.find((name) => plain(name) === wanted) ??
    nearest(metric, names) ??
    names.find((name) => plain(name) !== '' && (plain(name).includes(wanted) || wanted.includes(plain(name))))
  );
}
