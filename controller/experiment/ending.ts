import { findCondition, isConditionTrue } from '../../core/conditions.ts';
import type { ExperimentSpec } from '../../core/experiment.ts';
import { isBetter } from '../../core/objective.ts';
import { SUGGESTION_CONDITION, type StoredSuggestion } from '../../core/suggestion.ts';
import { TRIAL_CONDITION, type StoredTrial } from '../../core/trial.ts';
import { trialFacts } from '../trial-facts.ts';
import type { Ending } from './conditions.ts';
import type { TrialTally } from './tally.ts';

export interface Progress {
  spec: ExperimentSpec;
  trials: readonly StoredTrial[];
  tally: TrialTally;
  suggestion: StoredSuggestion | undefined;
  /** Assignments that no trial has taken up. */
  outstanding: number;
}

/** Whether and how the experiment ends now, tested in Katib's order; undefined while it goes on. */
export function decideEnding(progress: Progress): Ending | undefined {
  const { spec, tally, suggestion } = progress;
  if (isGoalReached(spec, tally)) return { kind: 'goalReached', detail: null };
  if (hasFailedTooOften(spec, tally))
    return { kind: 'maxFailedReached', detail: describeFailures(progress.trials) };
  if (spec.maxTrialCount !== undefined && tally.completed >= spec.maxTrialCount)
    return { kind: 'maxTrialsReached', detail: null };
  if (isConditionTrue(suggestion?.status?.conditions, SUGGESTION_CONDITION.failed))
    return { kind: 'suggestionFailed', detail: failureOf(suggestion) };
  if (suggestion?.status?.exhausted === true && progress.outstanding === 0 && tally.active === 0)
    return { kind: 'suggestionEndReached', detail: null };
  return undefined;
}

function isGoalReached({ objective }: ExperimentSpec, { best }: TrialTally): boolean {
  return (
    objective.goal !== undefined && best !== undefined && !isBetter(objective, objective.goal, best.objective)
  );
}

/** Katib's rule: fails at the n-th failure; 0 means at the first. */
function hasFailedTooOften({ maxFailedTrialCount }: ExperimentSpec, { failures }: TrialTally): boolean {
  return maxFailedTrialCount !== undefined && failures > 0 && failures >= maxFailedTrialCount;
}

function failureOf(suggestion: StoredSuggestion | undefined): string | null {
  return findCondition(suggestion?.status?.conditions, SUGGESTION_CONDITION.failed)?.message ?? null;
}

/** `3 of 4 failures are TRIAL_MODULE_MISSING, for example trial x-2.`: the commonest cause with an example. */
function describeFailures(trials: readonly StoredTrial[]): string | null {
  const byCode = new Map<string, { count: number; example: string }>();
  let total = 0;
  for (const trial of trials) {
    const code = failureCodeOf(trial);
    if (code === undefined) continue;
    total++;
    const { count = 0, example = trial.metadata.name } = byCode.get(code) ?? {};
    byCode.set(code, { count: count + 1, example });
  }
  const [commonest] = [...byCode].toSorted(([, a], [, b]) => b.count - a.count);
  if (!commonest) return null;
  const [code, { count, example }] = commonest;
  return `${count} of ${total} failures: ${code}, for example trial ${example}`;
}

function failureCodeOf(trial: StoredTrial): string | undefined {
  const { state } = trialFacts(trial);
  if (state !== 'Failed' && state !== 'MetricsUnavailable') return undefined;
  const condition = findCondition(
    trial.status?.conditions,
    TRIAL_CONDITION[state === 'Failed' ? 'failed' : 'metricsUnavailable'],
  );
  return /\[([A-Z_]+)\]/.exec(condition?.message ?? '')?.[1];
}
