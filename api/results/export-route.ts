import { z } from 'zod';
import { csvLine } from '../../experiments/csv-line.ts';
import {
  exportColumns,
  exportRows,
  numericColumns,
  withNumbers,
  type ExportRow,
} from '../../experiments/export-rows.ts';
import { findExperiment } from '../find-object.ts';
import type { RestOptions } from '../rest-options.ts';
import type { Route } from '../route.ts';
import type { TrialIndex } from '../trials/trial-index.ts';
import { textStream } from './line-stream.ts';
import { orderedTrials } from './ordered-trials.ts';

const TYPES = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json',
  ndjson: 'application/x-ndjson',
} as const;
type Format = keyof typeof TYPES;

const querySchema = z.object({
  format: z.enum(['csv', 'json', 'ndjson']).default('csv').describe('Of the rows.'),
  what: z
    .enum(['trials', 'curves'])
    .default('trials')
    .describe('One row per trial, or one per reported value.'),
});

export function exportRoute({ client, observations }: RestOptions, trials: TrialIndex): Route {
  return {
    method: 'get',
    path: '/namespaces/{namespace}/experiments/{experiment}/export',
    operationId: 'exportExperiment',
    tag: 'results',
    summary: 'All trials of an experiment, or all that they reported, as a table',
    description: 'The same rows as `katydid export` prints. Streamed, in the order of the trials.',
    query: querySchema,
    responses: {
      200: { description: 'The rows.', contentType: 'text/csv, application/json, application/x-ndjson' },
    },
    async handle({ params, query }) {
      const { format, what } = query as z.infer<typeof querySchema>;
      const experiment = await findExperiment(client, params);
      const columns = exportColumns(experiment, what);
      const rows = exportRows(observations, await orderedTrials(trials, experiment), what, columns);
      const stream = textStream(texts(format, columns, numericColumns(experiment, columns), rows));
      return { status: 200, stream, headers: { 'content-type': TYPES[format] } };
    },
  };
}

async function* texts(
  format: Format,
  columns: readonly string[],
  numeric: ReadonlySet<string>,
  rows: AsyncIterable<ExportRow>,
): AsyncGenerator<string> {
  if (format === 'csv') yield `${csvLine(columns)}\n`;
  let separator = '[\n';
  for await (const row of rows) {
    if (format === 'csv') yield `${csvLine(Object.values(row))}\n`;
    else if (format === 'ndjson') yield `${JSON.stringify(withNumbers(row, numeric))}\n`;
    else {
      yield separator + JSON.stringify(withNumbers(row, numeric));
      separator = ',\n';
    }
  }
  if (format === 'json') yield separator === '[\n' ? '[]\n' : '\n]\n';
}
