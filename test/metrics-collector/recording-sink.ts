import type {
  CollectionReport,
  Observation,
  ObservationSink,
  ObservationSource,
} from '../../core/observation.ts';

/** Remembers what it was sent; may be told to refuse calls. */
export class RecordingSink implements ObservationSink {
  readonly batches: Observation[][] = [];
  readonly finished: CollectionReport[] = [];
  readonly sources = new Set<string>();
  /** Every call in order. */
  readonly calls: ('report' | 'finish' | 'discard')[] = [];
  /** How many of the next calls are refused. */
  refusals = 0;
  /** What it says then. */
  refusal = new Error('store is away');

  get observations(): Observation[] {
    return this.batches.flat();
  }

  /** The values reported for a metric. */
  values(metric = 'loss'): number[] {
    return this.observations.filter((one) => one.metric === metric).map(({ value }) => value);
  }

  async report(source: ObservationSource, batch: readonly Observation[]): Promise<void> {
    await this.#take('report', source);
    this.batches.push([...batch]);
  }

  async finish(source: ObservationSource, report: CollectionReport): Promise<void> {
    await this.#take('finish', source);
    this.finished.push(report);
  }

  async discard(source: ObservationSource): Promise<void> {
    await this.#take('discard', source);
  }

  async #take(call: 'report' | 'finish' | 'discard', { trialUid, source }: ObservationSource): Promise<void> {
    this.calls.push(call);
    await Promise.resolve();
    if (this.refusals > 0) {
      this.refusals--;
      throw this.refusal;
    }
    this.sources.add(`${trialUid} ${source}`);
  }
}
