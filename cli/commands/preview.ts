import { Command } from 'commander';
import { stringify } from 'yaml';
import { withDefaults } from '../../core/defaults.ts';
import { previewExperiment, type Preview } from '../../experiments/preview.ts';
import { acceptedFiles } from '../manifest/accepted-files.ts';
import { outputOption, wholeNumber } from '../options.ts';
import type { Output } from '../output/output.ts';
import { textTable } from '../output/text-table.ts';

interface PreviewOptions {
  count: number;
  output: 'text' | 'json';
}

export function previewCommand(output: Output): Command {
  return new Command('preview')
    .description('the first suggestions of an experiment and the job that its first trial becomes')
    .argument('<file>', 'YAML or JSON; - reads standard input')
    .option('--count <n>', 'how many suggestions', wholeNumber(1), 5)
    .addOption(outputOption(['text', 'json']))
    .addHelpText('after', '\nExample:\n  katydid preview examples/digits/experiment.yaml --count 3')
    .action(async (file: string, options: PreviewOptions) => {
      const { experiments, others } = acceptedFiles([file]);
      const previews = await Promise.all(
        experiments.map(({ experiment }) =>
          previewExperiment(withDefaults(experiment), others, options.count),
        ),
      );
      for (const preview of previews) {
        output.out(options.output === 'json' ? JSON.stringify(preview, null, 2) : previewText(preview));
      }
    });
}

function previewText(preview: Preview): string {
  const { experiment, suggestions, exhausted, firstTrial } = preview;
  const names = suggestions[0]?.parameterAssignments.map(({ name }) => name) ?? [];
  const rows = suggestions.map(({ trial, parameterAssignments }) => [
    trial,
    ...parameterAssignments.map(({ value }) => value),
  ]);
  return [
    scopeOf(preview),
    '',
    `First suggestions of ${experiment}:`,
    textTable(['TRIAL', ...names], rows),
    ...(exhausted ? ['The search space has no further points.'] : []),
    '',
    'The job of the first trial:',
    stringify(firstTrial).trimEnd(),
  ].join('\n');
}

/** `Algorithm grid, at most 9 trials. The search space has 4 combinations, so that 4 trials use it up.` */
function scopeOf({ algorithm, maxTrials, combinations }: Preview): string {
  const trials = maxTrials === null ? 'trials without limit' : `at most ${maxTrials} trials`;
  const head = `Algorithm ${algorithm}, ${trials}.`;
  if (combinations === null) return `${head} The search space is continuous.`;
  const space = `The search space has ${combinations} combinations`;
  const share =
    maxTrials === null || maxTrials > combinations
      ? `${combinations} trials can cover it.`
      : maxTrials === combinations
        ? 'exactly as many.'
        : `of which at most ${maxTrials} are tried.`;
  return `${head} ${space}, ${share}`;
}
