import type { CurveReport } from '../../algorithms/early-stopping/early-stopper.ts';
import { EPOCHS } from './training.ts';
import type { Judge } from './simulate.ts';

const START_STEP = 4;
const MIN_TRIALS = 3;

/**
 * What Katib's own medianstop does, for comparison: the arithmetic mean, over the trials that have succeeded, of the
 * means of their first four reports; fixed when a trial begins, compared once, at its fourth report.
 */
export function katibMedian(): Judge {
  const curves = new Map<string, number[]>();
  const means: number[] = [];
  const limits = new Map<string, number | null>();
  const limitNow = (): number | null =>
    means.length < MIN_TRIALS ? null : means.reduce((sum, mean) => sum + mean, 0) / means.length;
  return ({ trial, value }: CurveReport) => {
    if (!limits.has(trial)) limits.set(trial, limitNow());
    const curve = curves.get(trial) ?? [];
    curves.set(trial, curve);
    curve.push(value);
    if (curve.length === EPOCHS)
      means.push(curve.slice(0, START_STEP).reduce((sum, one) => sum + one, 0) / START_STEP);
    const limit = limits.get(trial) ?? null;
    return curve.length === START_STEP && limit !== null && Math.min(...curve) > limit;
  };
}
