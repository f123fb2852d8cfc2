import type { Observation, ObservationSink, ObservationSource } from '../core/observation.ts';

/** A batch that one trial reported. */
export interface ReportedBatch extends ObservationSource {
  observations: readonly Observation[];
}

/** Tells what trials report, as it is stored. Listeners must not throw and must not wait. */
export interface ObservationFeed {
  /**
   * `listener` is told each batch, in the order of its source; the same batch may come twice. `onDiscard` is told whose
   * reports have been forgotten. The function returned ends the subscription.
   */
  subscribe(
    listener: (batch: ReportedBatch) => void,
    onDiscard?: (source: ObservationSource) => void,
  ): () => void;
}

export interface ObservationTap {
  /** Stores as the sink that it was made of, and tells the feed what was stored. */
  readonly sink: ObservationSink;
  readonly feed: ObservationFeed;
}

/** A sink that also tells: what collectors write goes through it, so that nobody has to ask the store again and again. */
export function tapObservations(sink: ObservationSink): ObservationTap {
  const listeners = new Set<(batch: ReportedBatch) => void>();
  const discardListeners = new Set<(source: ObservationSource) => void>();
  return {
    sink: {
      async report(source, batch) {
        await sink.report(source, batch);
        for (const listener of listeners) listener({ ...source, observations: batch });
      },
      finish: (source, report) => sink.finish(source, report),
      async discard(source) {
        await sink.discard(source);
        for (const listener of discardListeners) listener(source);
      },
    },
    feed: {
      subscribe(listener, onDiscard) {
        listeners.add(listener);
        if (onDiscard) discardListeners.add(onDiscard);
        return () => {
          listeners.delete(listener);
          if (onDiscard) discardListeners.delete(onDiscard);
        };
      },
    },
  };
}
