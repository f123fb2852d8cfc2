import type { Database } from 'better-sqlite3';
import { downSample } from '../down-sample.ts';
import type { PageQuery, SeriesQuery, StoredObservation } from '../observation-store.ts';
import type { Names } from './names.ts';
import { SQL } from './statements.ts';

interface SeriesRow {
  source: string;
  sequence: number;
  timeMs: number;
  step: number | null;
  value: number | null;
  text: string | null;
}

type Range = [trialUid: string, metric: number, fromMs: number, toMs: number];

/** Reads the series of a metric. A down-sampled one is never held in memory as a whole. */
export function createSeriesReader(
  database: Database,
  names: Names,
): (trialUid: string, query: SeriesQuery) => StoredObservation[] {
  const countRows = database.prepare<Range, { count: number }>(SQL.countSeries);
  const selectRows = database.prepare<Range, SeriesRow>(SQL.series);
  return (trialUid, { metric, fromMs = -Infinity, toMs = Infinity, maxPoints = Infinity }) => {
    const metricId = names.findMetric(metric);
    if (metricId === undefined) return [];
    const range: Range = [trialUid, metricId, fromMs, toMs];
    const rows = observations(metric, selectRows.iterate(...range));
    if (maxPoints === Infinity) return [...rows];
    return downSample(rows, countRows.get(...range)?.count ?? 0, maxPoints);
  };
}

/** Reads all of a metric piece by piece, of one source after the other; each piece is found by the key of the table. */
export function createPageReader(
  database: Database,
  names: Names,
): (trialUid: string, query: PageQuery) => StoredObservation[] {
  const firstSource = database.prepare<[string], SourceName>(SQL.firstSource);
  const nextSource = database.prepare<[string, string], SourceName>(SQL.nextSource);
  const selectRows = database.prepare<[string, string, number, number, number], SeriesRow>(SQL.page);
  return (trialUid, { metric, after, limit }) => {
    const metricId = names.findMetric(metric);
    if (metricId === undefined) return [];
    let source = after?.source ?? firstSource.get(trialUid)?.name;
    let sequence = after?.sequence ?? -1;
    while (source !== undefined) {
      const rows = selectRows.all(trialUid, source, metricId, sequence, limit);
      if (rows.length > 0) return [...observations(metric, rows)];
      source = nextSource.get(trialUid, source)?.name;
      sequence = -1;
    }
    return [];
  };
}

interface SourceName {
  name: string;
}

function* observations(metric: string, rows: Iterable<SeriesRow>): Generator<StoredObservation> {
  for (const { value, text, ...row } of rows) {
    yield { metric, value: value ?? NaN, ...(text === null ? {} : { text }), ...row };
  }
}
