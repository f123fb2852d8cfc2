import { wholeNumberSetting } from '../settings.ts';
import { Curves } from './curves.ts';
import type { EarlyStopper } from './early-stopper.ts';
import { scoreOf, valueOf } from './score.ts';
import { numberSetting, requiredNumber, startStepSetting } from './stopping-settings.ts';

const PATIENCE = wholeNumberSetting({
  name: 'patience',
  description: 'Reports in a row without an improvement after which a trial is stopped.',
  defaultValue: '10',
  least: 1,
});
const MIN_DELTA = numberSetting({
  name: 'min_delta',
  description: 'An improvement is a value that is better by more than this.',
  defaultValue: '0',
  least: 0,
  most: Infinity,
});
const START_STEP = startStepSetting('1');

/** The value that has to be beaten, and for how many reports nothing has. */
interface Level {
  score: number;
  waited: number;
}

/** Stops a trial that has not improved for some time. Other trials do not matter. */
export const plateauStop: EarlyStopper = {
  name: 'plateau',
  summary: 'Stops a trial that has not improved in its last reports.',
  settings: [PATIENCE, MIN_DELTA, START_STEP],
  problems: () => [],
  create(problem, settings) {
    const { metric, direction } = problem;
    const curves = new Curves(problem);
    const patience = requiredNumber(settings, PATIENCE);
    const minDelta = requiredNumber(settings, MIN_DELTA);
    const startStep = requiredNumber(settings, START_STEP);
    const levels = new Map<string, Level>();
    return {
      report(report) {
        const level = levels.get(report.trial) ?? { score: Infinity, waited: 0 };
        levels.set(report.trial, level);
        const curve = curves.take(report);
        const score = scoreOf(direction, report.value);
        const isImproved = score < level.score - minDelta;
        if (isImproved) level.score = score;
        // Within a step there may be many reports: only the first of each is one to wait for.
        if (isImproved) level.waited = 0;
        else if (curve) level.waited++;
        if (!curve || curve.steps < startStep) return null;
        const stop = level.waited >= patience;
        const best = valueOf(direction, level.score);
        const threshold = Number.isNaN(best) ? null : valueOf(direction, level.score - minDelta);
        const since = `in the last ${level.waited} ${level.waited === 1 ? 'report' : 'reports'}`;
        const why =
          threshold === null
            ? `${metric} has not been a number ${since}.`
            : `${metric} has not become better than ${threshold} ${since}.`;
        return {
          stop,
          rule: 'plateau',
          step: curve.step,
          value: valueOf(direction, curve.latest),
          threshold,
          peers: 0,
          reason: stop ? why : '',
        };
      },
      forget(trial) {
        curves.forget(trial);
        levels.delete(trial);
      },
    };
  },
};
