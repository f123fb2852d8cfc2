import { describe, expect, it } from 'vitest';
import {
  DEFAULT_IMPORTANCE_EVALUATOR,
  IMPORTANCE_EVALUATORS,
  importanceEvaluator,
} from '../../../algorithms/importance/registry.ts';
import { importanceEvaluatorContract } from '../../contract/importance-evaluator.ts';

describe.each(IMPORTANCE_EVALUATORS.map((evaluator) => ({ name: evaluator.name, evaluator })))(
  '$name',
  ({ evaluator }) => importanceEvaluatorContract(evaluator),
);

describe('the registry of evaluators', () => {
  it('finds each by its name', () => {
    for (const evaluator of IMPORTANCE_EVALUATORS)
      expect(importanceEvaluator(evaluator.name)).toBe(evaluator);
    expect(importanceEvaluator('shap')).toBeUndefined();
  });

  it('has a default that takes no time', () => {
    expect(IMPORTANCE_EVALUATORS[0]).toBe(DEFAULT_IMPORTANCE_EVALUATOR);
    expect(DEFAULT_IMPORTANCE_EVALUATOR.isQuick).toBe(true);
  });
});
