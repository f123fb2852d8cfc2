import type { AlgorithmChoice } from '../algorithms/search-algorithm.ts';
import type { TrialLabels } from '../algorithms/trial-history.ts';
import type { AlgorithmSpec, ParameterAssignment } from '../core/experiment.ts';
import type { SearchProblem } from '../core/search-space.ts';

/** A trial as the search sees it. */
export interface SearchTrial {
  name: string;
  parameterAssignments: readonly ParameterAssignment[];
  state: 'running' | 'succeeded' | 'failed' | 'earlyStopped';
  /** The objective, null where there is none (yet). */
  value: number | null;
  /** All labels that the trial has, or those that it will have; some algorithms keep what they need to know in them. */
  labels?: TrialLabels | undefined;
}

export interface SuggestRequest {
  /** Identity of the search: the experiment's uid. Requests of one search may be answered from kept state. */
  searchId: string;
  problem: SearchProblem;
  algorithm: AlgorithmSpec;
  /** Seed of the search where the settings give no `random_state`. */
  seed: string;
  /** Every trial that exists, in any order, outstanding assignments included as `running`. */
  trials: readonly SearchTrial[];
  /** Index of the first trial that is asked for. */
  firstIndex: number;
  count: number;
}

export interface SuggestReply {
  /**
   * One list per trial, in the order of the indexes. Fewer than were asked for when `exhausted`, or while an algorithm
   * waits for results of running trials: it is to be asked again when one has ended.
   */
  assignments: ParameterAssignment[][];
  /** Labels that the trials are to carry, in the order of `assignments`; absent where the algorithm gives none. */
  labels?: readonly TrialLabels[];
  /** The space is used up: no later request will get a point. */
  exhausted: boolean;
  /** To which algorithm the request was left, where the experiment's leaves its requests to others. */
  choice?: AlgorithmChoice;
}

/**
 * Answers from any registered algorithm, off the main thread. Stateless for its callers: a service that has just been
 * started gives the same answers as one that has run for days.
 */
export interface SuggestionService {
  /** SpecError when algorithm, settings and problem do not go together. */
  validate(problem: SearchProblem, algorithm: AlgorithmSpec): void;
  /** SpecError as `validate`; KatydidError `SUGGESTION_FAILED` when the algorithm itself fails. */
  suggest(request: SuggestRequest): Promise<SuggestReply>;
  /** Frees what is kept for a search that has ended. Unknown ids are fine. */
  forget(searchId: string): void;
  close(): Promise<void>;
}
