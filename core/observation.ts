/** One value of one metric. NaN and ±Infinity are values like any other and are kept as such. */
export interface Observation {
  metric: string;
  value: number;
  /**
   * The value as the training wrote it, where it is not a number (Katib allows strings, for example a genotype);
   * `value` is NaN then.
   */
  text?: string;
  /** The training's own step or epoch, or null where it did not say. */
  step: number | null;
  /** Milliseconds since the epoch: when the training says it was, else when the line was read. */
  timeMs: number;
  /**
   * Position in its source's stream, from 0. The same source read again gives the same sequence, so that a batch
   * reported twice changes nothing.
   */
  sequence: number;
}

/** Which process wrote a batch: one trial may have several sources, for example two workers. */
export interface ObservationSource {
  trialUid: string;
  /** Pod name and container, unique inside the trial. */
  source: string;
}

/** The source of everything that a trial reports over HTTP, whichever of its processes does. */
export const HTTP_SOURCE = 'http';

/** Why a metric is missing, told by what the collector saw. See docs/error-codes.md. */
export interface CollectionReport {
  /** Lines (text, JSON) or records (TensorFlow events) read. */
  read: number;
  /** How many observations of each requested metric were found; 0 for those never seen. */
  found: Record<string, number>;
  /** Names that carried a value but were not asked for, with how often: candidates for "did you mean". Bounded. */
  otherNames: Record<string, number>;
  /** Requested names that were seen with something that is not a number, with an example each. */
  notNumbers: Record<string, string>;
  /** What went wrong while reading, if anything: file never appeared, malformed JSON, damaged record. */
  problems: string[];
  /** Requested names that no value was read of though lines hold them. Absent where there are none. */
  mentions?: Record<string, MetricMention>;
  /** Addresses that were asked for metrics, and why nobody ever answered. Absent where somebody did, or nobody was asked. */
  unanswered?: string;
}

/** A line that holds a metric's name in a form that was not understood. */
export interface MetricMention {
  /** The part of the line around the name. */
  line: string;
  /** A regular expression for `source.filter.metricsFormat` that reads such lines; null where none can be told. */
  filter: string | null;
  /** How many such lines were seen, among those searched. */
  count: number;
}

/** Where a collector sends what it read. Every method may be repeated with the same arguments without effect. */
export interface ObservationSink {
  report(source: ObservationSource, batch: readonly Observation[]): Promise<void>;
  /** Called once, when the source has ended. */
  finish(source: ObservationSource, report: CollectionReport): Promise<void>;
  /** Forgets what the source reported: its process starts over from the beginning. */
  discard(source: ObservationSource): Promise<void>;
}

/** The last part of one container's output, kept after its pod is gone. */
export interface LogTail {
  trialUid: string;
  pod: string;
  container: string;
  /** How often the container had been started before this output. */
  restartCount: number;
  exitCode: number | null;
  reason: string | null;
  /** The last lines, newest last. Bounded by the writer. */
  text: string;
  timeMs: number;
}

export interface LogTailSink {
  saveLogTail(tail: LogTail): Promise<void>;
}
