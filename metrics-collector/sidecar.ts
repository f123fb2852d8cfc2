import { errorMessage } from '../core/errors.ts';
import type { Logger } from '../core/logger.ts';
import type { Observation, ObservationSink } from '../core/observation.ts';
import { untilAborted } from './abortable.ts';
import { createCollectionTally, type CollectionTally } from './collection-tally.ts';
import { tailFile } from './file-tail/file-tail.ts';
import { createJsonParser } from './json-parser.ts';
import { lineReadings } from './line-readings.ts';
import type { LineParser, MetricReading } from './metric-reading.ts';
import { createObservationReporter, notReported, type ObservationReporter } from './observation-reporter.ts';
import { createPoll } from './poll.ts';
import { prometheusReadings } from './prometheus/prometheus-readings.ts';
import type { SidecarArguments } from './sidecar-arguments.ts';
import type { SidecarHost } from './sidecar-host.ts';
import { createTextParser } from './text-parser.ts';
import { eventReadings } from './tf-event/event-directory.ts';

/** Where metrics are by default, as in Katib. */
const DEFAULT_PATH = { File: '/var/log/katib/metrics.log', TensorFlowEvent: '/var/log/katib/tfevent/' };
const DEFAULT_HTTP = { url: 'http://127.0.0.1:8080/metrics', headers: [] };

/**
 * Collects the metrics of one pod and reports them while the training runs, at most half a second after they were
 * written; then, exactly once, what was seen. In a pod that does not carry the primary labels it reports nothing. The
 * sink is tried again until it takes everything. Returns when all is reported; rejects at once when `host.signal` is
 * aborted before, with the sink's last answer where it refused.
 */
export async function runSidecar(
  args: SidecarArguments,
  host: SidecarHost,
  sink: ObservationSink,
  logger: Logger,
): Promise<void> {
  const source = { trialUid: args.trialUid, source: sourceName(args, host) };
  const log = logger.with({ trial: args.trialName, source: source.source });
  if (!isPrimaryPod(args, host)) {
    log.debug('not a primary pod, its metrics do not count');
    // A sidecar that ends early would be started again and again.
    await aborted(AbortSignal.any([host.mainEnded, host.signal]));
    return;
  }
  const { clock, signal } = host;
  const reporter = createObservationReporter({ source, sink, clock, logger: log, signal });
  await collect(args, host, reporter);
}

async function collect(
  args: SidecarArguments,
  host: SidecarHost,
  reporter: ObservationReporter,
): Promise<void> {
  const tally = createCollectionTally(args.metrics);
  // Event files are read in turns as they grow: a second reading would number their values differently.
  if (args.kind === 'TensorFlowEvent') await reporter.discard();
  // What a process exposed cannot be read again: a collector that is started over goes on behind what it reported.
  let sequence = args.kind === 'PrometheusMetric' ? Math.floor(host.clock.now()) * 1_000 : 0;
  for await (const readings of readingsOf(args, host, tally)) {
    if (readings.length === 0) continue;
    const readMs = host.clock.now();
    await reporter.add(readings.map((reading) => observationOf(reading, readMs, sequence++)));
  }
  if (host.signal.aborted) throw notReported();
  await reporter.finish(tally.report());
}

function observationOf(
  { metric, value, text, step, timeMs }: MetricReading,
  readMs: number,
  sequence: number,
): Observation {
  const observation = { metric, value, step, timeMs: timeMs ?? readMs, sequence };
  return text === undefined ? observation : { ...observation, text };
}

function readingsOf(
  args: SidecarArguments,
  host: SidecarHost,
  tally: CollectionTally,
): AsyncIterable<MetricReading[]> {
  const { kind, metrics } = args;
  const poll = createPoll({ clock: host.clock, ended: host.mainEnded, signal: host.signal });
  switch (kind) {
    case 'StdOut':
      return lineReadings(outputBytes(args, host, tally), createParser(args, tally), tally);
    case 'File': {
      const path = host.resolvePath(args.path ?? DEFAULT_PATH.File);
      const bytes = tailFile(path, poll, (description) => tally.problem(description));
      return lineReadings(bytes, createParser(args, tally), tally);
    }
    case 'TensorFlowEvent': {
      const podPath = args.path ?? DEFAULT_PATH.TensorFlowEvent;
      return eventReadings({ path: host.resolvePath(podPath), podPath, metrics, poll, tally });
    }
    case 'PrometheusMetric': {
      const { url, headers } = args.http ?? DEFAULT_HTTP;
      return prometheusReadings({ url: new URL(url), headers, metrics }, host, tally);
    }
  }
}

async function* outputBytes(
  { container }: SidecarArguments,
  host: SidecarHost,
  tally: CollectionTally,
): AsyncGenerator<Uint8Array> {
  try {
    yield* untilAborted(host.containerOutput(container), host.signal);
  } catch (error) {
    tally.problem(`output of container ${container} broke off: ${errorMessage(error)}`);
  }
}

function createParser({ format, metrics, filters }: SidecarArguments, tally: CollectionTally): LineParser {
  return format === 'JSON'
    ? createJsonParser({ metrics, tally })
    : createTextParser({ metrics, filters, tally });
}

function sourceName({ container }: SidecarArguments, host: SidecarHost): string {
  return host.env('KATYDID_SOURCE') ?? `${host.env('HOSTNAME') ?? ''}/${container}`;
}

/** Whether the metrics of this pod count: it carries all primary labels. */
export function isPrimaryPod({ primaryPodLabels }: SidecarArguments, host: SidecarHost): boolean {
  return primaryPodLabels.every(({ variable, value }) => host.env(variable) === value);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
