import type { Observation, ObservationSink } from '../../core/observation.ts';

/** A batch that one trial reported. */
export interface ReportedBatch {
  trialUid: string;
  source: string;
  observations: readonly Observation[];
}

/** Tells what trials report, as it is stored. */
export interface ObservationFeed {
  /** `listener` must not throw and must not wait. The function returned ends the subscription. */
  subscribe(listener: (batch: ReportedBatch) => void): () => void;
}

export interface ObservationTap {
  /** Stores as the sink that it was made of, and tells the feed what was stored. */
  readonly sink: ObservationSink;
  readonly feed: ObservationFeed;
}

/** A sink that also tells: what collectors write goes through it, so that nobody has to ask the store again and again. */
export function tapObservations(sink: ObservationSink): ObservationTap {
  const listeners = new Set<(batch: ReportedBatch) => void>();
  return {
    sink: {
      async report(source, batch) {
        await sink.report(source, batch);
        for (const listener of listeners) listener({ ...source, observations: batch });
      },
      finish: (source, report) => sink.finish(source, report),
      discard: (source) => sink.discard(source),
    },
    feed: {
      subscribe(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
  };
}
