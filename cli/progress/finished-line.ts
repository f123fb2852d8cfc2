import { cut } from '../../core/cut.ts';
import { hasNoResult, readFailure } from '../../experiments/failure.ts';
import type { ExperimentSummary, TrialSummary } from '../../experiments/summary.ts';
import { formatParameters, formatValue } from './format.ts';

const SHOWN_CAUSE = 200;

/**
 * `[3/8] digits-2 Succeeded accuracy=0.95 lr=0.01 … | best accuracy=0.97 (digits-1)`; for a trial without a result,
 * why there is none stands in place of `standing`.
 */
export function finishedLine(
  experiment: ExperimentSummary,
  trial: TrialSummary,
  place: number,
  standing: string,
): string {
  const value =
    trial.value === null ? [] : [`${experiment.objective.objectiveMetricName}=${formatValue(trial.value)}`];
  const head = [
    `[${place}/${experiment.maxTrials ?? '?'}]`,
    trial.name,
    trial.state,
    ...value,
    formatParameters(trial.parameters),
  ]
    .filter((part) => part !== '')
    .join(' ');
  const isResult = (trial.state === 'Succeeded' || trial.state === 'EarlyStopped') && !hasNoResult(trial);
  const tail = isResult ? standing : whyOf(trial);
  return tail === '' ? head : `${head} | ${tail}`;
}

function whyOf({ message }: TrialSummary): string {
  const { code, cause } = readFailure(message);
  return cut(code === null ? cause : `${code}: ${cause}`, SHOWN_CAUSE);
}
