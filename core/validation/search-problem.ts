import { SpecError, type SpecIssue } from '../errors.ts';
import type { ExperimentSpec, InitialTrial } from '../experiment.ts';
import type { Assignments, Parameter, SearchProblem } from '../search-space.ts';
import { parallelTrialCount } from '../defaults.ts';
import { checkDistinctParameters, checkParameterName, readParameter } from './parameters.ts';

const PARAMETERS_PATH = ['spec', 'parameters'];

/**
 * What a search is asked, with all numbers parsed and the invariants of core/search-space.ts. Throws SpecError for a
 * search space that validation would refuse; an experiment without parameters gives an empty space.
 */
export function searchProblem(spec: ExperimentSpec): SearchProblem {
  const specs = spec.parameters ?? [];
  const issues: SpecIssue[] = [];
  const parameters = specs.flatMap((parameter, index): Parameter[] => {
    const path = [...PARAMETERS_PATH, index];
    issues.push(...checkParameterName(parameter.name, path));
    const read = readParameter(parameter, path, issues);
    return read ? [read] : [];
  });
  issues.push(
    ...checkDistinctParameters(
      specs.map(({ name }) => name),
      PARAMETERS_PATH,
    ),
  );
  if (issues.length > 0) throw new SpecError('The search space', issues);
  return {
    parameters,
    direction: spec.objective.type,
    maxTrials: spec.maxTrialCount ?? null,
    parallelTrials: parallelTrialCount(spec),
    ...(spec.initialTrials && { initialTrials: assignmentsOf(spec.initialTrials) }),
  };
}

export function assignmentsOf(trials: readonly InitialTrial[]): Assignments[] {
  return trials.map(({ parameterAssignments }) => parameterAssignments);
}
