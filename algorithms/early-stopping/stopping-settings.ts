import type { Settings, SettingSpec } from '../search-algorithm.ts';
import { wholeNumberSetting } from '../settings.ts';

export function startStepSetting(defaultValue: string): SettingSpec {
  return wholeNumberSetting({
    name: 'start_step',
    description: 'Reports that a trial makes before it can be stopped, the one at which it can included.',
    defaultValue,
    least: 1,
  });
}

export function minTrialsSetting(defaultValue: string): SettingSpec {
  return wholeNumberSetting({
    name: 'min_trials_required',
    description: 'Other trials that must have reached a step before a trial is compared with them there.',
    defaultValue,
    least: 1,
  });
}

/** A setting that takes decimal numbers between two bounds, both included. */
export function numberSetting(setting: {
  name: string;
  description: string;
  defaultValue: string | null;
  least: number;
  most: number;
}): SettingSpec {
  const { least, most, ...shown } = setting;
  return {
    ...shown,
    check(text) {
      const value = numberOf(text);
      if (Number.isFinite(value) && value >= least && value <= most) return undefined;
      if (least === -Infinity) return 'It must be a number.';
      return most === Infinity
        ? `It must be a number, ${least} or more.`
        : `It must be a number from ${least} to ${most}.`;
    },
  };
}

/** The number that a setting has; null where neither the settings nor a default give one. */
export function numberIn(settings: Settings, { name, defaultValue }: SettingSpec): number | null {
  const text = settings[name] ?? defaultValue;
  return text === null ? null : numberOf(text);
}

/** The number of a setting that has a default. */
export function requiredNumber(settings: Settings, spec: SettingSpec): number {
  return numberIn(settings, spec) ?? Number.NaN;
}

function numberOf(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}
