import { Command, Option } from 'commander';
import { dataDirectory } from '../data-directory.ts';
import { dataDirOption, namespaceOption, outputOption } from '../options.ts';
import { csvLine } from '../../experiments/csv-line.ts';
import type { Output } from '../output/output.ts';
import { textTable } from '../output/text-table.ts';
import {
  exportColumns,
  exportRows,
  numericColumns,
  withNumbers,
  type ExportedRows,
  type ExportRow,
} from '../../experiments/export-rows.ts';
import { openResults } from '../open-results.ts';

type Format = 'csv' | 'ndjson' | 'json' | 'text';

interface ExportOptions {
  dataDir: string;
  namespace?: string;
  what: ExportedRows;
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
        const columns = exportColumns(experiment, options.what);
        const trials = await results.trialsOf(experiment);
        const rows = exportRows(results.observations, trials, options.what, columns);
        await printRows(output, options.output, columns, numericColumns(experiment, columns), rows);
      } finally {
        await results.close();
      }
    });
}

async function printRows(
  output: Output,
  format: Format,
  columns: readonly string[],
  numeric: ReadonlySet<string>,
  rows: AsyncIterable<ExportRow>,
): Promise<void> {
  if (format === 'csv') output.out(csvLine(columns));
  const all: ExportRow[] = [];
  for await (const row of rows) {
    if (output.isClosed) return;
    if (format === 'csv') output.out(csvLine(Object.values(row)));
    else if (format === 'ndjson') output.out(JSON.stringify(withNumbers(row, numeric)));
    else all.push(row);
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

function tableOf(columns: readonly string[], rows: readonly ExportRow[]): string {
  const cells = rows.map((row) => columns.map((column) => String(row[column] ?? '')));
  return textTable(columns, cells);
}
