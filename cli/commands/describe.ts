import { Command } from 'commander';
import type { Condition } from '../../core/kubernetes-object.ts';
import type { StoredExperiment } from '../../core/experiment.ts';
import { KatydidError } from '../../core/errors.ts';
import type { StoredTrial } from '../../core/trial.ts';
import { dataDirectory } from '../data-directory.ts';
import { formatDuration } from '../duration.ts';
import { dataDirOption, namespaceOption } from '../options.ts';
import type { Output } from '../output/output.ts';
import { textTable } from '../output/text-table.ts';
import { formatCounts, formatValue } from '../progress/format.ts';
import { curvePoints } from '../results/curves.ts';
import { openResults, type Results } from '../results/results.ts';
import { summarizeExperiment, summarizeTrial } from '../results/summary.ts';

/** Points of a curve that a screen shows without scrolling far. */
const SHOWN_POINTS = 40;

interface DescribeOptions {
  dataDir: string;
  namespace?: string;
}

export function describeCommand(output: Output): Command {
  return new Command('describe')
    .description('everything about an experiment or a trial, for people')
    .argument('<name>', 'name of an experiment or of a trial')
    .addOption(namespaceOption())
    .addOption(dataDirOption())
    .addHelpText('after', '\nExample:\n  katydid describe digits-0')
    .action(async (name: string, options: DescribeOptions) => {
      const results = openResults(dataDirectory(options.dataDir));
      try {
        for (const line of await describe(results, name, options.namespace)) output.out(line);
      } finally {
        await results.close();
      }
    });
}

async function describe(results: Results, name: string, namespace: string | undefined): Promise<string[]> {
  try {
    return await describeExperiment(results, await results.experiment(name, namespace));
  } catch (error) {
    if (!(error instanceof KatydidError && error.code === 'NOT_FOUND')) throw error;
  }
  return describeTrial(results, await results.trial(name, namespace));
}

async function describeExperiment(results: Results, experiment: StoredExperiment): Promise<string[]> {
  const summary = summarizeExperiment(experiment);
  const { objective, best } = summary;
  const goal = objective.goal === undefined ? '' : `, goal ${objective.goal}`;
  const trials = (await results.trialsOf(experiment)).map(summarizeTrial);
  return [
    `Experiment   ${summary.name} (namespace ${summary.namespace})`,
    `Status       ${summary.state}: ${summary.message}`,
    `Algorithm    ${summary.algorithm}`,
    `Objective    ${objective.type} ${objective.objectiveMetricName}${goal}`,
    `Trials       ${summary.counts.total} of ${summary.maxTrials ?? 'unlimited'}: ${formatCounts(summary)}`,
    `Best         ${best ? `${formatValue(best.value)} (${best.name})` : '-'}`,
    ...(best?.parameters ?? []).map(({ name, value }) => `               ${name} = ${value}`),
    '',
    ...conditionLines(experiment.status?.conditions),
    '',
    textTable(
      ['TRIAL', 'STATUS', 'OBJECTIVE'],
      trials.map(({ name, state, value }) => [name, state, formatValue(value)]),
    ),
  ];
}

async function describeTrial(results: Results, trial: StoredTrial): Promise<string[]> {
  const summary = summarizeTrial(trial);
  const { startedMs, completedMs } = summary;
  const took = startedMs !== null && completedMs !== null ? formatDuration(completedMs - startedMs) : '-';
  return [
    `Trial        ${summary.name} (namespace ${trial.metadata.namespace ?? 'default'})`,
    `Status       ${summary.state}: ${summary.message}`,
    `Took         ${took}`,
    'Parameters',
    ...summary.parameters.map(({ name, value }) => `  ${name} = ${value}`),
    '',
    textTable(
      ['METRIC', 'MIN', 'MAX', 'LATEST'],
      summary.metrics.map(({ name, min, max, latest }) => [name, min, max, latest]),
    ),
    '',
    await curveTable(results, trial),
    '',
    ...conditionLines(trial.status?.conditions),
    '',
    ...(await eventLines(results, trial)),
  ];
}

async function curveTable(results: Results, trial: StoredTrial): Promise<string> {
  const points = await curvePoints(results.observations, trial, SHOWN_POINTS);
  const rows = points.map(({ metric, step, timeMs, text }) => [
    metric,
    step === null ? '-' : String(step),
    new Date(timeMs).toISOString(),
    text,
  ]);
  return textTable(['CURVE', 'STEP', 'TIME', 'VALUE'], rows);
}

function conditionLines(conditions: readonly Condition[] = []): string[] {
  const rows = conditions.map(({ type, status, reason = '', lastTransitionTime = '' }) => [
    type,
    status,
    lastTransitionTime,
    reason,
  ]);
  return [textTable(['CONDITION', 'STATUS', 'SINCE', 'REASON'], rows)];
}

async function eventLines(results: Results, trial: StoredTrial): Promise<string[]> {
  const events = await results.observations.events(trial.metadata.uid);
  if (events.length === 0) return [];
  const rows = events.map(({ timeMs, type, reason, message }) => [
    new Date(timeMs).toISOString(),
    type,
    reason,
    message.split('\n', 1)[0] ?? '',
  ]);
  return [textTable(['EVENT', 'TYPE', 'REASON', 'MESSAGE'], rows)];
}
