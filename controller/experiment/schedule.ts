import { parallelTrialCount } from '../../core/defaults.ts';
import type { ExperimentSpec } from '../../core/experiment.ts';
import type { StoredSuggestion, TrialAssignment } from '../../core/suggestion.ts';
import { isTerminal, type StoredTrial } from '../../core/trial.ts';
import { compareAge, trialFacts } from '../trial-facts.ts';
import type { TrialTally } from './tally.ts';

export interface Schedule {
  /** The newest active trials, as many as run too much. */
  surplus: StoredTrial[];
  /** Assignments for which a trial is to be created now. */
  due: TrialAssignment[];
  /** How many assignments the search shall have given out in all; never less than it has been asked for. */
  requests: number;
  /**
   * Assignments that were given out and of which nothing is left: their trials were deleted. Each is replaced, so a
   * count that is too high would break the limit on trials.
   */
  lost: number;
}

/**
 * The assignments that no trial has taken up, in the order in which they were given out. New trials stand at the end of
 * `trials` or near it as a rule, and there they are looked for first.
 */
export function outstandingAssignments(
  suggestion: StoredSuggestion | undefined,
  trials: readonly StoredTrial[],
): TrialAssignment[] {
  const waiting = new Map(
    suggestion?.status?.suggestions?.map((assignment) => [assignment.name, assignment]),
  );
  for (let at = trials.length - 1; at >= 0 && waiting.size > 0; at--)
    waiting.delete(trials[at]?.metadata.name ?? '');
  return [...waiting.values()];
}

/**
 * Which trials to add or take away. There are never more trials than `maxTrialCount`, whatever was written or lost
 * before: new ones come from outstanding assignments only, and no more assignments are asked for than there is room
 * for beside the existing trials and the outstanding assignments.
 */
export function scheduleTrials(input: {
  spec: ExperimentSpec;
  trials: readonly StoredTrial[];
  tally: TrialTally;
  suggestion: StoredSuggestion | undefined;
  outstanding: readonly TrialAssignment[];
  /** False while no trial shall start; those that run are left alone. */
  mayStart: boolean;
}): Schedule {
  const { spec, tally, suggestion, outstanding, mayStart } = input;
  const parallel = parallelTrialCount(spec);
  const places = Math.min(parallel, (spec.maxTrialCount ?? Infinity) - tally.completed);
  const free = mayStart ? Math.max(0, places - tally.active) : 0;
  const given = suggestion?.status?.suggestionCount ?? 0;
  const exhausted = suggestion?.status?.exhausted === true;
  const wanted = exhausted ? 0 : Math.max(0, free - outstanding.length);
  return {
    surplus: tally.active > parallel ? newestActive(input.trials, parallel) : [],
    due: outstanding.slice(0, free),
    requests: Math.max(suggestion?.spec.requests ?? 0, wanted > 0 ? given + wanted : 0),
    lost: Math.max(0, given - tally.total - outstanding.length),
  };
}

/** Those that make more than `parallel`. Trials that are already being deleted are neither counted nor chosen. */
function newestActive(trials: readonly StoredTrial[], parallel: number): StoredTrial[] {
  return trials
    .filter((trial) => !isTerminal(trialFacts(trial).state) && !trialFacts(trial).leaving)
    .toSorted((a, b) => compareAge(trialFacts(a), trialFacts(b)))
    .slice(parallel);
}
