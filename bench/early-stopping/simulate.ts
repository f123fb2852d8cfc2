import type { CurveReport } from '../../algorithms/early-stopping/early-stopper.ts';
import { randomStream } from '../../core/random.ts';
import { EPOCHS, type Training, type TrainingFamily } from './training.ts';

/** Takes in a report; whether its trial is to be stopped. */
export type Judge = (report: CurveReport) => boolean;

export interface Simulated {
  /** After each epoch of any trial: error of the trial that would be recommended then, after a whole training, above the optimum. */
  regrets: Float64Array;
  configurations: number;
  /** Trials that came to the last epoch. */
  whole: number;
}

interface Running {
  trial: string;
  training: Training;
  epoch: number;
}

/**
 * A random search of `workers` trials at a time, an epoch each in turn, until so many epochs have been trained. Equal
 * seeds give equal trainings to all judges. Recommended is the trial with the least last value of those that came to the
 * end; of all, while there are none.
 */
export function simulate(
  family: TrainingFamily,
  judge: Judge,
  { workers, epochs, seed }: { workers: number; epochs: number; seed: number },
): Simulated {
  const random = randomStream(`${family.name}/${seed}`);
  const regrets = new Float64Array(epochs);
  const best = { whole: Infinity, any: Infinity };
  let [configurations, whole, regret] = [0, 0, NaN];
  const next = (): Running => {
    const index = configurations++;
    return { trial: `t-${index}`, training: family.draw(random.fork(index)), epoch: 0 };
  };
  const running = Array.from({ length: workers }, next);
  for (let used = 0; used < epochs; used++) {
    const at = used % workers;
    const one = running[at] ?? next();
    one.epoch++;
    const value = one.training.measured[one.epoch - 1] ?? NaN;
    const isWhole = one.epoch === EPOCHS;
    const isBest = isWhole ? value < best.whole : best.whole === Infinity && value < best.any;
    if (isBest) {
      best[isWhole ? 'whole' : 'any'] = value;
      regret = one.training.error(EPOCHS) - family.optimum;
    }
    regrets[used] = regret;
    const stop = judge({ trial: one.trial, step: one.epoch, value });
    if (isWhole) whole++;
    if (isWhole || stop) running[at] = next();
  }
  return { regrets, configurations, whole };
}
