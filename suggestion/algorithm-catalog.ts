import { SEARCH_ALGORITHMS, searchAlgorithm } from '../algorithms/registry.ts';
import type { SearchAlgorithm, Settings } from '../algorithms/search-algorithm.ts';
import { SpecError, type SpecIssue } from '../core/errors.ts';
import type { AlgorithmSpec } from '../core/experiment.ts';
import type { SearchProblem } from '../core/search-space.ts';
import { checkAlgorithmName } from '../core/validation/algorithm.ts';
import type { AlgorithmCatalog } from '../core/validation/algorithm-catalog.ts';
import { specIssue } from '../core/validation/issue.ts';
import { checkInitialTrials } from './initial-trials.ts';
import { checkStopper, stopperNames } from './early-stopping.ts';
import { settingsOf } from './search.ts';
import { settingIssues } from './setting-issues.ts';

/** The built-in search algorithms and early stoppers, for the check of specifications. */
export const algorithmCatalog: AlgorithmCatalog = {
  names: () => SEARCH_ALGORITHMS.map(({ name }) => name),
  check(problem, spec) {
    const algorithm = searchAlgorithm(spec.algorithmName);
    if (!algorithm) return [];
    const issues = settingIssues(algorithm, spec);
    return issues.length > 0 ? issues : checkSuitable(algorithm, problem, settingsOf(spec));
  },
  checkInitialTrials,
  stopperNames,
  checkStopper,
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

function checkSuitable(algorithm: SearchAlgorithm, problem: SearchProblem, settings: Settings): SpecIssue[] {
  const reasons = algorithm.unsupported(problem, settings);
  if (reasons.length === 0) return [];
  const others = SEARCH_ALGORITHMS.filter((other) => other.unsupported(problem, {}).length === 0);
  const remedy = `Change that, or use another algorithm: ${others.map(({ name }) => name).join(', ')}.`;
  return reasons.map((reason) => specIssue('SPEC_ALGORITHM_UNSUITABLE', ['algorithmName'], reason, remedy));
}
