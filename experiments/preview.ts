import { algorithmOf } from '../core/defaults.ts';
import { pointCount } from '../algorithms/finite-space.ts';
import { KatydidError } from '../core/errors.ts';
import type { Experiment, ParameterAssignment } from '../core/experiment.ts';
import { silentLogger } from '../core/logger.ts';
import { renderTrialSpec, type TrialTemplateSource } from '../core/trial-template.ts';
import type { SearchProblem } from '../core/search-space.ts';
import { searchProblem } from '../core/validation/search-problem.ts';
import type { ConfigMap } from '../kube/resource.ts';
import { createSuggestionService } from '../suggestion/local-suggestion-service.ts';
import type { SuggestionService, SuggestRequest } from '../suggestion/suggestion-service.ts';
import type { CompanionObject } from './companion-object.ts';

/** What an experiment would begin with. */
export interface Preview {
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

/**
 * The first `count` suggestions for an experiment (with its defaults filled in), and the job that the first becomes.
 *
 * @throws KatydidError TEMPLATE_NOT_FOUND where the template is in a ConfigMap that is none of the companions.
 */
export async function previewExperiment(
  experiment: Experiment,
  others: readonly CompanionObject[],
  count: number,
): Promise<Preview> {
  const { metadata, spec } = experiment;
  const name = metadata.name ?? `${metadata.generateName ?? ''}xxxxx`;
  const algorithm = algorithmOf(spec);
  const problem = searchProblem(spec);
  const service = createSuggestionService({ logger: silentLogger });
  try {
    // The Experiment has no uid yet, which would be its seed: without one the real values differ.
    const search = { searchId: name, problem, algorithm, seed: String(spec.seed ?? name) };
    const wanted = Math.min(count, spec.maxTrialCount ?? count);
    const { suggestions, exhausted } = await firstSuggestions(service, search, wanted);
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

/** Asks again where a search gives fewer than were asked for: nothing has run that it could wait for. */
async function firstSuggestions(
  service: SuggestionService,
  search: Omit<SuggestRequest, 'trials' | 'firstIndex' | 'count'>,
  count: number,
): Promise<Pick<Preview, 'suggestions' | 'exhausted'>> {
  const suggestions: Preview['suggestions'] = [];
  for (;;) {
    const firstIndex = suggestions.length;
    const trials = suggestions.map(({ trial, parameterAssignments }) => ({
      name: trial,
      parameterAssignments,
      state: 'running' as const,
      value: null,
    }));
    const reply = await service.suggest({ ...search, trials, firstIndex, count: count - firstIndex });
    const added = reply.assignments.map((parameterAssignments, at) => ({
      trial: `${search.searchId}-${firstIndex + at}`,
      parameterAssignments,
    }));
    suggestions.push(...added);
    if (reply.exhausted || added.length === 0 || suggestions.length === count)
      return { suggestions, exhausted: reply.exhausted };
  }
}

/** Beyond 2^53 an approximation: nobody tries them all. */
function combinationsOf({ parameters }: SearchProblem): number | null {
  const count = pointCount(parameters);
  return count === null ? null : Number(count);
}

function jobOf(
  experiment: Experiment,
  others: readonly CompanionObject[],
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
function templateOf({ spec }: Experiment, others: readonly CompanionObject[]): TrialTemplateSource {
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
