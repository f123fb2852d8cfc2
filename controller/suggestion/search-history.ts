import type { StoredTrial, TrialState } from '../../core/trial.ts';
import type { TrialAssignment } from '../../core/suggestion.ts';
import type { SearchTrial } from '../../suggestion/suggestion-service.ts';
import { trialFacts } from '../trial-facts.ts';

const known = new WeakMap<StoredTrial, SearchTrial>();

/**
 * The trials as the search sees them, by index, with assignments that no trial has taken up as running. One order for
 * one set of trials, whatever the cache's: the search must give the same answer in any process.
 */
export function searchHistory(
  trials: readonly StoredTrial[],
  outstanding: readonly TrialAssignment[],
): SearchTrial[] {
  const sorted = trials.toSorted(
    (a, b) => trialFacts(a).index - trialFacts(b).index || (a.metadata.name < b.metadata.name ? -1 : 1),
  );
  return [...sorted.map(searchTrial), ...outstanding.map(waitingTrial)];
}

function waitingTrial({ name, parameterAssignments = [] }: TrialAssignment): SearchTrial {
  return { name, parameterAssignments, state: 'running', value: null };
}

/** The same object for the same trial, so that the service can tell at a glance what it has seen. */
function searchTrial(trial: StoredTrial): SearchTrial {
  const cached = known.get(trial);
  if (cached) return cached;
  const { name, state, objective } = trialFacts(trial);
  const value = Number.isFinite(objective) ? objective : null;
  const made = {
    name,
    parameterAssignments: trial.spec.parameterAssignments,
    state: searchState(state, value),
    value,
  };
  known.set(trial, made);
  return made;
}

/** A trial that ended without a finite objective has nothing to learn from but that it failed. */
function searchState(state: TrialState, value: number | null): SearchTrial['state'] {
  switch (state) {
    case 'Pending':
    case 'Running':
      return 'running';
    case 'Succeeded':
      return value === null ? 'failed' : 'succeeded';
    case 'EarlyStopped':
      return 'earlyStopped';
    case 'Failed':
    case 'Killed':
    case 'MetricsUnavailable':
      return 'failed';
  }
}
