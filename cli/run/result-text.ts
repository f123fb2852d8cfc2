import { resolve } from 'node:path';
import { suggestedCommand, whereOptions } from '../command-line.ts';
import { formatDuration } from '../duration.ts';
import { textTable } from '../output/text-table.ts';
import { formatCounts, formatValue } from '../progress/format.ts';
import { failureLines, type FailureGroup } from '../../experiments/failure.ts';
import { finishedTrials, isFinished, type ExperimentSummary } from '../../experiments/summary.ts';
import type { Outcome } from './outcome.ts';
import { durationMs, type RunEnd } from './report.ts';

const MAX_FAILURE_GROUPS = 3;
const MAX_NAMED_TRIALS = 5;

/** What a result is told with, besides the experiment itself. */
export interface ResultContext {
  end: RunEnd;
  /** Where the results lie, as the user named it. */
  dataDir: string;
  /** The command line that resumes. */
  command: readonly string[];
  nowMs: number;
}

/** The result for people: the best trial, why others failed, and where to find the rest. */
export function resultLines({ experiment, failures }: Outcome, context: ResultContext): string[] {
  return [
    headline(experiment, context.end),
    `Trials: ${formatCounts(experiment)}, in ${formatDuration(durationMs(experiment, context.nowMs))}`,
    ...bestLines(experiment),
    ...failureReport(failures),
    ...(isFinished(experiment)
      ? []
      : ['Go on where it stopped with:', `  ${suggestedCommand(context.command)}`]),
    ...suggestions(experiment, failures, context.dataDir),
  ];
}

function headline(experiment: ExperimentSummary, end: RunEnd): string {
  const { name, state, message, maxTrials, counts } = experiment;
  if (end === 'finished' || isFinished(experiment)) return `Experiment ${name}: ${state}. ${message}`;
  const why = end === 'timedOut' ? 'Stopped, because the time is up' : 'Interrupted';
  return `Experiment ${name}: ${why}, after ${finishedTrials(counts)} of ${maxTrials ?? 'unlimited'} trials.`;
}

function bestLines({ objective, best }: ExperimentSummary): string[] {
  if (!best) return ['No trial has a result.'];
  return [
    `Best ${objective.objectiveMetricName}: ${formatValue(best.value)} (${best.name})`,
    ...best.parameters.map(({ name, value }) => `  ${name} = ${value}`),
  ];
}

function failureReport(groups: readonly FailureGroup[]): string[] {
  if (groups.length === 0) return [];
  const shown = groups.slice(0, MAX_FAILURE_GROUPS);
  const rest = groups.length - shown.length;
  return [
    'Why trials have no result:',
    ...shown.flatMap(({ code, trials, failure }) => [
      `  ${code ?? 'other reasons'} (${namesOf(trials)})`,
      ...failureLines(failure).map((line) => `    ${line}`),
    ]),
    ...(rest > 0 ? [`  … and for ${rest} more reasons.`] : []),
  ];
}

function namesOf(trials: readonly string[]): string {
  const named = trials.slice(0, MAX_NAMED_TRIALS).join(', ');
  const rest = trials.length - MAX_NAMED_TRIALS;
  return rest > 0 ? `${named} and ${rest} more` : named;
}

function suggestions(
  { name, namespace, best }: ExperimentSummary,
  failures: readonly FailureGroup[],
  dataDir: string,
): string[] {
  const where = whereOptions(dataDir, namespace);
  const [failedTrial] = failures[0]?.trials ?? [];
  const hasOutput = failures[0] !== undefined && failures[0].failure.lastLogLines.length > 0;
  const shownTrial = best?.name ?? failedTrial;
  const rows = [
    ['get', 'trials', '--experiment', name, ...where, 'all trials'],
    ...(shownTrial
      ? [['describe', shownTrial, ...where, best ? 'one trial with its curve' : 'one trial']]
      : []),
    ...(failedTrial && hasOutput ? [['logs', failedTrial, ...where, 'all that a failed trial printed']] : []),
    ...(best ? [['export', name, '--what', 'curves', ...where, 'every reported value']] : []),
  ].map((row) => [`  ${suggestedCommand(row.slice(0, -1))}`, row.at(-1) ?? '']);
  const [header = [], ...others] = rows;
  return [`Results are in ${resolve(dataDir)}. See more with:`, textTable(header, others)];
}
