import type { SearchProblem } from '../../core/search-space.ts';
import type { TrialHistory } from '../trial-history.ts';

/** How much a parameter matters beside the others. */
export interface Importance {
  readonly parameter: string;
  /** From 0 to 1; those of all parameters together make 1. */
  readonly share: number;
  /** The standard deviation of the share, as it is estimated: so far off it may well be. */
  readonly deviation: number;
}

/** What two parameters do together, beyond what each does by itself. */
export interface Interaction {
  readonly parameters: readonly [string, string];
  /** Of all the variance of the objective, from 0 to 1. */
  readonly share: number;
}

/** The trials that count as good, and the best ones with which they are compared, the good ones among them. */
export interface ComparedTrials {
  readonly good: number;
  readonly all: number;
}

/** What an evaluator has found. */
export interface ImportanceReport {
  /** Name of the evaluator. */
  readonly evaluator: string;
  /** How many trials it has learned from. */
  readonly trials: number;
  /** Null where the evaluator does not hold good trials against others, or has said nothing. */
  readonly compared: ComparedTrials | null;
  /** Of every parameter, the greatest first and equal ones by name; empty where nothing can be said, and `notes` say why. */
  readonly importances: readonly Importance[];
  /** The part of the variance that the parameters bring each by itself, from 0 to 1; null where the evaluator does not know. */
  readonly explained: number | null;
  /** The greatest first; empty where there are none worth telling, or the evaluator does not look for them. */
  readonly interactions: readonly Interaction[];
  /** Sentences: why there is nothing, and what to be careful of. */
  readonly notes: readonly string[];
}

/** What a user may choose. An evaluator says which of them it heeds. */
export interface ImportanceSettings {
  /** Of the trials with a result, the best that count as good; above 0 and below `region`. */
  readonly target: number;
  /** Of the trials with a result, the best with which the good ones are compared; 1 at most. */
  readonly region: number;
}

export const DEFAULT_IMPORTANCE_SETTINGS: ImportanceSettings = { target: 0.1, region: 1 };

/** A way to tell how much each parameter matters. */
export interface ImportanceEvaluator {
  readonly name: string;
  /** One line for help and documentation. */
  readonly summary: string;
  /** One sentence about what a share says. */
  readonly meaning: string;
  readonly settings: readonly (keyof ImportanceSettings)[];
  /** Ten thousand trials take milliseconds: it may be asked wherever the answer is wanted. */
  readonly isQuick: boolean;
  /**
   * Learns from the trials that succeeded or were stopped early and have a finite objective. Deterministic, and the order
   * of trials and of parameters does not matter.
   */
  evaluate(problem: SearchProblem, history: TrialHistory, settings: ImportanceSettings): ImportanceReport;
}
