import type { Output } from '../output/output.ts';
import type { ExperimentSummary, TrialSummary } from '../results/summary.ts';
import { finishedTrials } from '../results/summary.ts';
import { formatBest, formatParameters, formatValue } from './format.ts';
import type { Progress } from './progress.ts';

/** One line for each finished trial: for files, pipes and CI. */
export function lineProgress(output: Output): Progress {
  return {
    showsLiveTrials: false,
    update: () => undefined,
    trialFinished: (experiment, trial) => output.err(finishedLine(experiment, trial)),
    note: (line) => output.err(line),
    end: () => undefined,
  };
}

/** `[3/8] digits-2 Succeeded accuracy=0.95 lr=0.01 … | best accuracy=0.97 (digits-1)`. */
export function finishedLine(experiment: ExperimentSummary, trial: TrialSummary): string {
  const place = `[${finishedTrials(experiment.counts)}/${experiment.maxTrials ?? '?'}]`;
  const value =
    trial.value === null ? [] : [`${experiment.objective.objectiveMetricName}=${formatValue(trial.value)}`];
  const head = [place, trial.name, trial.state, ...value, formatParameters(trial.parameters)].join(' ');
  const tail =
    trial.state === 'Succeeded' || trial.state === 'EarlyStopped' ? formatBest(experiment) : trial.message;
  return tail === '' ? head : `${head} | ${tail}`;
}
