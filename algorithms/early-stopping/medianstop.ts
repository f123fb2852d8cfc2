import type { EarlyStopper } from './early-stopper.ts';
import { compareAtSteps } from './step-comparison.ts';
import { minTrialsSetting, startStepSetting } from './stopping-settings.ts';

const MIN_TRIALS = minTrialsSetting('3');
const START_STEP = startStepSetting('4');

/**
 * The median stopping rule: a trial is stopped at step t where its best value so far is strictly worse than the median
 * of the running averages, over the steps up to t, of the other trials at step t. Trials that are still running count.
 *
 * D. Golovin et al., "Google Vizier: A Service for Black-Box Optimization" (2017), section 3.2.
 */
export const medianStop: EarlyStopper = {
  name: 'medianstop',
  summary:
    'Stops a trial whose best value so far is worse than the median of the running averages of the others.',
  settings: [MIN_TRIALS, START_STEP],
  problems: () => [],
  create: (problem, settings) =>
    compareAtSteps(problem, settings, {
      rule: 'medianstop',
      peerScore: ({ mean }) => mean,
      share: 0.5,
      describe: (peers) => `the median of the running averages of ${peers}`,
      minTrials: MIN_TRIALS,
      startStep: START_STEP,
    }),
};
