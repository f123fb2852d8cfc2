import type { Settings, SettingSpec } from '../search-algorithm.ts';
import { RANDOM_STATE, wholeNumberSetting } from '../settings.ts';

const INITIAL = wholeNumberSetting({
  name: 'n_initial_points',
  description:
    'Trials that need a result before the model is asked; by default the number of parameters and two, from 8 to 16.',
  defaultValue: null,
  least: 0,
});

/** A setting of Katib that chooses between ways of which only one is needed here: its values are accepted. */
function acceptedSetting(name: string, description: string, values: readonly string[]): SettingSpec {
  return {
    name,
    description,
    defaultValue: null,
    check: (text) => (values.includes(text) ? undefined : `It must be one of ${values.join(', ')}.`),
  };
}

export const BAYESIAN_SETTINGS: readonly SettingSpec[] = [
  INITIAL,
  acceptedSetting('base_estimator', 'The model, which is always a Gaussian process (GP).', ['GP']),
  acceptedSetting(
    'acq_func',
    'Katib’s names are accepted; what counts is always the logarithm of the expected improvement.',
    ['gp_hedge', 'EI', 'LCB', 'PI', 'EIps', 'PIps'],
  ),
  acceptedSetting('acq_optimizer', 'Katib’s names are accepted; the search always samples and then climbs.', [
    'auto',
    'sampling',
    'lbfgs',
  ]),
  RANDOM_STATE,
];

/** How many results the model needs. */
export function initialPoints(settings: Settings, parameters: number): number {
  const asked = settings[INITIAL.name];
  return Math.max(1, asked === undefined ? Math.min(16, Math.max(8, parameters + 2)) : Number(asked));
}
