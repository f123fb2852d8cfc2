import type { SpecIssue } from '../errors.ts';
import type { AlgorithmSpec } from '../experiment.ts';
import type { SearchProblem } from '../search-space.ts';

/** The search algorithms and early stoppers that there are, as far as a specification's check needs to know them. */
export interface AlgorithmCatalog {
  names(): readonly string[];
  /**
   * What is wrong with the settings, or why the algorithm cannot solve the problem; empty where all is well. Called
   * for known names only. Paths are relative to `spec.algorithm`.
   */
  check(problem: SearchProblem, algorithm: AlgorithmSpec): SpecIssue[];
  /** What is wrong with the problem's initial trials. Paths are relative to `spec.initialTrials`. */
  checkInitialTrials(problem: SearchProblem): SpecIssue[];
  stopperNames(): readonly string[];
  /** What is wrong with the settings of an early stopper that has a known name. Paths are relative to `spec.earlyStopping`. */
  checkStopper(earlyStopping: AlgorithmSpec): SpecIssue[];
}
