import type { StoredExperiment } from '../core/experiment.ts';
import type { StoredTrial } from '../core/trial.ts';
import type { ObservationStore } from '../db/observation-store.ts';
import { everyPoint, type CurvePoint } from './curves.ts';
import { summarizeTrial, type TrialSummary } from './summary.ts';

/** One row per trial, or one per reported value. */
export type ExportedRows = 'trials' | 'curves';

export type ExportCell = string | number | null;
export type ExportRow = Record<string, ExportCell>;

/** Column names are fixed by the spec, so that the header can be written before the first row is known. */
export function exportColumns({ spec }: StoredExperiment, what: ExportedRows): string[] {
  if (what === 'curves') return ['trial', 'metric', 'step', 'time', 'value', 'source'];
  const { objectiveMetricName, additionalMetricNames = [] } = spec.objective;
  const metrics = [objectiveMetricName, ...additionalMetricNames];
  const metricColumns = metrics.flatMap((metric) => [`${metric}.min`, `${metric}.max`, `${metric}.latest`]);
  const parameters = (spec.parameters ?? []).map(({ name }) => `parameter.${name}`);
  return ['trial', 'status', 'objective', ...parameters, ...metricColumns, 'started', 'completed', 'reason'];
}

/** Columns whose texts are numbers, apart from `NaN` and the like: everything else stays the text that it is. */
export function numericColumns({ spec }: StoredExperiment, columns: readonly string[]): ReadonlySet<string> {
  const words = (spec.parameters ?? []).filter(({ parameterType }) => parameterType === 'categorical');
  const texts = new Set([...TEXT_COLUMNS, ...words.map(({ name }) => `parameter.${name}`)]);
  return new Set(columns.filter((column) => !texts.has(column)));
}

const TEXT_COLUMNS = ['trial', 'status', 'started', 'completed', 'reason', 'metric', 'time', 'source'];

/** The rows of the trials, in their order, each with all `columns`. Curves are read piece by piece. */
export async function* exportRows(
  observations: ObservationStore,
  trials: readonly StoredTrial[],
  what: ExportedRows,
  columns: readonly string[],
): AsyncGenerator<ExportRow> {
  for (const trial of trials) {
    if (what === 'trials') yield withAllColumns(trialRow(summarizeTrial(trial)), columns);
    else
      for await (const point of everyPoint(observations, trial))
        yield withAllColumns(curveRow(trial, point), columns);
  }
}

/** JSON has no NaN and no Infinity, and no whole numbers beyond 2^53: they stay text. */
export function withNumbers(row: ExportRow, numeric: ReadonlySet<string>): ExportRow {
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => [column, numeric.has(column) ? numberOrText(value) : value]),
  );
}

function trialRow(trial: TrialSummary): ExportRow {
  const row: ExportRow = { trial: trial.name, status: trial.state, objective: trial.value };
  for (const { name, value } of trial.parameters) row[`parameter.${name}`] = value;
  for (const { name, min, max, latest } of trial.metrics) {
    Object.assign(row, { [`${name}.min`]: min, [`${name}.max`]: max, [`${name}.latest`]: latest });
  }
  return {
    ...row,
    started: isoTime(trial.startedMs),
    completed: isoTime(trial.completedMs),
    reason: trial.reason,
  };
}

function curveRow(trial: StoredTrial, { metric, step, timeMs, text, source }: CurvePoint): ExportRow {
  return { trial: trial.metadata.name, metric, step, time: isoTime(timeMs), value: text, source };
}

function numberOrText(value: ExportCell): ExportCell {
  if (value === null || value === '') return value;
  const number = Number(value);
  const isExact = Number.isFinite(number) && (!Number.isInteger(number) || Number.isSafeInteger(number));
  return isExact ? number : String(value);
}

function withAllColumns(row: ExportRow, columns: readonly string[]): ExportRow {
  return Object.fromEntries(columns.map((column) => [column, row[column] ?? null]));
}

function isoTime(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
