import { errorMessage } from '../../core/errors.ts';
import type { CollectionTally } from '../collection-tally.ts';
import type { MetricReading } from '../metric-reading.ts';
import { createPoll } from '../poll.ts';
import type { MetricsAddress, SidecarHost } from '../sidecar-host.ts';
import { STEP_NAMES } from '../training-step.ts';
import { parseExposition, type Sample } from './exposition.ts';
import { httpGet, MAX_BODY_BYTES, type HttpAnswer, type HttpHeader } from './http-get.ts';
import { formatSeries, meantSeries, requestedSeries, type Series } from './series.ts';
import { createValueChanges, type ValueChanges } from './value-changes.ts';

const INTERVAL_MS = 1_000;
/** At the beginning, before the first answer: the training may be short. */
const WAITING_INTERVAL_MS = 200;
const WAITING_ROUNDS = 25;

/** What clients of Prometheus expose about the process itself. Nobody means these by a misspelt metric. */
const OF_THE_PROCESS = /^(?:process|python|nodejs|go|jvm|promhttp|scrape)_/;

export interface PrometheusSource {
  /** As seen from inside the pod. */
  url: URL;
  headers: readonly HttpHeader[];
  metrics: readonly string[];
}

type Host = Pick<SidecarHost, 'metricsAddresses' | 'mainEnded' | 'signal' | 'clock'>;

/**
 * Asks a process for its metrics once a second while it runs, and once more when it has ended. Never throws: what went
 * wrong is told to the tally, with whether anybody ever answered.
 */
export async function* prometheusReadings(
  source: PrometheusSource,
  host: Host,
  tally: CollectionTally,
): AsyncGenerator<MetricReading[]> {
  const { clock, mainEnded: ended, signal } = host;
  const reader = createSampleReader(source.metrics, tally);
  let hasAnswered = false;
  let rounds = 0;
  const intervalMs = (): number =>
    hasAnswered || ++rounds > WAITING_ROUNDS ? INTERVAL_MS : WAITING_INTERVAL_MS;
  const poll = createPoll({ clock, ended, signal, intervalMs });
  while (await poll.next()) {
    const isOver = ended.aborted;
    const { answer, unanswered } = await ask(source, host);
    hasAnswered ||= answer !== null;
    if (answer) yield readAnswer(answer, reader, clock.now(), tally);
    else if (!hasAnswered) tally.unanswered(unanswered);
    else if (!isOver) tally.problem('did not answer any more', unanswered);
  }
  yield reader.rest();
}

/** The first answer, or what became of every address. */
async function ask(
  { url, headers }: PrometheusSource,
  host: Host,
): Promise<{ answer: HttpAnswer | null; unanswered: string }> {
  const { clock, signal } = host;
  const addresses: AsyncIterable<MetricsAddress> | MetricsAddress[] = host.metricsAddresses?.(url) ?? [
    { address: url },
  ];
  const failures: string[] = [];
  for await (const { address, refusal } of addresses) {
    try {
      if (refusal === undefined)
        return { answer: await httpGet(address, { headers, clock, signal }), unanswered: '' };
      failures.push(`${address.href}: ${refusal}`);
    } catch (error) {
      failures.push(`${address.href}: ${errorMessage(error)}`);
    }
  }
  return { answer: null, unanswered: failures.join('; ') };
}

function readAnswer(
  { status, statusText, contentType, body, isCut }: HttpAnswer,
  reader: SampleReader,
  readMs: number,
  tally: CollectionTally,
): MetricReading[] {
  tally.answered();
  if (status !== 200) {
    tally.problem(`answered ${status} ${statusText}`.trim());
    return [];
  }
  if (isCut) tally.problem(`answered with more than ${MAX_BODY_BYTES} bytes; the rest is left out`);
  const format = contentType.includes('openmetrics') ? 'openmetrics' : 'text';
  const { samples, malformed } = parseExposition(body, format);
  for (const line of malformed) tally.problem("not a line of Prometheus' text format", line);
  return reader.read(samples, readMs);
}

interface SampleReader {
  read(samples: readonly Sample[], readMs: number): MetricReading[];
  /** What only the end can tell. */
  rest(): MetricReading[];
}

function createSampleReader(metrics: readonly string[], tally: CollectionTally): SampleReader {
  const requests = metrics.map((metric) => ({
    metric,
    series: requestedSeries(metric),
    changes: createValueChanges(),
  }));
  const readings = (metric: string, found: ReturnType<ValueChanges['rest']>): MetricReading[] => {
    if (!found) return [];
    tally.countFound(metric);
    return [{ metric, ...found }];
  };
  return {
    read(samples, readMs) {
      const step = stepOf(samples);
      const meant = requests.map(({ metric, series, changes }) => {
        const candidates = meantSeries(series, samples);
        return { metric, changes, candidates };
      });
      countOthers(
        samples,
        new Set(meant.flatMap(({ candidates }) => (candidates.length === 1 ? candidates : []))),
        tally,
      );
      return meant.flatMap(({ metric, changes, candidates: [sample, ...more] }) => {
        if (!sample) return [];
        if (more.length === 0) return readings(metric, changes.next(sample, step, readMs));
        tally.problem(ambiguity(metric, [sample, ...more]));
        return [];
      });
    },
    rest: () => requests.flatMap(({ metric, changes }) => readings(metric, changes.rest())),
  };
}

const MAX_SERIES_SHOWN = 4;

function ambiguity(metric: string, candidates: readonly Series[]): string {
  const shown = candidates.slice(0, MAX_SERIES_SHOWN).map(formatSeries).join(', ');
  return `"${metric}" may be any of ${candidates.length} series: ${shown}`;
}

function countOthers(samples: readonly Sample[], meant: ReadonlySet<Sample>, tally: CollectionTally): void {
  for (const sample of samples) {
    tally.countRead();
    if (tally.searchesOtherNames() && !meant.has(sample) && !OF_THE_PROCESS.test(sample.name))
      tally.countOther(formatSeries(sample));
  }
}

/** A sample without labels, named like a step, says how far the training is. */
function stepOf(samples: readonly Sample[]): number | null {
  for (const step of STEP_NAMES) {
    const found = samples.find(({ name, labels }) => name === step && labels.size === 0)?.value ?? NaN;
    if (Number.isFinite(found)) return found;
  }
  return null;
}
