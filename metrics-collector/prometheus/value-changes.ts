import type { Sample } from './exposition.ts';

/** A value of a metric, and how far the training was. */
export interface SampledValue {
  value: number;
  step: number | null;
  timeMs: number;
}

/** What of a metric that is looked at again and again counts as a report. */
export interface ValueChanges {
  /** What the sample reports that was not known; null where it repeats what was said before. */
  next(sample: Sample, step: number | null, readMs: number): SampledValue | null;
  /** What was held back and never replaced, or null. */
  rest(): SampledValue | null;
}

/**
 * A new value counts, and so does one with another time of the training's own. Clients expose a gauge that has not been
 * set as 0: a 0 at the beginning is held back, and counts only if nothing else ever comes.
 */
export function createValueChanges(): ValueChanges {
  let last: { value: number; timeMs: number | null } | null = null;
  let unset: SampledValue | null = null;
  return {
    next({ value, timeMs }, step, readMs) {
      if (last && Object.is(last.value, value) && last.timeMs === timeMs) return null;
      const isFirst = last === null || unset !== null;
      last = { value, timeMs };
      const sampled = { value, step, timeMs: timeMs ?? readMs };
      const isHeldBack = isFirst && value === 0;
      unset = isHeldBack ? (unset ?? sampled) : null;
      return isHeldBack ? null : sampled;
    },
    rest: () => unset,
  };
}
