import { fanova } from './fanova/fanova.ts';
import type { ImportanceEvaluator } from './importance.ts';
import { pedAnova } from './pedanova/pedanova.ts';

/** Every evaluator, the default first, in the order in which documentation lists them. */
export const IMPORTANCE_EVALUATORS: readonly [ImportanceEvaluator, ...ImportanceEvaluator[]] = [
  pedAnova,
  fanova,
];

export const DEFAULT_IMPORTANCE_EVALUATOR = pedAnova;

/** The evaluator of that name; undefined where there is none. */
export function importanceEvaluator(name: string): ImportanceEvaluator | undefined {
  return IMPORTANCE_EVALUATORS.find((evaluator) => evaluator.name === name);
}
