import { Command, InvalidArgumentError, Option } from 'commander';
import { DEFAULT_IMPORTANCE_SETTINGS } from '../../algorithms/importance/importance.ts';
import {
  DEFAULT_IMPORTANCE_EVALUATOR,
  IMPORTANCE_EVALUATORS,
  importanceEvaluator,
} from '../../algorithms/importance/registry.ts';
import { importanceOf } from '../../experiments/importance/importance-of.ts';
import {
  importanceRequest,
  type ImportanceRequest,
} from '../../experiments/importance/importance-request.ts';
import { dataDirectory } from '../data-directory.ts';
import { importanceLines, type ImportanceFormat } from '../importance/importance-lines.ts';
import { openResults } from '../open-results.ts';
import { dataDirOption, namespaceOption, outputOption } from '../options.ts';
import type { Output } from '../output/output.ts';

interface ImportanceOptions {
  dataDir: string;
  namespace?: string;
  evaluator: string;
  target?: number;
  region?: number;
  output: ImportanceFormat;
}

export function importanceCommand(output: Output): Command {
  const { target, region } = DEFAULT_IMPORTANCE_SETTINGS;
  return new Command('importance')
    .description('how much each parameter of an experiment matters')
    .argument('<experiment>')
    .addOption(
      new Option('--evaluator <name>', 'how it is found out')
        .choices(IMPORTANCE_EVALUATORS.map(({ name }) => name))
        .default(DEFAULT_IMPORTANCE_EVALUATOR.name),
    )
    .option(
      '--target <part>',
      `for pedanova: the best trials that count as good (default: ${target})`,
      partOfOne,
    )
    .option(
      '--region <part>',
      `for pedanova: the best trials with which they are compared (default: ${region}, all)`,
      partOfOne,
    )
    .addOption(namespaceOption())
    .addOption(outputOption(['text', 'json', 'csv']))
    .addOption(dataDirOption())
    .addHelpText('after', '\nExample:\n  katydid importance digits --evaluator fanova')
    .action(async (name: string, options: ImportanceOptions, command: Command) => {
      const request = requestOf(options, command);
      const results = openResults(dataDirectory(options.dataDir));
      try {
        const experiment = await results.experiment(name, options.namespace);
        const report = importanceOf(experiment, await results.trialsOf(experiment), request);
        const width = output.isTerminal ? output.columns() : null;
        for (const line of importanceLines(report, request, options.output, width)) output.out(line);
        if (options.output !== 'json') for (const note of report.notes) output.err(note);
      } finally {
        await results.close();
      }
    });
}

function requestOf({ evaluator, target, region }: ImportanceOptions, command: Command): ImportanceRequest {
  const found = importanceEvaluator(evaluator) ?? DEFAULT_IMPORTANCE_EVALUATOR;
  const request = importanceRequest(found, { target, region });
  if (!('refusal' in request)) return request;
  const { setting, message, remedy } = request.refusal;
  return command.error(`error: --${setting}: ${message}\n  ${remedy}`);
}

/** For commander's argument parsing. */
function partOfOne(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (value > 0 && value <= 1) return value;
  throw new InvalidArgumentError(`"${text}" is not a number above 0 and up to 1.`);
}
