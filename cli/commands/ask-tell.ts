import { randomUUID } from 'node:crypto';
import { Command } from 'commander';
import { algorithmOf, withDefaults } from '../../core/defaults.ts';
import { KatydidError } from '../../core/errors.ts';
import type { AlgorithmSpec } from '../../core/experiment.ts';
import { searchProblem } from '../../core/validation/search-problem.ts';
import { runAskTell } from '../ask-tell/ask-tell.ts';
import { acceptedFiles } from '../manifest/accepted-files.ts';
import { wholeNumber } from '../options.ts';
import type { Output } from '../output/output.ts';

interface AskTellCommandOptions {
  algorithm?: string;
  seed?: string;
  maxTrials?: number;
}

export function askTellCommand(output: Output): Command {
  return new Command('ask-tell')
    .description('the search alone, for any program: JSON lines on stdin and stdout')
    .argument('<file>', 'the Experiment whose objective, algorithm and parameters count')
    .option('--algorithm <name>', 'another algorithm than the file says, with its default settings')
    .option('--seed <text>', 'equal seeds and equal conversations give equal suggestions')
    .option('--max-trials <n>', 'suggestions in all', wholeNumber(1))
    .addHelpText(
      'after',
      `\nExample:\n  echo '{"op":"ask","count":2}' | katydid ask-tell examples/shell-job/experiment.yaml`,
    )
    .action(async (file: string, options: AskTellCommandOptions) => {
      const { experiments } = acceptedFiles([file]);
      const [first, second] = experiments;
      if (!first || second) {
        throw new KatydidError(
          'ONE_EXPERIMENT_EXPECTED',
          `${file} holds ${experiments.length} Experiments.`,
          {
            remedy: 'Give a file with exactly one.',
          },
        );
      }
      const { spec } = withDefaults(first.experiment);
      await runAskTell({
        problem: searchProblem(spec),
        algorithm: chosenAlgorithm(algorithmOf(spec), options),
        objective: spec.objective,
        seed: options.seed ?? String(spec.seed ?? randomUUID()),
        maxTrials: options.maxTrials ?? spec.maxTrialCount ?? null,
        input: process.stdin,
        output: (line) => output.out(line),
      });
    });
}

/** `--seed` goes before a `random_state` of the file, which would otherwise win over it. */
function chosenAlgorithm(fromFile: AlgorithmSpec, { algorithm, seed }: AskTellCommandOptions): AlgorithmSpec {
  const base =
    algorithm === undefined || algorithm === fromFile.algorithmName ? fromFile : { algorithmName: algorithm };
  if (seed === undefined) return base;
  const settings = (base.algorithmSettings ?? []).filter(({ name }) => name !== 'random_state');
  return { ...base, algorithmSettings: settings };
}
