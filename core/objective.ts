import type { Metric, MetricStrategyType, Objective, ObservationSummary } from './experiment.ts';
import { parseMetricValue } from './metric-value.ts';

/** What Katib writes where a metric was never seen. */
export const UNAVAILABLE = 'unavailable';

/** Which of the objective's values stands for the trial: as asked for, else the best one in the objective's direction. */
export function objectiveStrategy(objective: Objective): MetricStrategyType {
  const asked = objective.metricStrategies?.find(({ name }) => name === objective.objectiveMetricName);
  return asked?.value ?? (objective.type === 'maximize' ? 'max' : 'min');
}

/**
 * The text that stands for a metric by a strategy. Where the metric never was a number, min and max are unavailable and
 * the latest text stands in for them.
 */
export function metricText(metric: Metric, strategy: MetricStrategyType): string {
  const text = metric[strategy];
  return text === UNAVAILABLE ? metric.latest : text;
}

/** The objective of a trial as a number; null where it was never seen or is not a number. */
export function objectiveValue(
  objective: Objective,
  observation: ObservationSummary | undefined,
): number | null {
  const metric = observation?.metrics?.find(({ name }) => name === objective.objectiveMetricName);
  if (!metric) return null;
  const value = parseMetricValue(metricText(metric, objectiveStrategy(objective)));
  return Number.isNaN(value) ? null : value;
}

/** The first value is strictly better than the second. */
export function isBetter(objective: Objective, value: number, than: number): boolean {
  return objective.type === 'maximize' ? value > than : value < than;
}
