import type { Settings, SettingSpec } from '../search-algorithm.ts';

/** Which of a trial's values stands for it so far: its best one, its worst one or the latest. */
export type Standing = 'best' | 'worst' | 'latest';

/** What is measured, and what is good. */
export interface StoppingProblem {
  /** Name of the objective, for the words of decisions. */
  readonly metric: string;
  readonly direction: 'minimize' | 'maximize';
  readonly standing: Standing;
}

/** One report of the objective. */
export interface CurveReport {
  /** Name of the trial, unique in its experiment. */
  readonly trial: string;
  /** The training's own step; null where it says none, then the number of the report counts, from 1. */
  readonly step: number | null;
  /** NaN and ±Infinity are no results: they are worse than every number. */
  readonly value: number;
}

/** What was found at one step of one trial. */
export interface StoppingDecision {
  readonly stop: boolean;
  /** `algorithmName` of the rule. */
  readonly rule: string;
  readonly step: number;
  /** What was compared, of the trial itself; NaN where it has not reported a number. */
  readonly value: number;
  /** What it was compared with; null where there was nothing, or no number, to compare with. */
  readonly threshold: number | null;
  /** How many other trials the threshold was made of. */
  readonly peers: number;
  /** Why the trial is stopped, as a sentence; empty where it goes on. */
  readonly reason: string;
}

/**
 * The curves of one experiment as a rule sees them. The reports of a trial come in their order; those of different
 * trials may come in any: what is known after all of them is the same. The same reports in the same order give the
 * same decisions in any process.
 */
export interface StoppingRule {
  /**
   * Takes in a report of any trial, running or ended. What to do about the trial, as far as is known now; null where
   * the rule has nothing to say at this report. A step that is not beyond the trial's last one is never decided about.
   */
  report(report: CurveReport): StoppingDecision | null;
  /** Takes back everything that the trial has reported: it starts over. */
  forget(trial: string): void;
}

/** A rule that ends trials before their time. It has no state of its own. */
export interface EarlyStopper {
  /** `earlyStopping.algorithmName` in an Experiment. */
  readonly name: string;
  /** One line for help and documentation. */
  readonly summary: string;
  readonly settings: readonly SettingSpec[];
  /** Sentences that say which settings contradict each other or are missing; empty where all is well. */
  problems(settings: Settings): string[];
  /** A rule that has seen no report. `settings` have passed their checks. */
  create(problem: StoppingProblem, settings: Settings): StoppingRule;
}
