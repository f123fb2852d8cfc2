import type { RandomStream } from '../../core/random.ts';

export const RESTART_STRATEGIES = ['none', 'ipop', 'bipop'] as const;
export type RestartStrategy = (typeof RESTART_STRATEGIES)[number];

/** How a run of the search begins. */
export interface Regime {
  readonly populationSize: number;
  /** The first step size, as a share of the one that the settings give. */
  readonly sigmaShare: number;
  readonly isLarge: boolean;
}

/** What the runs that have ended used. */
export interface Spent {
  /** Restarts with a larger generation than any before. */
  readonly largeRestarts: number;
  /** Trials of the runs with large generations, and of those with small ones. The first run counts for neither. */
  readonly large: number;
  readonly small: number;
}

export const NOTHING_SPENT: Spent = { largeRestarts: 0, large: 0, small: 0 };

export function firstRegime(populationSize: number): Regime {
  return { populationSize, sigmaShare: 1, isLarge: true };
}

/** What is spent when a run of this regime ends after so many trials. */
export function afterRun(spent: Spent, { isLarge }: Regime, trials: number, isFirst: boolean): Spent {
  if (isFirst) return spent;
  return isLarge ? { ...spent, large: spent.large + trials } : { ...spent, small: spent.small + trials };
}

/**
 * The next run. IPOP doubles the generation each time: A. Auger, N. Hansen, "A restart CMA evolution strategy with increasing population size", CEC 2005. BIPOP
 * gives small generations, with step sizes of their own, as many trials as the large ones: N. Hansen, "Benchmarking a BI-population CMA-ES on the BBOB-2009
 * function testbed", GECCO 2009, section 2.
 */
export function nextRegime(
  strategy: Exclude<RestartStrategy, 'none'>,
  populationSize: number,
  spent: Spent,
  random: RandomStream,
): { regime: Regime; spent: Spent } {
  if (strategy === 'bipop' && spent.largeRestarts > 0 && spent.small < spent.large) {
    const growth = (2 ** spent.largeRestarts / 2) ** (random.next() ** 2);
    const small = Math.floor(populationSize * growth);
    return {
      regime: { populationSize: small, sigmaShare: 10 ** (-2 * random.next()), isLarge: false },
      spent,
    };
  }
  const largeRestarts = spent.largeRestarts + 1;
  return {
    regime: { populationSize: populationSize * 2 ** largeRestarts, sigmaShare: 1, isLarge: true },
    spent: { ...spent, largeRestarts },
  };
}
