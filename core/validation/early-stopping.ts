import { didYouMean } from '../did-you-mean.ts';
import type { AlgorithmSetting, AlgorithmSpec } from '../experiment.ts';
import { checkAlgorithmName } from './algorithm.ts';
import { type Issues, quoted, specIssue, type SpecPath } from './issue.ts';

const PATH = ['spec', 'earlyStopping'];

/** Katib's early stoppers and their settings, all of them whole numbers, with the least value of each. */
export const EARLY_STOPPERS: Readonly<Record<string, Readonly<Record<string, { least: number }>>>> = {
  medianstop: { min_trials_required: { least: 1 }, start_step: { least: 1 } },
};

export function* checkEarlyStopping(earlyStopping: AlgorithmSpec): Issues {
  const names = Object.keys(EARLY_STOPPERS);
  yield* checkAlgorithmName(earlyStopping, names, PATH, 'SPEC_EARLY_STOPPER_UNKNOWN');
  const settings = EARLY_STOPPERS[earlyStopping.algorithmName];
  if (!settings) return;
  yield specIssue(
    'SPEC_EARLY_STOPPING_UNAVAILABLE',
    PATH,
    `Trials cannot be stopped early here: ${earlyStopping.algorithmName} is not available.`,
    'Remove earlyStopping: every trial then runs to its end.',
  );
  for (const [index, setting] of (earlyStopping.algorithmSettings ?? []).entries()) {
    yield* checkSetting(setting, settings, [...PATH, 'algorithmSettings', index]);
  }
}

function* checkSetting(
  { name, value }: AlgorithmSetting,
  settings: Readonly<Record<string, { least: number }>>,
  path: SpecPath,
): Issues {
  const setting = Object.hasOwn(settings, name) ? settings[name] : undefined;
  if (!setting) {
    const message = `There is no setting ${quoted(name)}.`;
    yield specIssue(
      'SPEC_SETTING_UNKNOWN',
      [...path, 'name'],
      message,
      didYouMean(name, Object.keys(settings)),
    );
  } else if (!/^\+?\d+$/.test(value) || Number(value) < setting.least) {
    const message = `The setting ${name} is ${quoted(value)}.`;
    const remedy = `Write a whole number of at least ${setting.least}, as text.`;
    yield specIssue('SPEC_SETTING_INVALID', [...path, 'value'], message, remedy);
  }
}
