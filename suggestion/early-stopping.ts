import type { Standing, StoppingProblem, StoppingRule } from '../algorithms/early-stopping/early-stopper.ts';
import { EARLY_STOPPERS, earlyStopper } from '../algorithms/early-stopping/registry.ts';
import { SpecError, type SpecIssue } from '../core/errors.ts';
import type { AlgorithmSpec, Objective } from '../core/experiment.ts';
import { objectiveStrategy } from '../core/objective.ts';
import { checkAlgorithmName } from '../core/validation/algorithm.ts';
import { specIssue } from '../core/validation/issue.ts';
import { settingsOf } from './search.ts';
import { settingIssues } from './setting-issues.ts';

export type {
  CurveReport,
  StoppingDecision,
  StoppingProblem,
  StoppingRule,
} from '../algorithms/early-stopping/early-stopper.ts';

export function stopperNames(): string[] {
  return EARLY_STOPPERS.map(({ name }) => name);
}

/** What is wrong with the settings of a known early stopper; paths are relative to `spec`. */
export function checkStopper(spec: AlgorithmSpec): SpecIssue[] {
  const stopper = earlyStopper(spec.algorithmName);
  if (!stopper) return [];
  const issues = settingIssues(stopper, spec);
  if (issues.length > 0) return issues;
  const remedy = `The settings of ${stopper.name} are in docs/early-stopping.md.`;
  return stopper
    .problems(settingsOf(spec))
    .map((problem) => specIssue('SPEC_SETTING_INVALID', ['algorithmSettings'], problem, remedy));
}

/** What a rule is to judge by. */
export function stoppingProblem(objective: Objective): StoppingProblem {
  return {
    metric: objective.objectiveMetricName,
    direction: objective.type,
    standing: standingOf(objective),
  };
}

/**
 * A rule that has seen no report. SpecError, with paths from the document's root, where there is no such early stopper or
 * it does not take the settings.
 */
export function createStoppingRule(spec: AlgorithmSpec, objective: Objective): StoppingRule {
  const stopper = earlyStopper(spec.algorithmName);
  const issues = [
    ...checkAlgorithmName(spec, stopperNames(), [], 'SPEC_EARLY_STOPPER_UNKNOWN'),
    ...checkStopper(spec),
  ];
  if (!stopper || issues.length > 0) {
    throw new SpecError(
      'The early stopper',
      issues.map((issue) => ({ ...issue, path: ['spec', 'earlyStopping', ...issue.path] })),
    );
  }
  return stopper.create(stoppingProblem(objective), settingsOf(spec));
}

/** Of which values the one that stands for a trial in the end is. */
function standingOf(objective: Objective): Standing {
  const strategy = objectiveStrategy(objective);
  if (strategy === 'latest') return 'latest';
  return (strategy === 'max') === (objective.type === 'maximize') ? 'best' : 'worst';
}
