import type { Database } from 'better-sqlite3';
import type { Observation, ObservationSource } from '../../core/observation.ts';
import { mergeSummaries, summaryOf, type SourceSummary } from '../metric-summary.ts';
import type { Names } from './names.ts';
import { SQL } from './statements.ts';

/** A summary as it is stored: NaN is NULL, and the names are numbers beside it. */
export type SummaryRow = Omit<SourceSummary, 'source' | 'metric' | 'latest'> & { latest: number | null };

type StoredValue = string | number | null;

/**
 * Appends batches of observations and keeps their summaries in step, each batch in one transaction. Observations that are
 * there already change nothing.
 */
export function createObservationWriter(
  database: Database,
  names: Names,
): (source: ObservationSource, batch: readonly Observation[]) => void {
  const addObservation = database.prepare<StoredValue[]>(SQL.addObservation);
  const addSummary = createSummaryWriter(database);

  const write = database.transaction((source: ObservationSource, batch: readonly Observation[]) => {
    const sourceId = names.source(source);
    const metricIds = new Map<string, number>();
    const added = new Map<number, SourceSummary>();
    for (const observation of batch) {
      const { metric, sequence, timeMs, step, value, text } = observation;
      const metricId = metricIds.get(metric) ?? names.metric(metric);
      metricIds.set(metric, metricId);
      const row = [sourceId, metricId, sequence, timeMs, step, value, text ?? null];
      if (addObservation.run(...row).changes === 0) continue;
      const summary = summaryOf(source.source, observation);
      const sofar = added.get(metricId);
      added.set(metricId, sofar ? mergeSummaries(sofar, summary) : summary);
    }
    for (const [metricId, summary] of added) addSummary(sourceId, metricId, summary);
  });
  return (source, batch) => write.immediate(source, batch);
}

function createSummaryWriter(
  database: Database,
): (sourceId: number, metricId: number, added: SourceSummary) => void {
  const find = database.prepare<[number, number], SummaryRow>(SQL.findSummary);
  const put = database.prepare<StoredValue[]>(SQL.putSummary);
  return (sourceId, metricId, added) => {
    const row = find.get(sourceId, metricId);
    const { source, metric } = added;
    const merged = row ? mergeSummaries({ source, metric, ...row, latest: row.latest ?? NaN }, added) : added;
    const { count, min, max, latest, latestText, latestSequence, firstTimeMs, latestTimeMs } = merged;
    put.run(
      sourceId,
      metricId,
      count,
      min,
      max,
      latest,
      latestText,
      latestSequence,
      firstTimeMs,
      latestTimeMs,
    );
  };
}
