import type { Settings, SettingSpec } from '../search-algorithm.ts';
import { wholeNumberSetting } from '../settings.ts';

/** More good trials than this make a density that says nothing. */
const MOST_GOOD = 25;
const GOOD_SHARE = 0.1;

const STARTUP = wholeNumberSetting({
  name: 'n_startup_trials',
  description: 'Trials that need a result before the estimators are asked; until then a Sobol sequence.',
  defaultValue: '10',
  least: 0,
});

const CANDIDATES = wholeNumberSetting({
  name: 'n_EI_candidates',
  description: 'Values that are drawn for each suggestion; the most promising one is taken.',
  defaultValue: '24',
  least: 1,
});

/** What Optuna, behind Katib's multivariate-tpe, calls the same. */
const CANDIDATES_OF_OPTUNA: SettingSpec = {
  ...CANDIDATES,
  name: 'n_ei_candidates',
  description: 'The same as n_EI_candidates, as it is called by Optuna.',
  defaultValue: null,
};

const GAMMA: SettingSpec = {
  name: 'gamma',
  description:
    'The best gamma · √n of n trials count as good, at most 25, as in Katib; a tenth of them, at most 25, where it is absent.',
  defaultValue: null,
  check(text) {
    const gamma = numberOf(text);
    return gamma > 0 && gamma < 1 ? undefined : 'It must be a number between 0 and 1.';
  },
};

const PRIOR_WEIGHT: SettingSpec = {
  name: 'prior_weight',
  description: 'What the prior, by which every value is as likely, weighs beside one trial.',
  defaultValue: '1',
  check: (text) =>
    numberOf(text) > 0 && numberOf(text) < Infinity ? undefined : 'It must be a number above 0.',
};

export const TPE_SETTINGS: readonly SettingSpec[] = [
  STARTUP,
  CANDIDATES,
  CANDIDATES_OF_OPTUNA,
  GAMMA,
  PRIOR_WEIGHT,
];

export interface TpeSettings {
  startupTrials: number;
  candidateCount: number;
  priorWeight: number;
  /** Values are drawn from kernels that are so many times as wide as those of the densities. */
  spread: number;
  /** How many of so many finished trials are good. */
  goodCount: (finished: number) => number;
}

export function readTpeSettings(settings: Settings): TpeSettings {
  const { gamma } = settings;
  const share = (finished: number): number =>
    gamma === undefined ? GOOD_SHARE * finished : Number(gamma) * Math.sqrt(finished);
  const candidates =
    settings[CANDIDATES.name] ?? settings[CANDIDATES_OF_OPTUNA.name] ?? CANDIDATES.defaultValue;
  return {
    // Without a single result there is nothing to split.
    startupTrials: Math.max(1, Number(settings[STARTUP.name] ?? STARTUP.defaultValue)),
    candidateCount: Math.max(1, Number(candidates)),
    priorWeight: Number(settings[PRIOR_WEIGHT.name] ?? PRIOR_WEIGHT.defaultValue),
    spread: 1,
    goodCount: (finished) => Math.min(MOST_GOOD, Math.ceil(share(finished))),
  };
}

function numberOf(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}
