import { Curves } from './curves.ts';
import type { EarlyStopper, StoppingDecision } from './early-stopper.ts';
import { scoreOf, valueOf } from './score.ts';
import { numberIn, numberSetting, requiredNumber, startStepSetting } from './stopping-settings.ts';

const WORSE_THAN = numberSetting({
  name: 'worse_than',
  description: 'A trial that reports something worse than this, or NaN, is stopped. Absent: none is.',
  defaultValue: null,
  least: -Infinity,
  most: Infinity,
});
const GOOD_ENOUGH = numberSetting({
  name: 'good_enough',
  description: 'A trial that reports this or something better needs no further training. Absent: all do.',
  defaultValue: null,
  least: -Infinity,
  most: Infinity,
});
const START_STEP = startStepSetting('1');

/** Stops a trial by the value of a single report: it is hopeless, or good enough. Other trials do not matter. */
export const thresholdStop: EarlyStopper = {
  name: 'threshold',
  summary:
    'Stops a trial that reports a value beyond a bound: hopeless ones, and those that are good enough.',
  settings: [WORSE_THAN, GOOD_ENOUGH, START_STEP],
  problems(settings) {
    const none = numberIn(settings, WORSE_THAN) === null && numberIn(settings, GOOD_ENOUGH) === null;
    return none ? ['Neither worse_than nor good_enough is set: no trial would ever be stopped.'] : [];
  },
  create(problem, settings) {
    const { metric, direction } = problem;
    const curves = new Curves(problem);
    const startStep = requiredNumber(settings, START_STEP);
    const worst = numberIn(settings, WORSE_THAN);
    const enough = numberIn(settings, GOOD_ENOUGH);
    return {
      report(report) {
        const curve = curves.take(report);
        if (!curve || curve.steps < startStep) return null;
        const { step, latest } = curve;
        const value = valueOf(direction, latest);
        const decision = (stop: boolean, threshold: number | null, reason: string): StoppingDecision => ({
          stop,
          rule: 'threshold',
          step,
          value,
          threshold,
          peers: 0,
          reason,
        });
        if (enough !== null && latest <= scoreOf(direction, enough))
          return decision(true, enough, `${metric} ${value} is as good as ${enough}, which is good enough.`);
        if (worst === null || latest <= scoreOf(direction, worst))
          return decision(false, worst ?? enough, '');
        if (latest === Infinity) return decision(true, worst, `${metric} is not a number.`);
        return decision(true, worst, `${metric} ${value} is worse than ${worst}.`);
      },
      forget: (trial) => curves.forget(trial),
    };
  },
};
