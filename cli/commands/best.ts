import { Command } from 'commander';
import { KatydidError } from '../../core/errors.ts';
import { dataDirectory } from '../data-directory.ts';
import { dataDirOption, namespaceOption, outputOption } from '../options.ts';
import { csvLine } from '../../experiments/csv-line.ts';
import type { Output } from '../output/output.ts';
import { formatValue } from '../progress/format.ts';
import { openResults } from '../open-results.ts';
import { summarizeExperiment, type BestTrial, type ExperimentSummary } from '../../experiments/summary.ts';

interface BestOptions {
  dataDir: string;
  namespace?: string;
  output: 'text' | 'json' | 'csv';
}

export function bestCommand(output: Output): Command {
  return new Command('best')
    .description('the best trial of an experiment and its parameters')
    .argument('<experiment>')
    .addOption(namespaceOption())
    .addOption(outputOption(['text', 'json', 'csv']))
    .addOption(dataDirOption())
    .addHelpText('after', '\nExample:\n  katydid best digits -o json')
    .action(async (name: string, options: BestOptions) => {
      const results = openResults(dataDirectory(options.dataDir));
      try {
        const experiment = summarizeExperiment(await results.experiment(name, options.namespace));
        for (const line of bestLines(experiment, requireBest(experiment), options.output)) output.out(line);
      } finally {
        await results.close();
      }
    });
}

function requireBest(experiment: ExperimentSummary): BestTrial {
  if (experiment.best) return experiment.best;
  throw new KatydidError('NO_RESULT_YET', `No trial of experiment "${experiment.name}" has a result yet.`, {
    remedy: `See how they are doing: katydid get trials --experiment ${experiment.name}`,
  });
}

export function bestLines(
  experiment: ExperimentSummary,
  best: BestTrial,
  format: BestOptions['output'],
): string[] {
  const metric = experiment.objective.objectiveMetricName;
  switch (format) {
    case 'json':
      return [
        JSON.stringify({
          experiment: experiment.name,
          namespace: experiment.namespace,
          objectiveMetricName: metric,
          value: best.value,
          bestTrialName: best.name,
          parameterAssignments: best.parameters,
          observation: best.observation,
        }),
      ];
    case 'csv':
      return [
        csvLine(['trial', metric, ...best.parameters.map(({ name }) => name)]),
        csvLine([best.name, best.value, ...best.parameters.map(({ value }) => value)]),
      ];
    case 'text':
      return [
        `${metric} = ${formatValue(best.value)} (${best.name})`,
        ...best.parameters.map(({ name, value }) => `  ${name} = ${value}`),
      ];
  }
}
