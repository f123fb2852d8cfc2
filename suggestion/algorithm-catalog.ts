import { SEARCH_ALGORITHMS, searchAlgorithm } from '../algorithms/registry.ts';
import type { SearchAlgorithm, Settings } from '../algorithms/search-algorithm.ts';
import { didYouMean } from '../core/did-you-mean.ts';
import { SpecError, type SpecIssue } from '../core/errors.ts';
import type { AlgorithmSpec } from '../core/experiment.ts';
import type { SearchProblem } from '../core/search-space.ts';
import { checkAlgorithmName } from '../core/validation/algorithm.ts';
import type { AlgorithmCatalog } from '../core/validation/algorithm-catalog.ts';
import { quoted, specIssue } from '../core/validation/issue.ts';
import { settingsOf } from './search.ts';

/** The built-in search algorithms, for the check of specifications. */
export const algorithmCatalog: AlgorithmCatalog = {
  names: () => SEARCH_ALGORITHMS.map(({ name }) => name),
  check(problem, spec) {
    const algorithm = searchAlgorithm(spec.algorithmName);
    if (!algorithm) return [];
    const issues = checkSettings(algorithm, spec);
    return issues.length > 0 ? issues : checkSuitable(algorithm, problem, settingsOf(spec));
  },
};

/** SpecError, with paths from the document's root, when algorithm, settings and problem do not go together. */
export function validateAlgorithm(problem: SearchProblem, spec: AlgorithmSpec): void {
  const issues = [
    ...checkAlgorithmName(spec, algorithmCatalog.names(), [], 'SPEC_ALGORITHM_UNKNOWN'),
    ...algorithmCatalog.check(problem, spec),
  ];
  if (issues.length === 0) return;
  throw new SpecError(
    'The algorithm',
    issues.map((issue) => ({ ...issue, path: ['spec', 'algorithm', ...issue.path] })),
  );
}

function checkSettings(algorithm: SearchAlgorithm, spec: AlgorithmSpec): SpecIssue[] {
  const known = algorithm.settings.map(({ name }) => name);
  return (spec.algorithmSettings ?? []).flatMap(({ name, value }, index): SpecIssue[] => {
    const path = ['algorithmSettings', index];
    const setting = algorithm.settings.find((candidate) => candidate.name === name);
    if (!setting) {
      const message = `The algorithm ${algorithm.name} has no setting ${quoted(name)}.`;
      return [specIssue('SPEC_SETTING_UNKNOWN', [...path, 'name'], message, didYouMean(name, known))];
    }
    const remedy = setting.check(value);
    if (remedy === undefined) return [];
    const message = `The setting ${name} is ${quoted(value)}.`;
    return [specIssue('SPEC_SETTING_INVALID', [...path, 'value'], message, remedy)];
  });
}

function checkSuitable(algorithm: SearchAlgorithm, problem: SearchProblem, settings: Settings): SpecIssue[] {
  const reasons = algorithm.unsupported(problem, settings);
  if (reasons.length === 0) return [];
  const others = SEARCH_ALGORITHMS.filter((other) => other.unsupported(problem, {}).length === 0);
  const remedy = `Change that, or use another algorithm: ${others.map(({ name }) => name).join(', ')}.`;
  return reasons.map((reason) => specIssue('SPEC_ALGORITHM_UNSUITABLE', ['algorithmName'], reason, remedy));
}
