import type { StoredTrial } from '../core/trial.ts';
import { formatMetricValue } from '../core/metric-value.ts';
import type { ObservationStore, StoredObservation } from '../db/observation-store.ts';

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

/** Observations of which so many are held at once: reading in pieces costs nothing that could be measured. */
const PAGE_LENGTH = 5_000;

/**
 * A trial's curves, metric by metric in alphabetical order, each in order of time with at most `maxPoints` points of which
 * the extremes are some.
 */
export async function curvePoints(
  observations: ObservationStore,
  trial: StoredTrial,
  maxPoints: number,
): Promise<CurvePoint[]> {
  const points: CurvePoint[] = [];
  for (const { metric } of await observations.summaries(trial.metadata.uid)) {
    const series = await observations.series(trial.metadata.uid, { metric, maxPoints });
    points.push(...series.map(curvePoint));
  }
  return points;
}

/**
 * Everything that a trial reported, in constant memory: metric by metric in alphabetical order, each source by source in
 * the order in which it reported. `only` is the one metric that is asked for.
 */
export async function* everyObservation(
  observations: ObservationStore,
  { metadata: { uid } }: StoredTrial,
  only?: string,
): AsyncGenerator<StoredObservation> {
  for (const { metric } of await observations.summaries(uid)) {
    if (only !== undefined && metric !== only) continue;
    let after: StoredObservation | null = null;
    for (;;) {
      const page: StoredObservation[] = await observations.page(uid, { metric, after, limit: PAGE_LENGTH });
      yield* page;
      after = page.at(-1) ?? null;
      if (after === null) break;
    }
  }
}

/** The same as points of curves. */
export async function* everyPoint(
  observations: ObservationStore,
  trial: StoredTrial,
): AsyncGenerator<CurvePoint> {
  for await (const observation of everyObservation(observations, trial)) yield curvePoint(observation);
}

function curvePoint({ metric, step, timeMs, value, text, source }: StoredObservation): CurvePoint {
  return { metric, step, timeMs, value, text: formatMetricValue(value, text), source };
}
