import type { EarlyStopper } from './early-stopper.ts';
import { compareAtSteps } from './step-comparison.ts';
import { minTrialsSetting, numberSetting, requiredNumber, startStepSetting } from './stopping-settings.ts';

const PERCENTILE = numberSetting({
  name: 'percentile',
  description: 'The best trials, in percent of all, that go on at each step.',
  defaultValue: '25',
  least: 0,
  most: 100,
});
const MIN_TRIALS = minTrialsSetting('5');
const START_STEP = startStepSetting('4');

/**
 * Stops a trial at a step where what stands for it is strictly worse than a percentile of what stood for the other
 * trials at that step: at 25, three of four trials that are like the others.
 */
export const percentileStop: EarlyStopper = {
  name: 'percentile',
  summary: 'Stops a trial that is not among the best so many percent of the trials at the same step.',
  settings: [PERCENTILE, MIN_TRIALS, START_STEP],
  problems: () => [],
  create(problem, settings) {
    const percentile = requiredNumber(settings, PERCENTILE);
    return compareAtSteps(problem, settings, {
      rule: 'percentile',
      peerScore: (_curve, standing) => standing,
      share: percentile / 100,
      describe: (peers) => `which the best ${percentile} % of ${peers} had reached at this step`,
      minTrials: MIN_TRIALS,
      startStep: START_STEP,
    });
  },
};
