import { Command } from 'commander';
import { KatydidError } from '../../core/errors.ts';
import { dataDirectory } from '../data-directory.ts';
import { describeExperiment } from '../describe/describe-experiment.ts';
import { describeTrial } from '../describe/describe-trial.ts';
import { dataDirOption, namespaceOption } from '../options.ts';
import type { Output } from '../output/output.ts';
import { openResults, type Results } from '../open-results.ts';

interface DescribeOptions {
  dataDir: string;
  namespace?: string;
}

const KIND_AND_NAME = /^(experiment|trial)\/(.+)$/;

export function describeCommand(output: Output): Command {
  return new Command('describe')
    .description('everything about an experiment or a trial, for people')
    .argument('<name>', 'an experiment or a trial; experiment/NAME or trial/NAME where both have the name')
    .addOption(namespaceOption())
    .addOption(dataDirOption())
    .addHelpText('after', '\nExample:\n  katydid describe digits-0')
    .action(async (name: string, options: DescribeOptions) => {
      const results = openResults(dataDirectory(options.dataDir));
      try {
        for (const line of await describe(results, name, options)) output.out(line);
      } finally {
        await results.close();
      }
    });
}

async function describe(results: Results, text: string, options: DescribeOptions): Promise<string[]> {
  const { namespace, dataDir } = options;
  const [, kind, rest] = KIND_AND_NAME.exec(text) ?? [];
  const name = rest ?? text;
  if (kind === 'trial') return describeTrial(results, await results.trial(name, namespace), dataDir);
  const experiment = await unlessMissing(results.experiment(name, namespace));
  if (kind === 'experiment' || experiment) {
    return describeExperiment(results, experiment ?? (await results.experiment(name, namespace)));
  }
  const trial = await unlessMissing(results.trial(name, namespace));
  if (trial) return describeTrial(results, trial, dataDir);
  throw new KatydidError('NOT_FOUND', `There is no experiment and no trial "${name}".`, {
    remedy: 'The names are in: katydid get experiments, katydid get trials.',
  });
}

async function unlessMissing<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found;
  } catch (error) {
    if (error instanceof KatydidError && error.code === 'NOT_FOUND') return undefined;
    throw error;
  }
}
