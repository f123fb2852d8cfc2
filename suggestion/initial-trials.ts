import { parsePoint } from '../algorithms/point-text.ts';
import { suggestionsOf, type Searcher, type Suggested } from '../algorithms/search-algorithm.ts';
import { didYouMean } from '../core/did-you-mean.ts';
import { KatydidError, type SpecIssue } from '../core/errors.ts';
import type { Assignments, Parameter, SearchProblem } from '../core/search-space.ts';
import { quoted, specIssue } from '../core/validation/issue.ts';

/** What is wrong with the initial trials of a problem. Paths begin with the number of the trial. */
export function checkInitialTrials({ parameters, initialTrials = [] }: SearchProblem): SpecIssue[] {
  return initialTrials.flatMap((assignments, number) => {
    const path = [number, 'parameterAssignments'];
    const unknown = checkNames(parameters, assignments, path);
    return unknown.length > 0 ? unknown : checkPoint(parameters, assignments, path);
  });
}

function checkNames(
  parameters: readonly Parameter[],
  assignments: Assignments,
  path: SpecIssue['path'],
): SpecIssue[] {
  const names = parameters.map(({ name }) => name);
  return assignments.flatMap(({ name }, at) => {
    const place = [...path, at, 'name'];
    if (!names.includes(name)) {
      const message = `There is no parameter ${quoted(name)}.`;
      return [specIssue('SPEC_INITIAL_TRIAL_INVALID', place, message, didYouMean(name, names))];
    }
    const isSecond = assignments.findIndex((other) => other.name === name) < at;
    const message = `Parameter ${name} has two values.`;
    return isSecond ? [specIssue('SPEC_INITIAL_TRIAL_INVALID', place, message, 'Keep one.')] : [];
  });
}

function checkPoint(
  parameters: readonly Parameter[],
  assignments: Assignments,
  path: SpecIssue['path'],
): SpecIssue[] {
  try {
    parsePoint(parameters, assignments);
    return [];
  } catch (error) {
    if (!(error instanceof KatydidError)) throw error;
    return [specIssue('SPEC_INITIAL_TRIAL_INVALID', path, error.message, error.remedy ?? '')];
  }
}

/**
 * The searcher, which is asked for the trials behind the initial ones: trial number k takes the k-th of them. A request for both gets
 * the initial ones only, so that the searcher sees them in the history before it suggests anything.
 */
export function afterInitialTrials(
  searcher: Searcher,
  { parameters, initialTrials = [] }: SearchProblem,
): Searcher {
  if (initialTrials.length === 0) return searcher;
  const points = initialTrials.map((assignments) => parsePoint(parameters, assignments));
  const suggestLabelled: Searcher['suggestLabelled'] = (history, firstIndex, count) => {
    const initial = points.slice(firstIndex, firstIndex + count);
    if (initial.length === 0) return suggestionsOf(searcher, history, firstIndex, count);
    return { suggestions: initial.map((point): Suggested => ({ point })), exhausted: false };
  };
  return {
    suggestLabelled,
    choice: (history, firstIndex) =>
      firstIndex < points.length ? undefined : searcher.choice?.(history, firstIndex),
    suggest: (history, firstIndex, count) =>
      suggestLabelled(history, firstIndex, count).suggestions.map(({ point }) => point),
  };
}
