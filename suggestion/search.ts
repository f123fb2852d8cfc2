import { searchAlgorithm } from '../algorithms/registry.ts';
import type { Searcher, Settings } from '../algorithms/search-algorithm.ts';
import { RANDOM_STATE } from '../algorithms/settings.ts';
import { TrialHistory } from '../algorithms/trial-history.ts';
import { afterInitialTrials } from './initial-trials.ts';
import { KatydidError } from '../core/errors.ts';
import type { AlgorithmSpec } from '../core/experiment.ts';
import { randomStream } from '../core/random.ts';
import type { SearchProblem } from '../core/search-space.ts';

/** All that a search depends on besides its history. */
export interface SearchSpec {
  problem: SearchProblem;
  algorithm: AlgorithmSpec;
  /** Used where the settings give no `random_state`. */
  seed: string;
}

/** A search under way, with its history, which the owner keeps up to date. */
export interface Search {
  readonly history: TrialHistory;
  readonly searcher: Searcher;
}

/**
 * A search with an empty history. The specification must have passed `validateAlgorithm`; KatydidError
 * `SUGGESTION_FAILED` for an unknown algorithm.
 */
export function startSearch({ problem, algorithm, seed }: SearchSpec): Search {
  const found = searchAlgorithm(algorithm.algorithmName);
  if (!found) throw new KatydidError('SUGGESTION_FAILED', `No algorithm ${algorithm.algorithmName}.`);
  const settings = settingsOf(algorithm);
  const random = randomStream(settings[RANDOM_STATE.name]?.trim() ?? seed);
  return {
    history: new TrialHistory(problem.parameters.length),
    searcher: afterInitialTrials(found.create(problem, settings, random), problem),
  };
}

/** Settings by name. */
export function settingsOf(spec: AlgorithmSpec): Settings {
  return Object.fromEntries((spec.algorithmSettings ?? []).map(({ name, value }) => [name, value]));
}
