import { DEFAULT_IMPORTANCE_SETTINGS } from '../../algorithms/importance/importance.ts';
import { DEFAULT_IMPORTANCE_EVALUATOR } from '../../algorithms/importance/registry.ts';
import type { StoredExperiment } from '../../core/experiment.ts';
import type { StoredTrial } from '../../core/trial.ts';
import { formatTook } from '../duration.ts';
import { formatCounts, formatValue } from '../progress/format.ts';
import { percent } from '../importance/percent.ts';
import { importanceOf } from '../../experiments/importance/importance-of.ts';
import { groupFailures } from '../../experiments/failure.ts';
import type { Results } from '../open-results.ts';
import { summarizeExperiment, summarizeTrial, type ExperimentSummary } from '../../experiments/summary.ts';
import { experimentWarnings } from '../../experiments/warnings.ts';
import { conditionSection, fieldLines, section, warningSection, type Field } from './sections.ts';

export async function describeExperiment(results: Results, experiment: StoredExperiment): Promise<string[]> {
  const summary = summarizeExperiment(experiment);
  const stored = await results.trialsOf(experiment);
  const trials = stored.map(summarizeTrial);
  return [
    ...fieldLines([
      ['Experiment', `${summary.name} (namespace ${summary.namespace})`],
      ['Status', [summary.state, summary.message].filter(Boolean).join(': ')],
      ['Algorithm', summary.algorithm],
      ...stopperFields(experiment),
      ['Objective', objectiveText(summary)],
      ['Trials', `${summary.counts.total} of ${summary.maxTrials ?? 'unlimited'}: ${formatCounts(summary)}`],
      ['Took', formatTook(summary.startedMs, summary.completedMs)],
      ['Best', ...bestLines(summary)],
      ['Matters', ...importanceLines(experiment, stored)],
    ]),
    ...conditionSection(experiment.status?.conditions),
    ...warningSection(await experimentWarnings(results.client, experiment)),
    ...section(
      ['NO RESULT BECAUSE', 'TRIALS', 'FIRST', 'CAUSE'],
      groupFailures(trials).map(({ code, trials: [first = '', ...others], failure }) => [
        code ?? '-',
        String(others.length + 1),
        first,
        failure.cause,
      ]),
    ),
    ...section(
      ['TRIAL', 'STATUS', 'OBJECTIVE', 'TOOK'],
      trials.map(({ name, state, value, startedMs, completedMs }) => [
        name,
        state,
        formatValue(value),
        formatTook(startedMs, completedMs),
      ]),
    ),
    ...sharedName(await results.hasTrial(summary.name, summary.namespace), summary.name),
  ];
}

function stopperFields({ spec: { earlyStopping } }: StoredExperiment): Field[] {
  if (!earlyStopping) return [];
  const settings = (earlyStopping.algorithmSettings ?? []).map(({ name, value }) => `${name} = ${value}`);
  const shown = settings.length === 0 ? '' : ` (${settings.join(', ')})`;
  return [['Stops by', `${earlyStopping.algorithmName}${shown}`]];
}

function objectiveText({ objective }: ExperimentSummary): string {
  const goal = objective.goal === undefined ? '' : `, goal ${objective.goal}`;
  return `${objective.type} ${objective.objectiveMetricName}${goal}`;
}

function bestLines({ best }: ExperimentSummary): string[] {
  if (!best) return ['-'];
  return [
    `${formatValue(best.value)} (${best.name})`,
    ...best.parameters.map(({ name, value }) => `  ${name} = ${value}`),
  ];
}

/** Parameters that are told of those that matter. */
const MOST_IMPORTANT = 3;
const LEAST_SHARE = 0.05;

/** `lr 71 %, units 20 % (of 60 trials; katydid importance tells more)`; nothing where nothing stands out. */
function importanceLines(experiment: StoredExperiment, trials: readonly StoredTrial[]): string[] {
  const request = { evaluator: DEFAULT_IMPORTANCE_EVALUATOR, settings: DEFAULT_IMPORTANCE_SETTINGS };
  const report = importanceOf(experiment, trials, request);
  const told = report.importances.slice(0, MOST_IMPORTANT).filter(({ share }) => share >= LEAST_SHARE);
  if (told.length === 0) return [];
  const shares = told.map(({ parameter, share }) => `${parameter} ${percent(share)}`).join(', ');
  return [`${shares} (of ${report.trials} trials; katydid importance tells more)`];
}

/** Trial 1 of experiment `a` has the name of experiment `a-1`. */
function sharedName(isShared: boolean, name: string): string[] {
  return isShared ? ['', `A trial has this name, too: describe trial/${name} shows it.`] : [];
}
