import type { RandomStream } from '../../core/random.ts';
import {
  initialDistribution,
  updatedDistribution,
  widenedDistribution,
  type Distribution,
} from './distribution.ts';
import type { CmaSettings } from './cma-settings.ts';
import { compareMerits, selectionWeights, type Merit } from './ranking.ts';
import { afterRun, firstRegime, nextRegime, NOTHING_SPENT, type Regime, type Spent } from './restarts.ts';
import type { CmaSpace, Place } from './space.ts';
import { advancedProgress, isOver, NO_PROGRESS, type Progress } from './stopping.ts';
import { strategyParameters, type StrategyParameters } from './strategy-parameters.ts';

/** A trial that has ended, as the distribution sees it. */
export interface Member {
  readonly row: number;
  readonly place: Place;
  readonly merit: Merit;
}

/** Where a search stands after some generations. It never changes. */
export interface SearchState {
  readonly distribution: Distribution;
  readonly parameters: StrategyParameters;
  readonly regime: Regime;
  readonly spent: Spent;
  /** Restarts so far. */
  readonly restarts: number;
  /** Trials of this run. */
  readonly trials: number;
  /** Generations of all runs. */
  readonly generation: number;
  readonly progress: Progress;
  /** The best trial of the run. */
  readonly best: Member | null;
}

/** What a search is about, and what never changes in it. */
export interface SearchSetup {
  readonly space: CmaSpace;
  readonly settings: CmaSettings;
  /** No point is tried twice: the best one stays among the members of each generation instead. */
  readonly isFinite: boolean;
  readonly random: RandomStream;
}

export function initialState(setup: SearchSetup): SearchState {
  const { populationSize } = setup.settings;
  // Nothing is known yet, so the middle is as near to everything as can be.
  const middle = new Float64Array(setup.space.lines.length).fill(0.5);
  return {
    ...begunRun(setup, firstRegime(populationSize), middle),
    ...{ spent: NOTHING_SPENT, restarts: 0, generation: 0 },
  };
}

type Run = Omit<SearchState, 'spent' | 'restarts' | 'generation'>;

function begunRun({ space, settings }: SearchSetup, regime: Regime, mean: Float64Array): Run {
  const { isSeparable, adaptsLearningRates } = settings;
  const sigma = settings.sigma * regime.sigmaShare;
  return {
    distribution: initialDistribution(space, { mean, sigma, isSeparable, adaptsLearningRates }),
    parameters: strategyParameters(Math.max(1, mean.length), regime.populationSize, isSeparable),
    regime,
    trials: 0,
    progress: NO_PROGRESS,
    best: null,
  };
}

/** The state after one more generation, of as many members as its population is large. */
export function advancedState(
  setup: SearchSetup,
  state: SearchState,
  generation: readonly Member[],
): SearchState {
  const { parameters, best } = state;
  const ranked = [...generation, ...(setup.isFinite && best ? [best] : [])]
    .sort((left, right) => compareMerits(left.merit, right.merit) || left.row - right.row)
    .slice(0, parameters.populationSize);
  const merits = ranked.map(({ merit }) => merit);
  const advanced: SearchState = {
    ...state,
    distribution: nextDistribution(setup, state, ranked, merits),
    trials: state.trials + generation.length,
    generation: state.generation + 1,
    progress: advancedProgress(state.progress, merits, parameters),
    best: bestOf(best, ranked),
  };
  const { restartStrategy } = setup.settings;
  if (restartStrategy === 'none') return advanced;
  const { distribution, progress } = advanced;
  return isOver(setup.space, distribution, progress, parameters)
    ? restarted(setup, advanced, restartStrategy)
    : advanced;
}

function nextDistribution(
  { space, random }: SearchSetup,
  { distribution, parameters, generation }: SearchState,
  ranked: readonly Member[],
  merits: readonly Merit[],
): Distribution {
  const [first, last] = [merits[0], merits.at(-1)];
  if (!first || !last || compareMerits(first, last) === 0)
    return widenedDistribution(distribution, parameters);
  const places = ranked.map(({ place }) => place);
  const weights = selectionWeights(merits, parameters.weights);
  return updatedDistribution(
    ...([space, distribution, parameters, { places, weights }, random.fork(`cells ${generation}`)] as const),
  );
}

function bestOf(best: Member | null, [first]: readonly Member[]): Member | null {
  if (!first) return best;
  return best && compareMerits(best.merit, first.merit) <= 0 ? best : first;
}

/** A new run from a random place. */
function restarted(
  setup: SearchSetup,
  state: SearchState,
  strategy: Exclude<CmaSettings['restartStrategy'], 'none'>,
): SearchState {
  const random = setup.random.fork(`restart ${state.restarts}`);
  const used = afterRun(state.spent, state.regime, state.trials, state.restarts === 0);
  const { regime, spent } = nextRegime(strategy, setup.settings.populationSize, used, random);
  const mean = Float64Array.from(setup.space.lines, () => random.next());
  return {
    ...begunRun(setup, regime, mean),
    ...{ spent, restarts: state.restarts + 1, generation: state.generation },
  };
}
