import type { CurveReport } from '../../algorithms/early-stopping/early-stopper.ts';
import { EPOCHS } from './training.ts';
import type { Judge } from './simulate.ts';

const START_STEP = 4;
const MIN_TRIALS = 3;

/** medianstop, comparing with trials alone that have ended, by themselves or by the rule: what counting running ones brings. */
export function endedMedian(): Judge {
  const curves = new Map<string, number[]>();
  const ended: Float64Array[] = [];
  return ({ trial, value }: CurveReport) => {
    const curve = curves.get(trial) ?? [];
    curves.set(trial, curve);
    curve.push(value);
    const others = ended.flatMap((means) => means[curve.length - 1] ?? []);
    const isWorse =
      curve.length >= START_STEP && others.length >= MIN_TRIALS && Math.min(...curve) > medianOf(others);
    if (isWorse || curve.length === EPOCHS) ended.push(runningMeans(curve));
    return isWorse;
  };
}

function runningMeans(curve: readonly number[]): Float64Array {
  let sum = 0;
  return Float64Array.from(curve, (value, index) => (sum += value) / (index + 1));
}

function medianOf(values: number[]): number {
  const sorted = values.sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}
