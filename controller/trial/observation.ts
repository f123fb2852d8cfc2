import type { Metric, Objective, ObservationSummary } from '../../core/experiment.ts';
import { formatMetricValue } from '../../core/metric-value.ts';
import { UNAVAILABLE } from '../../core/objective.ts';
import type { MetricSummary } from '../../db/observation-store.ts';

/** The metrics that an experiment asks for, the objective first. */
export function requestedMetrics({ objectiveMetricName, additionalMetricNames = [] }: Objective): string[] {
  return [...new Set([objectiveMetricName, ...additionalMetricNames])];
}

/** The trial's `status.observation`: one entry per requested metric, in their order. */
export function summarize(objective: Objective, summaries: readonly MetricSummary[]): ObservationSummary {
  const byName = new Map(summaries.map((summary) => [summary.metric, summary]));
  return { metrics: requestedMetrics(objective).map((name) => metricOf(name, byName.get(name))) };
}

/** Where no value ever was a number, the only extreme of NaN is NaN, and text has none. */
function metricOf(name: string, summary: MetricSummary | undefined): Metric {
  if (!summary) return { name, min: UNAVAILABLE, max: UNAVAILABLE, latest: UNAVAILABLE };
  const none = summary.latestText === null ? 'NaN' : UNAVAILABLE;
  const extreme = (value: number | null): string => (value === null ? none : formatMetricValue(value));
  return {
    name,
    min: extreme(summary.min),
    max: extreme(summary.max),
    latest: formatMetricValue(summary.latest, summary.latestText),
  };
}

/** The objective was reported at least once, with whatever value. */
export function hasObjective(objective: Objective, observation: ObservationSummary | undefined): boolean {
  const metric = observation?.metrics?.find(({ name }) => name === objective.objectiveMetricName);
  return metric !== undefined && metric.latest !== UNAVAILABLE;
}
