import { Command, Argument } from 'commander';
import { stringify } from 'yaml';
import type { StoredExperiment } from '../../core/experiment.ts';
import type { KubeObject } from '../../core/kubernetes-object.ts';
import type { StoredTrial } from '../../core/trial.ts';
import { dataDirectory } from '../data-directory.ts';
import { formatTook } from '../duration.ts';
import { dataDirOption, namespaceOption, outputOption, wholeNumber } from '../options.ts';
import type { Output } from '../output/output.ts';
import { textTable } from '../output/text-table.ts';
import { formatParameters, formatValue } from '../progress/format.ts';
import { openResults, type Results } from '../open-results.ts';
import { select, type SelectionOptions } from '../selection.ts';
import { experimentFields } from '../../experiments/query/experiment-fields.ts';
import type { FieldTable } from '../../experiments/query/field-table.ts';
import { trialFields } from '../../experiments/query/trial-fields.ts';
import {
  finishedTrials,
  summarizeExperiment,
  summarizeTrial,
  type ExperimentSummary,
} from '../../experiments/summary.ts';

const NOUNS = ['experiments', 'experiment', 'trials', 'trial'] as const;
type Noun = (typeof NOUNS)[number];

interface GetOptions extends SelectionOptions {
  dataDir: string;
  namespace?: string;
  experiment?: string;
  output: 'text' | 'json' | 'yaml' | 'name';
}

const EXAMPLES = `
Examples:
  katydid get trials --experiment digits -o json
  katydid get trials -e digits --filter 'status = Succeeded AND params.lr < 0.01' --sort 'objective desc' --limit 5
  katydid get experiments --filter 'trials.failed > 0'

docs/rest.md lists the fields and what can be asked of them.`;

export function getCommand(output: Output): Command {
  return new Command('get')
    .description('list experiments or trials')
    .addArgument(new Argument('[kind]', 'what to list').choices(NOUNS).default('experiments'))
    .argument('[name]', 'only this one')
    .option('-e, --experiment <name>', 'only trials of this experiment')
    .option('--filter <expression>', 'only those of which it holds, for example: status = Failed')
    .option('--sort <fields>', 'in this order, for example: objective desc, name')
    .option('--limit <n>', 'only the first so many', wholeNumber(1))
    .addOption(namespaceOption())
    .addOption(outputOption(['text', 'json', 'yaml', 'name']))
    .addOption(dataDirOption())
    .addHelpText('after', EXAMPLES)
    .action(async (noun: Noun, name: string | undefined, options: GetOptions, command: Command) => {
      const { filter, sort, limit } = options;
      if (name !== undefined && (filter ?? sort ?? limit) !== undefined) {
        command.error('error: --filter, --sort and --limit are for lists; leave them or the name out');
      }
      const results = openResults(dataDirectory(options.dataDir));
      try {
        if (noun.startsWith('experiment')) await printExperiments(results, output, name, options);
        else await printTrials(results, output, name, options);
      } finally {
        await results.close();
      }
    });
}

async function printExperiments(
  results: Results,
  output: Output,
  name: string | undefined,
  options: GetOptions,
): Promise<void> {
  const { namespace } = options;
  if (name === undefined)
    printList(output, options, await results.experiments(namespace), experimentFields, experimentTable);
  else printOne(output, options, await results.experiment(name, namespace), experimentTable);
}

async function printTrials(
  results: Results,
  output: Output,
  name: string | undefined,
  options: GetOptions,
): Promise<void> {
  const { namespace } = options;
  if (name !== undefined) {
    printOne(output, options, await results.trial(name, namespace), trialTable);
    return;
  }
  const experiment = options.experiment ? await results.experiment(options.experiment, namespace) : undefined;
  const trials = await (experiment ? results.trialsOf(experiment) : results.trials(namespace));
  printList(output, options, trials, trialFields(experiment), trialTable);
}

function printOne<T extends KubeObject>(
  output: Output,
  options: GetOptions,
  object: T,
  table: (objects: readonly T[]) => string,
): void {
  print(output, options, [object], object, () => table([object]));
}

function printList<T extends KubeObject>(
  output: Output,
  options: GetOptions,
  objects: readonly T[],
  fields: FieldTable<T>,
  table: (objects: readonly T[]) => string,
): void {
  const { shown, left } = select(objects, fields, options);
  print(output, options, shown, { apiVersion: 'v1', kind: 'List', items: shown }, () => table(shown));
  if (left > 0) output.err(`The first ${shown.length} of ${shown.length + left}: --limit shows more.`);
}

/** `data` is what programs get of the objects. */
function print(
  output: Output,
  options: GetOptions,
  objects: readonly KubeObject[],
  data: object,
  table: () => string,
): void {
  if (options.output === 'json') output.out(JSON.stringify(data, null, 2));
  else if (options.output === 'yaml') output.out(stringify(data).trimEnd());
  else if (options.output === 'name') {
    for (const { kind, metadata } of objects) output.out(`${kind.toLowerCase()}/${metadata.name ?? ''}`);
  } else output.out(table());
}

function experimentTable(experiments: readonly StoredExperiment[]): string {
  const rows = experiments.map((experiment) => {
    const summary = summarizeExperiment(experiment);
    const { namespace, name, state, counts, maxTrials } = summary;
    const finished = `${finishedTrials(counts)}/${maxTrials ?? '?'}`;
    const failed = counts.failed + counts.metricsUnavailable;
    return [namespace, name, state, finished, String(counts.running), String(failed), bestOf(summary)];
  });
  return textTable(['NAMESPACE', 'NAME', 'STATUS', 'TRIALS', 'RUNNING', 'FAILED', 'BEST'], rows);
}

function bestOf({ best, objective }: ExperimentSummary): string {
  return best ? `${objective.objectiveMetricName}=${formatValue(best.value)} (${best.name})` : '-';
}

/** With a column for the namespace where there is more than one. */
function trialTable(trials: readonly StoredTrial[]): string {
  const isMixed = new Set(trials.map(({ metadata }) => metadata.namespace)).size > 1;
  const rows = trials.map((trial) => {
    const { name, state, value, startedMs, completedMs, parameters } = summarizeTrial(trial);
    const took = formatTook(startedMs, completedMs);
    const cells = [name, state, formatValue(value), took, formatParameters(parameters)];
    return isMixed ? [trial.metadata.namespace ?? '', ...cells] : cells;
  });
  const header = ['NAME', 'STATUS', 'OBJECTIVE', 'TOOK', 'PARAMETERS'];
  return textTable(isMixed ? ['NAMESPACE', ...header] : header, rows);
}
