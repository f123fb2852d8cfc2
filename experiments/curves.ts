import type { StoredTrial } from '../core/trial.ts';
import { formatMetricValue } from '../core/metric-value.ts';
import type { ObservationStore } from '../db/observation-store.ts';

/** One reported value of a trial. */
export interface CurvePoint {
  metric: string;
  /** The training's own step or epoch; null where it gave none. */
  step: number | null;
  timeMs: number;
  value: number;
  /** The value as text: `NaN`, `+Inf` and words survive. */
  text: string;
  /** Which pod and container reported it. */
  source: string;
}

/**
 * Everything that a trial reported, metric by metric in alphabetical order, each in order of time. `maxPoints` bounds
 * each metric's points; extremes survive.
 */
export async function curvePoints(
  observations: ObservationStore,
  trial: StoredTrial,
  maxPoints?: number,
): Promise<CurvePoint[]> {
  const points: CurvePoint[] = [];
  for (const { metric } of await observations.summaries(trial.metadata.uid)) {
    const series = await observations.series(trial.metadata.uid, {
      metric,
      ...(maxPoints === undefined ? {} : { maxPoints }),
    });
    for (const { step, timeMs, value, text, source } of series) {
      points.push({ metric, step, timeMs, value, text: formatMetricValue(value, text), source });
    }
  }
  return points;
}
