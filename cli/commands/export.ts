import { Command, Option } from 'commander';
import type { StoredExperiment } from '../../core/experiment.ts';
import type { StoredTrial } from '../../core/trial.ts';
import { dataDirectory } from '../data-directory.ts';
import { dataDirOption, namespaceOption, outputOption } from '../options.ts';
import { csvLine } from '../output/csv.ts';
import type { Output } from '../output/output.ts';
import { textTable } from '../output/text-table.ts';
import { curvePoints, type CurvePoint } from '../../experiments/curves.ts';
import { openResults, type Results } from '../open-results.ts';
import { summarizeTrial, type TrialSummary } from '../../experiments/summary.ts';

type Format = 'csv' | 'ndjson' | 'json' | 'text';
type Row = Record<string, string | number | null>;

interface ExportOptions {
  dataDir: string;
  namespace?: string;
  what: 'trials' | 'curves';
  output: Format;
}

export function exportCommand(output: Output): Command {
  return new Command('export')
    .description('all trials of an experiment, or all that they reported, as a table')
    .argument('<experiment>')
    .addOption(
      new Option('--what <rows>', 'one row per trial, or one per reported value')
        .choices(['trials', 'curves'])
        .default('trials'),
    )
    .addOption(namespaceOption())
    .addOption(outputOption<Format>(['csv', 'ndjson', 'json', 'text']))
    .addOption(dataDirOption())
    .addHelpText('after', '\nExample:\n  katydid export digits --what curves -o csv > curves.csv')
    .action(async (name: string, options: ExportOptions) => {
      const results = openResults(dataDirectory(options.dataDir));
      try {
        const experiment = await results.experiment(name, options.namespace);
        const rows =
          options.what === 'trials' ? trialRows(results, experiment) : curveRows(results, experiment);
        const columns = columnsOf(experiment, options.what);
        await printRows(output, options.output, columns, numericColumns(experiment, columns), rows);
      } finally {
        await results.close();
      }
    });
}

/** Column names are fixed by the spec, so that the header can be written before the first row is known. */
function columnsOf({ spec }: StoredExperiment, what: ExportOptions['what']): string[] {
  if (what === 'curves') return ['trial', 'metric', 'step', 'time', 'value', 'source'];
  const { objectiveMetricName, additionalMetricNames = [] } = spec.objective;
  const metrics = [objectiveMetricName, ...additionalMetricNames];
  const metricColumns = metrics.flatMap((metric) => [`${metric}.min`, `${metric}.max`, `${metric}.latest`]);
  const parameters = (spec.parameters ?? []).map(({ name }) => `parameter.${name}`);
  return ['trial', 'status', 'objective', ...parameters, ...metricColumns, 'started', 'completed', 'reason'];
}

/** Columns whose texts are numbers, apart from `NaN` and the like: everything else stays the text that it is. */
function numericColumns({ spec }: StoredExperiment, columns: readonly string[]): ReadonlySet<string> {
  const words = (spec.parameters ?? []).filter(({ parameterType }) => parameterType === 'categorical');
  const texts = new Set([...TEXT_COLUMNS, ...words.map(({ name }) => `parameter.${name}`)]);
  return new Set(columns.filter((column) => !texts.has(column)));
}

const TEXT_COLUMNS = ['trial', 'status', 'started', 'completed', 'reason', 'metric', 'time', 'source'];

async function* trialRows(results: Results, experiment: StoredExperiment): AsyncGenerator<Row> {
  for (const trial of await results.trialsOf(experiment)) yield trialRow(summarizeTrial(trial));
}

function trialRow(trial: TrialSummary): Row {
  const row: Row = { trial: trial.name, status: trial.state, objective: trial.value };
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

async function* curveRows(results: Results, experiment: StoredExperiment): AsyncGenerator<Row> {
  for (const trial of await results.trialsOf(experiment)) {
    for (const point of await curvePoints(results.observations, trial)) yield curveRow(trial, point);
  }
}

function curveRow(trial: StoredTrial, { metric, step, timeMs, text, source }: CurvePoint): Row {
  return { trial: trial.metadata.name, metric, step, time: isoTime(timeMs), value: text, source };
}

async function printRows(
  output: Output,
  format: Format,
  columns: readonly string[],
  numeric: ReadonlySet<string>,
  rows: AsyncIterable<Row>,
): Promise<void> {
  if (format === 'csv') output.out(csvLine(columns));
  const all: Row[] = [];
  for await (const row of rows) {
    if (output.isClosed) return;
    const whole = withAllColumns(row, columns);
    if (format === 'csv') output.out(csvLine(Object.values(whole)));
    else if (format === 'ndjson') output.out(JSON.stringify(withNumbers(whole, numeric)));
    else all.push(whole);
  }
  if (format === 'text') output.out(tableOf(columns, all));
  if (format === 'json')
    output.out(
      JSON.stringify(
        all.map((row) => withNumbers(row, numeric)),
        null,
        2,
      ),
    );
}

/** JSON has no NaN and no Infinity, and no whole numbers beyond 2^53: they stay text. */
function withNumbers(row: Row, numeric: ReadonlySet<string>): Row {
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => [column, numeric.has(column) ? numberOrText(value) : value]),
  );
}

function numberOrText(value: string | number | null): string | number | null {
  if (value === null || value === '') return value;
  const number = Number(value);
  const isExact = Number.isFinite(number) && (!Number.isInteger(number) || Number.isSafeInteger(number));
  return isExact ? number : String(value);
}

function withAllColumns(row: Row, columns: readonly string[]): Row {
  return Object.fromEntries(columns.map((column) => [column, row[column] ?? null]));
}

function tableOf(columns: readonly string[], rows: readonly Row[]): string {
  const cells = rows.map((row) => columns.map((column) => String(row[column] ?? '')));
  return textTable(columns, cells);
}

function isoTime(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
