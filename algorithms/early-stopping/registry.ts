import { asha } from './asha.ts';
import type { EarlyStopper } from './early-stopper.ts';
import { medianStop } from './medianstop.ts';
import { percentileStop } from './percentile.ts';
import { plateauStop } from './plateau.ts';
import { thresholdStop } from './threshold.ts';

/** Every early stopper, in the order in which documentation lists them. */
export const EARLY_STOPPERS: readonly EarlyStopper[] = [
  medianStop,
  asha,
  percentileStop,
  thresholdStop,
  plateauStop,
];

/** The early stopper of that `algorithmName`; undefined where there is none. */
export function earlyStopper(name: string): EarlyStopper | undefined {
  return EARLY_STOPPERS.find((stopper) => stopper.name === name);
}
