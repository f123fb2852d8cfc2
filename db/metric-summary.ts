import type { Observation } from '../core/observation.ts';
import type { MetricSummary } from './observation-store.ts';

/**
 * What one metric of one source came to. Kept beside the observations so that reading it does not depend on how many
 * there are; folding the same observations in any order gives the same summary.
 */
export interface SourceSummary extends MetricSummary {
  source: string;
  /** Sequence of the latest observation: decides between equal times. */
  latestSequence: number;
}

/** The summary of one observation alone. */
export function summaryOf(source: string, observation: Observation): SourceSummary {
  const { metric, value, text, timeMs, sequence } = observation;
  const number = Number.isNaN(value) ? null : value;
  return {
    source,
    metric,
    count: 1,
    min: number,
    max: number,
    latest: value,
    latestText: text ?? null,
    latestSequence: sequence,
    firstTimeMs: timeMs,
    latestTimeMs: timeMs,
  };
}

/** The summary of what `a` and `b` stand for together: same metric, disjoint observations. Commutative, associative. */
export function mergeSummaries(a: SourceSummary, b: SourceSummary): SourceSummary {
  return {
    ...(isLater(a, b) ? a : b),
    count: a.count + b.count,
    min: extreme(Math.min, a.min, b.min),
    max: extreme(Math.max, a.max, b.max),
    firstTimeMs: Math.min(a.firstTimeMs, b.firstTimeMs),
  };
}

function isLater(a: SourceSummary, b: SourceSummary): boolean {
  if (a.latestTimeMs !== b.latestTimeMs) return a.latestTimeMs > b.latestTimeMs;
  if (a.source !== b.source) return a.source > b.source;
  return a.latestSequence > b.latestSequence;
}

function extreme(
  choose: (a: number, b: number) => number,
  a: number | null,
  b: number | null,
): number | null {
  if (a === null) return b;
  return b === null ? a : choose(a, b);
}

/** One summary per metric over all sources, in alphabetical order. */
export function overSources(summaries: Iterable<SourceSummary>): MetricSummary[] {
  const byMetric = new Map<string, SourceSummary>();
  for (const summary of summaries) {
    const known = byMetric.get(summary.metric);
    byMetric.set(summary.metric, known ? mergeSummaries(known, summary) : summary);
  }
  const sorted = [...byMetric.values()].toSorted((a, b) => (a.metric < b.metric ? -1 : 1));
  return sorted.map(withoutSource);
}

function withoutSource(summary: SourceSummary): MetricSummary {
  const { metric, count, min, max, latest, latestText, firstTimeMs, latestTimeMs } = summary;
  return { metric, count, min, max, latest, latestText, firstTimeMs, latestTimeMs };
}
