import type { SettingSpec } from './search-algorithm.ts';

const WHOLE_NUMBER = /^\+?\d+$/;

/** A setting that takes whole numbers from `least` on. */
export function wholeNumberSetting(setting: {
  name: string;
  description: string;
  defaultValue: string | null;
  least: number;
}): SettingSpec {
  const { least, ...shown } = setting;
  return {
    ...shown,
    check(text) {
      const value = WHOLE_NUMBER.test(text.trim()) ? Number(text) : Number.NaN;
      if (Number.isSafeInteger(value) && value >= least) return undefined;
      return `It must be a whole number, ${least} or more.`;
    },
  };
}

/** The seed of the search. Whoever creates the random stream of a searcher takes the seed from here. */
export const RANDOM_STATE = wholeNumberSetting({
  name: 'random_state',
  description: 'Seed of the random numbers: equal seeds give equal searches.',
  defaultValue: null,
  least: 0,
});
