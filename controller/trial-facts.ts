import { isBeingDeleted } from '../core/kubernetes-object.ts';
import { objectiveValue } from '../core/objective.ts';
import { findCondition } from '../core/conditions.ts';
import { TRIAL_CONDITION, trialState, type StoredTrial, type TrialState } from '../core/trial.ts';

/** What the experiment and the search want to know about a trial. */
export interface TrialFacts {
  readonly name: string;
  readonly state: TrialState;
  /** The objective; null where it was never seen or is not a number. */
  readonly objective: number | null;
  /** Why it failed or ended without metrics; null where it did not, or where nobody says. */
  readonly failureCode: string | null;
  readonly createdAt: string;
  /** The number that the name ends with; -1 where it has none. */
  readonly index: number;
  /** An early stopper has ended it, but its job is still there: its values may change. */
  readonly closing: boolean;
  /** Deletion has been asked for: it still runs, but it is not one to count on. */
  readonly leaving: boolean;
}

const known = new WeakMap<StoredTrial, TrialFacts>();

/**
 * Cached per object: objects from a cache never change, so that a pass over ten thousand trials reads only those that
 * are new.
 */
export function trialFacts(trial: StoredTrial): TrialFacts {
  const cached = known.get(trial);
  if (cached) return cached;
  const { name, creationTimestamp } = trial.metadata;
  const state = trialState(trial);
  const facts = {
    name,
    state,
    failureCode: failureCodeOf(trial, state),
    objective: objectiveValue(trial.spec.objective, trial.status?.observation),
    createdAt: creationTimestamp,
    index: trialIndex(name),
    closing: trial.status?.earlyStopping !== undefined && trial.status.completionTime == null,
    leaving: isBeingDeleted(trial),
  };
  known.set(trial, facts);
  return facts;
}

function failureCodeOf({ status }: StoredTrial, state: TrialState): string | null {
  if (state !== 'Failed' && state !== 'MetricsUnavailable') return null;
  const type = TRIAL_CONDITION[state === 'Failed' ? 'failed' : 'metricsUnavailable'];
  return /\[([A-Z_]+)\]/.exec(findCondition(status?.conditions, type)?.message ?? '')?.[1] ?? null;
}

function trialIndex(name: string): number {
  return Number(/-(\d+)$/.exec(name)?.[1] ?? -1);
}

/** Negative where `a` is the older trial. Creation times have whole seconds, so that the index decides among equals. */
export function compareAge(a: TrialFacts, b: TrialFacts): number {
  if (a.createdAt !== b.createdAt) return a.createdAt < b.createdAt ? -1 : 1;
  if (a.index !== b.index) return a.index - b.index;
  return a.name < b.name ? -1 : Number(a.name > b.name);
}
