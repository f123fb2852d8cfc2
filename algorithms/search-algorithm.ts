import type { Point, SearchProblem } from '../core/search-space.ts';
import type { RandomStream } from '../core/random.ts';
import type { TrialHistory, TrialLabels } from './trial-history.ts';

/** One setting that an algorithm takes, as documentation and as check. All values are text on the wire. */
export interface SettingSpec {
  name: string;
  description: string;
  /** The value used where the setting is absent, for documentation; null where absence has a meaning of its own. */
  defaultValue: string | null;
  /** What is wrong with the text and what would be right, or undefined where it is fine. */
  check(text: string): string | undefined;
}

/** Settings by name, already checked. */
export type Settings = Readonly<Record<string, string>>;

/**
 * A search algorithm. It has no state of its own: everything is a function of problem, settings, seed and history, so
 * that any process can continue a search that another began.
 */
export interface SearchAlgorithm {
  /** `algorithmName` in an Experiment. */
  readonly name: string;
  /** One line for help and documentation. */
  readonly summary: string;
  readonly settings: readonly SettingSpec[];
  /** Sentences that say why the problem is not one for this algorithm; empty where it is. */
  unsupported(problem: SearchProblem, settings: Settings): string[];
  /**
   * Its trials carry labels and refer to each other by name, and the history must have both (`TrialHistory.tag`). Absent:
   * the history is columns of numbers alone.
   */
  readonly labelsTrials?: true;
  create(problem: SearchProblem, settings: Settings, random: RandomStream): Searcher;
}

/** A search under way. It may be thrown away and made anew at any time: the history says it all. */
export interface Searcher {
  /**
   * Points for the trials with the indexes `firstIndex … firstIndex + count - 1`. Fewer than `count` only when the
   * space is used up. `history` holds every trial that exists, running ones too, and only ever grows or changes in
   * place between calls; the searcher may keep what it derived from rows that it has seen.
   *
   * Deterministic: the same problem, settings, seed, history and indexes give the same points in any process.
   */
  suggest(history: TrialHistory, firstIndex: number, count: number): Point[];
  /** Where it is there, whoever wants trials asks this in place of `suggest`. Of algorithms with `labelsTrials`. */
  suggestLabelled?(history: TrialHistory, firstIndex: number, count: number): Suggestions;
  /** Of searchers that leave their requests to others: to whom this one; undefined where to nobody. */
  choice?(history: TrialHistory, firstIndex: number): AlgorithmChoice | undefined;
}

/** The algorithm to which a searcher leaves a request. */
export interface AlgorithmChoice {
  readonly algorithmName: string;
  /** One sentence that says why. */
  readonly reason: string;
}

/** What a searcher suggests for one trial. */
export interface Suggested {
  readonly point: Point;
  /** Labels of the trial besides those that every trial has; they come back in the history. Absent: none. */
  readonly labels?: TrialLabels;
}

export interface Suggestions {
  /** In the order of the indexes. */
  readonly suggestions: readonly Suggested[];
  /**
   * No later request will get a point. False with fewer points than were asked for: the search waits for results, of which
   * some are on their way.
   */
  readonly exhausted: boolean;
}

/** Asks a searcher of either kind. */
export function suggestionsOf(
  searcher: Searcher,
  history: TrialHistory,
  firstIndex: number,
  count: number,
): Suggestions {
  if (searcher.suggestLabelled) return searcher.suggestLabelled(history, firstIndex, count);
  const points = searcher.suggest(history, firstIndex, count);
  return { suggestions: points.map((point) => ({ point })), exhausted: points.length < count };
}
