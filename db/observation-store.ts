import type {
  CollectionReport,
  LogTail,
  LogTailSink,
  Observation,
  ObservationSink,
} from '../core/observation.ts';

/** An observation with the source that reported it. */
export interface StoredObservation extends Observation {
  source: string;
}

/** What one metric of one trial came to, over all its sources. */
export interface MetricSummary {
  metric: string;
  /** How many observations there are, NaN included. At least 1. */
  count: number;
  /** Over the values that are numbers (±Infinity counts, NaN does not); null where there is none. */
  min: number | null;
  max: number | null;
  /** The observation with the greatest time; among equal times the later in (source, sequence). May be NaN. */
  latest: number;
  /** Text of the latest observation where it was not a number. */
  latestText: string | null;
  firstTimeMs: number;
  latestTimeMs: number;
}

export interface SeriesQuery {
  metric: string;
  /** Inclusive bounds on time; absent means open. */
  fromMs?: number;
  toMs?: number;
  /**
   * At most this many points (at least 4). A longer series is divided into equal stretches of which the first, last,
   * smallest and largest points stay, so that extremes survive.
   */
  maxPoints?: number;
}

/** Which observations of a metric come next, where all are read piece by piece. */
export interface PageQuery {
  metric: string;
  /** Begins after this observation; null begins at the first. */
  after: Pick<StoredObservation, 'source' | 'sequence'> | null;
  /** At most this many observations; at least 1. */
  limit: number;
}

/** Something that happened to a trial, kept when its objects are gone. */
export interface TrialEvent {
  trialUid: string;
  timeMs: number;
  type: 'Normal' | 'Warning';
  reason: string;
  message: string;
}

/**
 * Everything that trials reported. Writes are idempotent: a repeated call changes nothing. A closed store rejects every
 * call. Implementations pass test/contract/observation-store.ts.
 */
export interface ObservationStore extends ObservationSink, LogTailSink {
  /** One entry per metric that has an observation, in alphabetical order; empty for an unknown trial. */
  summaries(trialUid: string): Promise<MetricSummary[]>;

  /** One metric in order of (time, source, sequence), down-sampled on request. Empty for an unknown metric. */
  series(trialUid: string, query: SeriesQuery): Promise<StoredObservation[]>;

  /**
   * The next observations of one metric in order of (source, sequence), which a report in between cannot disturb. Empty
   * where none is left; one that is not empty may have fewer than `limit` although more are left.
   */
  page(trialUid: string, query: PageQuery): Promise<StoredObservation[]>;

  /** What the collectors saw, by source. Empty while all sources still run. */
  collectionReports(trialUid: string): Promise<Record<string, CollectionReport>>;

  /** The kept ends of the trial's outputs, oldest first. */
  logTails(trialUid: string): Promise<LogTail[]>;

  recordEvent(event: TrialEvent): Promise<void>;

  /** Oldest first. */
  events(trialUid: string): Promise<TrialEvent[]>;

  /** Forgets what the trial reported and the ends of its outputs: its job starts over. The events stay. */
  discardTrial(trialUid: string): Promise<void>;

  /** Removes everything about the trial. No error where there is nothing. */
  deleteTrial(trialUid: string): Promise<void>;

  close(): Promise<void>;
}
