import { findCondition, isConditionTrue } from '../../core/conditions.ts';
import { desiredState, type ExperimentSpec } from '../../core/experiment.ts';
import { isBetter } from '../../core/objective.ts';
import { SUGGESTION_CONDITION, type StoredSuggestion } from '../../core/suggestion.ts';
import type { StoredTrial } from '../../core/trial.ts';
import { trialFacts } from '../trial-facts.ts';
import { describeAlikeFailures, type AlikeFailures } from './breaker.ts';
import type { Ending } from './conditions.ts';
import type { TrialTally } from './tally.ts';

export interface Progress {
  spec: ExperimentSpec;
  trials: readonly StoredTrial[];
  tally: TrialTally;
  suggestion: StoredSuggestion | undefined;
  /** Assignments that no trial has taken up. */
  outstanding: number;
  /** All trials that have ended, ended like this; undefined where the experiment may go on. */
  alike: AlikeFailures | undefined;
}

/**
 * Whether and how the experiment ends now; undefined while it goes on. Tested in Katib's order, with ours between. What
 * its owner wants, like failures and the end of the budget wait for the trials that still run, stopped ones included: what
 * they report until they have ended is theirs.
 */
export function decideEnding(progress: Progress): Ending | undefined {
  const { spec, trials, tally, suggestion, alike } = progress;
  const isIdle = tally.active + tally.closing === 0;
  if (isGoalReached(spec, tally)) return { kind: 'goalReached', detail: null };
  if (isIdle && desiredState(spec) === 'Cancelled') return { kind: 'cancelled', detail: null };
  if (isIdle && alike) return { kind: 'trialsFailAlike', detail: describeAlikeFailures(alike) };
  if (hasFailedTooOften(spec, tally)) return { kind: 'maxFailedReached', detail: describeFailures(trials) };
  if (spec.maxTrialCount !== undefined && tally.completed - tally.closing >= spec.maxTrialCount)
    return atTheEnd(progress, 'maxTrialsReached');
  if (isConditionTrue(suggestion?.status?.conditions, SUGGESTION_CONDITION.failed))
    return { kind: 'suggestionFailed', detail: failureOf(suggestion) };
  if (suggestion?.status?.exhausted === true && progress.outstanding === 0 && isIdle)
    return atTheEnd(progress, 'suggestionEndReached');
  if (isIdle && desiredState(spec) === 'Stopped') return { kind: 'stopped', detail: null };
  return undefined;
}

/** Everything was tried. Where all of it failed there is nothing to call a success, whatever was allowed to fail. */
function atTheEnd({ trials, tally }: Progress, kind: 'maxTrialsReached' | 'suggestionEndReached'): Ending {
  const { Succeeded, EarlyStopped } = tally.counts;
  const isFruitless = tally.failures > 0 && Succeeded + EarlyStopped === 0 && !tally.best;
  return isFruitless ? { kind: 'noResult', detail: describeFailures(trials) } : { kind, detail: null };
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

/** `3 of 4 failures: TRIAL_MODULE_MISSING, for example trial x-2`: the commonest cause with an example. */
function describeFailures(trials: readonly StoredTrial[]): string | null {
  const byCode = new Map<string, { count: number; example: string }>();
  let total = 0;
  for (const trial of trials) {
    const { name, failureCode } = trialFacts(trial);
    if (failureCode === null) continue;
    total++;
    const { count = 0, example = name } = byCode.get(failureCode) ?? {};
    byCode.set(failureCode, { count: count + 1, example });
  }
  const [commonest] = [...byCode].toSorted(([, a], [, b]) => b.count - a.count);
  if (!commonest) return null;
  const [code, { count, example }] = commonest;
  return `${count} of ${total} failures: ${code}, for example trial ${example}`;
}
