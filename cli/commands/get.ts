import { Command, Argument } from 'commander';
import { stringify } from 'yaml';
import type { StoredExperiment } from '../../core/experiment.ts';
import type { KubeObject } from '../../core/kubernetes-object.ts';
import type { StoredTrial } from '../../core/trial.ts';
import { dataDirectory } from '../data-directory.ts';
import { formatTook } from '../duration.ts';
import { dataDirOption, namespaceOption, outputOption } from '../options.ts';
import type { Output } from '../output/output.ts';
import { textTable } from '../output/text-table.ts';
import { formatParameters, formatValue } from '../progress/format.ts';
import { openResults, type Results } from '../open-results.ts';
import {
  finishedTrials,
  summarizeExperiment,
  summarizeTrial,
  type ExperimentSummary,
} from '../../experiments/summary.ts';

const NOUNS = ['experiments', 'experiment', 'trials', 'trial'] as const;
type Noun = (typeof NOUNS)[number];

interface GetOptions {
  dataDir: string;
  namespace?: string;
  experiment?: string;
  output: 'text' | 'json' | 'yaml' | 'name';
}

export function getCommand(output: Output): Command {
  return new Command('get')
    .description('list experiments or trials')
    .addArgument(new Argument('[kind]', 'what to list').choices(NOUNS).default('experiments'))
    .argument('[name]', 'only this one')
    .option('-e, --experiment <name>', 'only trials of this experiment')
    .addOption(namespaceOption())
    .addOption(outputOption(['text', 'json', 'yaml', 'name']))
    .addOption(dataDirOption())
    .addHelpText('after', '\nExample:\n  katydid get trials --experiment digits -o json')
    .action(async (noun: Noun, name: string | undefined, options: GetOptions) => {
      const results = openResults(dataDirectory(options.dataDir));
      try {
        await printObjects(results, output, noun, name, options);
      } finally {
        await results.close();
      }
    });
}

async function printObjects(
  results: Results,
  output: Output,
  noun: Noun,
  name: string | undefined,
  options: GetOptions,
): Promise<void> {
  if (noun.startsWith('experiment')) {
    const { namespace } = options;
    const experiments = name
      ? [await results.experiment(name, namespace)]
      : await results.experiments(namespace);
    print(output, options, experiments, name !== undefined, () => experimentTable(experiments));
  } else {
    const trials = name
      ? [await results.trial(name, options.namespace)]
      : await selectedTrials(results, options);
    print(output, options, trials, name !== undefined, () => trialTable(trials));
  }
}

async function selectedTrials(results: Results, options: GetOptions): ReturnType<Results['trials']> {
  if (!options.experiment) return results.trials(options.namespace);
  return results.trialsOf(await results.experiment(options.experiment, options.namespace));
}

function print(
  output: Output,
  options: GetOptions,
  objects: readonly KubeObject[],
  single: boolean,
  table: () => string,
): void {
  const data = single ? objects[0] : { apiVersion: 'v1', kind: 'List', items: objects };
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
