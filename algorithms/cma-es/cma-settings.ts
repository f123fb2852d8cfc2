import type { Settings, SettingSpec } from '../search-algorithm.ts';
import { RANDOM_STATE } from '../settings.ts';
import { RESTART_STRATEGIES, type RestartStrategy } from './restarts.ts';
import type { CmaSpace } from './space.ts';
import { defaultPopulationSize } from './strategy-parameters.ts';

/** As a share of each parameter's range. */
const DEFAULT_SIGMA = 1 / 6;
/** No search has generations of more trials. */
const MOST_POPULATION = 10_000;
/** A whole matrix takes more trials than this to learn, for each line: a search that has fewer finds more without. */
const TRIALS_PER_LINE = 30;
/** With more lines than this it takes more trials than searches have. */
const MOST_DEPENDENT = 50;

const SIGMA: SettingSpec = {
  name: 'sigma',
  description:
    'The first standard deviation, as a share of each parameter’s range; a sixth where it is absent or 0.',
  defaultValue: null,
  check(text) {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    return value >= 0 && value < Infinity ? undefined : 'It must be a number, 0 or more.';
  },
};

const RESTART_STRATEGY: SettingSpec = {
  name: 'restart_strategy',
  description:
    'What follows when a run has nothing more to find: none goes on with it, ipop begins anew with twice the generation, bipop with large and small ones in turn.',
  defaultValue: 'none',
  check: (text) =>
    strategyOf(text) === undefined
      ? `restart_strategy ${text} is not supported in CMAES optimization. It must be one of ${RESTART_STRATEGIES.join(', ')}.`
      : undefined,
};

const POPULATION: SettingSpec = {
  name: 'popsize',
  description: 'Trials of a generation; 4 + 3 ln n, rounded down, for n parameters where it is absent.',
  defaultValue: null,
  check(text) {
    const value = /^\s*\+?\d+\s*$/.test(text) ? Number(text) : Number.NaN;
    if (value >= 2 && value <= MOST_POPULATION) return undefined;
    return `It must be a whole number, from 2 to ${MOST_POPULATION}.`;
  },
};

const SEPARABLE = flag(
  'use_separable_cma',
  `Learn the width of each parameter but not how they depend on each other; where it is absent, true for more than ${MOST_DEPENDENT} numeric parameters, and for up to ${TRIALS_PER_LINE} trials for each.`,
  null,
);

const LEARNING_RATES = flag(
  'lr_adapt',
  'Adapt the learning rates: for noisy results and functions with very many minima, at the price of more trials.',
  'false',
);

export const CMA_SETTINGS: readonly SettingSpec[] = [
  SIGMA,
  RESTART_STRATEGY,
  POPULATION,
  SEPARABLE,
  LEARNING_RATES,
  RANDOM_STATE,
];

export interface CmaSettings {
  sigma: number;
  restartStrategy: RestartStrategy;
  populationSize: number;
  isSeparable: boolean;
  adaptsLearningRates: boolean;
}

/** `maxTrials` is null where there is no limit. */
export function readCmaSettings(
  settings: Settings,
  { lines, choices }: CmaSpace,
  maxTrials: number | null,
): CmaSettings {
  const size = settings[POPULATION.name];
  const separable = settings[SEPARABLE.name];
  return {
    sigma: Number(settings[SIGMA.name] ?? 0) || DEFAULT_SIGMA,
    restartStrategy: strategyOf(settings[RESTART_STRATEGY.name] ?? 'none') ?? 'none',
    populationSize: size === undefined ? defaultPopulationSize(lines.length + choices.length) : Number(size),
    isSeparable: separable === undefined ? isBetterSeparable(lines.length, maxTrials) : isTrue(separable),
    adaptsLearningRates: isTrue(settings[LEARNING_RATES.name] ?? 'false'),
  };
}

function isBetterSeparable(lines: number, maxTrials: number | null): boolean {
  return lines > MOST_DEPENDENT || (maxTrials ?? Infinity) <= TRIALS_PER_LINE * lines;
}

/** Katib takes None for none as well. */
function strategyOf(text: string): RestartStrategy | undefined {
  return RESTART_STRATEGIES.find((strategy) => strategy === (text === 'None' ? 'none' : text));
}

function flag(name: string, description: string, defaultValue: string | null): SettingSpec {
  const check = (text: string): string | undefined =>
    /^(?:true|false)$/i.test(text) ? undefined : 'It must be true or false.';
  return { name, description, defaultValue, check };
}

function isTrue(text: string): boolean {
  return text.toLowerCase() === 'true';
}
