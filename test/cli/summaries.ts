import type { ExperimentSummary, TrialSummary } from '../../experiments/summary.ts';

const NO_TRIALS: ExperimentSummary['counts'] = {
  total: 0,
  running: 0,
  pending: 0,
  succeeded: 0,
  failed: 0,
  killed: 0,
  earlyStopped: 0,
  metricsUnavailable: 0,
};

/** A running experiment; its total is the sum of the given counts. */
export function experimentSummary(
  more: Partial<Omit<ExperimentSummary, 'counts'>> & { counts?: Partial<ExperimentSummary['counts']> } = {},
): ExperimentSummary {
  const counts = { ...NO_TRIALS, ...more.counts };
  counts.total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return {
    name: 'exp',
    namespace: 'default',
    state: 'Running',
    reason: 'ExperimentRunning',
    message: 'Experiment is running',
    algorithm: 'random',
    objective: { type: 'minimize', objectiveMetricName: 'loss' },
    maxTrials: 10,
    best: null,
    startedMs: 0,
    completedMs: null,
    ...more,
    counts,
  };
}

export function bestTrial(name: string, value: number): ExperimentSummary['best'] {
  const text = String(value);
  return {
    name,
    value,
    parameters: [{ name: 'lr', value: '0.123456789' }],
    observation: { metrics: [{ name: 'loss', min: text, max: text, latest: text }] },
  };
}

export function trialSummary(more: Partial<TrialSummary> = {}): TrialSummary {
  return {
    name: 'exp-0',
    state: 'Succeeded',
    parameters: [
      { name: 'lr', value: '0.123456789' },
      { name: 'layers', value: '1234567' },
      { name: 'optimizer', value: 'sgd' },
    ],
    value: 0.5,
    metrics: [],
    reason: 'TrialSucceeded',
    message: 'Trial has succeeded',
    startedMs: 0,
    completedMs: 1000,
    ...more,
  };
}

/** The message of a failed trial as its controller writes it. */
export const MODULE_MISSING =
  'Trial has failed. Job message: Job has reached the specified backoff limit [TRIAL_MODULE_MISSING] Container main of ' +
  'pod exp-0-0 needs the module "nothere", which is not installed. What to do: Install the module in the image, or in the ' +
  "environment whose interpreter the command calls. Last output:\nstarting\nModuleNotFoundError: No module named 'nothere'";
