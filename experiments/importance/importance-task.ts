import type { ImportanceReport, ImportanceSettings } from '../../algorithms/importance/importance.ts';
import { importanceEvaluator } from '../../algorithms/importance/registry.ts';
import type { SearchProblem } from '../../core/search-space.ts';
import { historyOf, type EndedTrials } from './ended-trials.ts';

/** An evaluation, as it is given to another thread. */
export interface ImportanceTask {
  /** Name of the evaluator. */
  readonly evaluator: string;
  readonly problem: SearchProblem;
  readonly settings: ImportanceSettings;
  readonly trials: EndedTrials;
}

/** RangeError for an evaluator that there is not. */
export function carryOut({ evaluator, problem, settings, trials }: ImportanceTask): ImportanceReport {
  const found = importanceEvaluator(evaluator);
  if (!found) throw new RangeError(`no evaluator ${evaluator}`);
  return found.evaluate(problem, historyOf(problem.parameters.length, trials), settings);
}
