import type { StoredExperiment } from '../../core/experiment.ts';
import type { Condition } from '../../core/kubernetes-object.ts';
import type { StoredSuggestion, SuggestionStatus, TrialAssignment } from '../../core/suggestion.ts';
import { rfc3339Seconds } from '../../core/time.ts';
import type { StoredTrial } from '../../core/trial.ts';
import type { SuggestReply } from '../../suggestion/suggestion-service.ts';
import { isCompleted } from '../experiment/conditions.ts';
import { outstandingAssignments } from '../experiment/schedule.ts';
import { trialFacts } from '../trial-facts.ts';
import {
  hasFailed,
  hasSucceeded,
  isRunning,
  withReady,
  withRefusal,
  withRestart,
  withSucceeded,
} from './conditions.ts';

export interface SuggestionSituation {
  suggestion: StoredSuggestion;
  experiment: StoredExperiment;
  /** All trials that the experiment owns, in any order. */
  trials: readonly StoredTrial[];
  /** What is wrong with the algorithm or its settings, or null where nothing is. */
  refusal: string | null;
  nowMs: number;
}

/** Trials for which the search is asked: those with the indexes `firstIndex … firstIndex + count - 1`. */
export interface Ask {
  firstIndex: number;
  count: number;
}

export interface SuggestionPlan {
  status: SuggestionStatus;
  /** null where nothing is to be asked. */
  ask: Ask | null;
  /** The search has ended: what is kept for it may be forgotten. */
  over: boolean;
}

/** What a suggestion needs next. Pure: the same situation gives the same plan. */
export function planSuggestion(situation: SuggestionSituation): SuggestionPlan {
  const { suggestion, experiment, trials, nowMs } = situation;
  const over = isCompleted(experiment.status?.conditions);
  const conditions = nextConditions(situation, over);
  const suggestions = outstandingAssignments(suggestion, trials);
  const status: SuggestionStatus = {
    ...suggestion.status,
    startTime: suggestion.status?.startTime ?? rfc3339Seconds(nowMs),
    suggestions,
    conditions,
  };
  const mayAsk = !over && !hasFailed(conditions) && status.exhausted !== true;
  return { status, ask: mayAsk ? askFor(suggestion, trials) : null, over: over || hasFailed(conditions) };
}

function nextConditions(
  { suggestion, experiment, refusal, nowMs }: SuggestionSituation,
  over: boolean,
): Condition[] {
  const conditions = suggestion.status?.conditions ?? [];
  if (hasFailed(conditions)) return conditions;
  const policy = experiment.spec.resumePolicy ?? 'Never';
  if (over)
    return policy === 'LongRunning' ? conditions : withSucceeded(conditions, policy === 'FromVolume', nowMs);
  const open = hasSucceeded(conditions) ? withRestart(conditions, nowMs) : conditions;
  if (isRunning(open)) return open;
  return refusal === null ? withReady(open, nowMs) : withRefusal(open, refusal, nowMs);
}

/**
 * Indexes go on after the highest one known, also where the suggestion was deleted and is new: a trial's name is never
 * given out twice.
 */
function askFor({ spec, status }: StoredSuggestion, trials: readonly StoredTrial[]): Ask | null {
  const given = status?.suggestionCount ?? 0;
  const count = (spec.requests ?? 0) - given;
  if (count <= 0) return null;
  return {
    firstIndex: trials.reduce((next, trial) => Math.max(next, trialFacts(trial).index + 1), given),
    count,
  };
}

/** The status with the answer taken up: names are `<experiment>-<index>`. */
export function withReply(
  status: SuggestionStatus,
  experimentName: string,
  { firstIndex, count }: Ask,
  reply: SuggestReply,
): SuggestionStatus {
  const given = reply.assignments.slice(0, count);
  const added = given.map((parameterAssignments, at): TrialAssignment => ({
    name: `${experimentName}-${firstIndex + at}`,
    parameterAssignments,
    ...(reply.labels?.[at] && { labels: reply.labels[at] }),
  }));
  return {
    ...status,
    suggestions: [...(status.suggestions ?? []), ...added],
    suggestionCount: firstIndex + given.length,
    ...(reply.exhausted && { exhausted: true }),
    ...(reply.choice && { algorithmChoice: reply.choice }),
  };
}
