import type { StoredTrial, TrialState } from '../../core/trial.ts';
import type { TrialAssignment } from '../../core/suggestion.ts';
import type { SearchTrial } from '../../suggestion/suggestion-service.ts';
import { trialFacts } from '../trial-facts.ts';

/** A trial as the search sees it, and where it stands. */
interface Row {
  readonly index: number;
  readonly trial: SearchTrial;
}

const known = new WeakMap<StoredTrial, Row>();

/**
 * The trials as the search sees them, by index, with assignments that no trial has taken up as running. One order for
 * one set of trials, whatever the cache's: the search must give the same answer in any process.
 */
export function searchHistory(
  trials: readonly StoredTrial[],
  outstanding: readonly TrialAssignment[],
): SearchTrial[] {
  const rows = trials.map(rowOf);
  rows.sort((a, b) => a.index - b.index || (a.trial.name < b.trial.name ? -1 : 1));
  return [...rows.map(({ trial }) => trial), ...outstanding.map(waitingTrial)];
}

function waitingTrial({ name, parameterAssignments = [], labels }: TrialAssignment): SearchTrial {
  return { name, parameterAssignments, state: 'running', value: null, labels };
}

/** The same object for the same trial, so that the service can tell at a glance what it has seen. */
function rowOf(trial: StoredTrial): Row {
  const cached = known.get(trial);
  if (cached) return cached;
  const { name, state, objective, index } = trialFacts(trial);
  const value = Number.isFinite(objective) ? objective : null;
  const { parameterAssignments } = trial.spec;
  const { labels } = trial.metadata;
  const row = {
    index,
    trial: { name, parameterAssignments, state: searchState(state, value), value, labels },
  };
  known.set(trial, row);
  return row;
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
