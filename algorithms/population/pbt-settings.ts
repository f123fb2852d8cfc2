import { CHECKPOINT_DIRECTORY } from '../checkpoint-setting.ts';
import { RANDOM_STATE, wholeNumberSetting } from '../settings.ts';
import type { Settings, SettingSpec } from '../search-algorithm.ts';

const LEAST_POPULATION = 5;

const POPULATION: SettingSpec = {
  ...wholeNumberSetting({
    name: 'n_population',
    description:
      'Members of the population, each a training that goes on from generation to generation. It must be set.',
    defaultValue: null,
    least: LEAST_POPULATION,
  }),
  check: (text) =>
    /^\+?\d{1,6}$/.test(text.trim()) && Number(text) >= LEAST_POPULATION
      ? undefined
      : `Param(n_population) should be >= ${LEAST_POPULATION}`,
};

const TRUNCATION: SettingSpec = {
  name: 'truncation_threshold',
  description:
    'The worst of a generation, so great a share, are replaced by the best, as great a share. It must be set.',
  defaultValue: null,
  check: (text) =>
    isShare(text) ? undefined : 'Param(truncation_threshold) should be between 0 and 1, inclusive',
};

const RESAMPLING: SettingSpec = {
  name: 'resample_probability',
  description:
    'How likely a parameter is drawn anew when the values of a better member are taken; otherwise it is perturbed.',
  defaultValue: null,
  check: (text) =>
    isShare(text)
      ? undefined
      : 'Param(resample_probability) should be null to perturb at 0.8 or 1.2, or be between 0 and 1, inclusive, to resample',
};

export const PBT_SETTINGS: readonly SettingSpec[] = [
  CHECKPOINT_DIRECTORY,
  POPULATION,
  TRUNCATION,
  RESAMPLING,
  RANDOM_STATE,
];

export interface PbtSettings {
  population: number;
  /** From 0 to 1. */
  truncation: number;
  /** From 0 to 1. */
  resampling: number;
}

/** The settings must have passed their checks and `missingSettings`. */
export function readPbtSettings(settings: Settings): PbtSettings {
  return {
    population: Number(settings[POPULATION.name]),
    truncation: Number(settings[TRUNCATION.name]),
    resampling: Number(settings[RESAMPLING.name] ?? 0),
  };
}

/** A sentence where settings that are needed are missing. */
export function missingSettings(settings: Settings): string[] {
  const missing = [CHECKPOINT_DIRECTORY, POPULATION, TRUNCATION].flatMap(({ name }) =>
    settings[name] === undefined ? [name] : [],
  );
  return missing.length === 0 ? [] : [`Required params missing: ${missing.join(', ')}`];
}

function isShare(text: string): boolean {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  return value >= 0 && value <= 1;
}
