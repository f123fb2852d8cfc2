import type { ImportanceReport } from '../../algorithms/importance/importance.ts';
import type { StoredExperiment } from '../../core/experiment.ts';
import type { StoredTrial } from '../../core/trial.ts';
import { searchProblem } from '../../core/validation/search-problem.ts';
import { emptyColumns, endedOf, fillColumns, historyOf } from './ended-trials.ts';
import type { ImportanceRequest } from './importance-request.ts';

/** How much each parameter matters, found out in this thread: `fanova` takes up to a second of it. */
export function importanceOf(
  { spec }: StoredExperiment,
  trials: readonly StoredTrial[],
  { evaluator, settings }: ImportanceRequest,
): ImportanceReport {
  const problem = searchProblem(spec);
  const { parameters } = problem;
  const ended = endedOf(trials);
  const columns = emptyColumns(parameters.length, ended.length);
  fillColumns(columns, parameters, ended, 0);
  return evaluator.evaluate(problem, historyOf(parameters.length, columns), settings);
}
