import { Command } from 'commander';
import { stringify } from 'yaml';
import { pointCount } from '../../algorithms/finite-space.ts';
import { withDefaults } from '../../core/defaults.ts';
import { KatydidError } from '../../core/errors.ts';
import type { Experiment, ParameterAssignment } from '../../core/experiment.ts';
import { silentLogger } from '../../core/logger.ts';
import { renderTrialSpec, type TrialTemplateSource } from '../../core/trial-template.ts';
import type { SearchProblem } from '../../core/search-space.ts';
import { searchProblem } from '../../core/validation/search-problem.ts';
import type { ConfigMap } from '../../kube/resource.ts';
import { createSuggestionService } from '../../suggestion/local-suggestion-service.ts';
import { acceptedFiles } from '../manifest/accepted-files.ts';
import type { LoadedObject } from '../manifest/experiment-files.ts';
import { outputOption, wholeNumber } from '../options.ts';
import type { Output } from '../output/output.ts';
import { textTable } from '../output/text-table.ts';

interface PreviewOptions {
  count: number;
  output: 'text' | 'json';
}

/** What an experiment would begin with. */
interface Preview {
  experiment: string;
  algorithm: string;
  /** Null where there is no limit. */
  maxTrials: number | null;
  /** How many different points the search space has; null where a parameter is continuous. */
  combinations: number | null;
  suggestions: { trial: string; parameterAssignments: ParameterAssignment[] }[];
  /** The space is smaller than what was asked for. */
  exhausted: boolean;
  /** The job of the first trial, before the metrics collector is added. */
  firstTrial: Record<string, unknown> | null;
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
        experiments.map(({ experiment }) => previewOf(withDefaults(experiment), others, options.count)),
      );
      for (const preview of previews) {
        output.out(options.output === 'json' ? JSON.stringify(preview, null, 2) : previewText(preview));
      }
    });
}

async function previewOf(
  experiment: Experiment,
  others: readonly LoadedObject[],
  count: number,
): Promise<Preview> {
  const { metadata, spec } = experiment;
  const name = metadata.name ?? `${metadata.generateName ?? ''}xxxxx`;
  const algorithm = spec.algorithm ?? { algorithmName: 'random' };
  const problem = searchProblem(spec);
  const service = createSuggestionService({ logger: silentLogger });
  try {
    const { assignments, exhausted } = await service.suggest({
      searchId: name,
      problem,
      algorithm,
      // The Experiment has no uid yet, which would be its seed: without a random_state the real values differ.
      seed: name,
      trials: [],
      firstIndex: 0,
      count: Math.min(count, spec.maxTrialCount ?? count),
    });
    const suggestions = assignments.map((parameterAssignments, index) => ({
      trial: `${name}-${index}`,
      parameterAssignments,
    }));
    const [first] = suggestions;
    return {
      experiment: name,
      algorithm: algorithm.algorithmName,
      maxTrials: spec.maxTrialCount ?? null,
      combinations: combinationsOf(problem),
      suggestions,
      exhausted,
      firstTrial: first ? jobOf(experiment, others, first) : null,
    };
  } finally {
    await service.close();
  }
}

/** Beyond 2^53 an approximation: nobody tries them all. */
function combinationsOf({ parameters }: SearchProblem): number | null {
  const count = pointCount(parameters);
  return count === null ? null : Number(count);
}

function jobOf(
  experiment: Experiment,
  others: readonly LoadedObject[],
  { trial, parameterAssignments }: Preview['suggestions'][number],
): Record<string, unknown> {
  return renderTrialSpec({
    template: templateOf(experiment, others),
    trialParameters: experiment.spec.trialTemplate.trialParameters ?? [],
    assignments: parameterAssignments,
    trialName: trial,
    trialNamespace: experiment.metadata.namespace ?? '',
  });
}

/** A template in a ConfigMap is looked for in the same file: nothing is running that could be asked. */
function templateOf({ spec }: Experiment, others: readonly LoadedObject[]): TrialTemplateSource {
  const { trialSpec, configMap } = spec.trialTemplate;
  if (trialSpec) return trialSpec;
  const found = others.find(
    ({ object }) =>
      object.kind === 'ConfigMap' &&
      object.metadata.name === configMap?.configMapName &&
      object.metadata.namespace === configMap?.configMapNamespace,
  );
  const text = (found?.object as ConfigMap | undefined)?.data?.[configMap?.templatePath ?? ''];
  if (text !== undefined) return text;
  const where = `ConfigMap ${configMap?.configMapNamespace ?? ''}/${configMap?.configMapName ?? ''}`;
  throw new KatydidError(
    'TEMPLATE_NOT_FOUND',
    `${where} has no key "${configMap?.templatePath ?? ''}" in this file.`,
    {
      remedy: 'Put the ConfigMap into the same file to preview it.',
    },
  );
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
