import { EXPERIMENT_LABEL } from '../../core/labels.ts';
import type { StoredTrial } from '../../core/trial.ts';
import { suggestedCommand, whereOptions } from '../command-line.ts';
import { formatTook } from '../duration.ts';
import { firstLine } from '../../core/cut.ts';
import { curvePoints } from '../../experiments/curves.ts';
import { failureLines, hasNoResult, readFailure } from '../../experiments/failure.ts';
import type { Results } from '../open-results.ts';
import { summarizeTrial, type TrialSummary } from '../../experiments/summary.ts';
import { trialWarnings } from '../../experiments/warnings.ts';
import { conditionSection, fieldLines, section, warningSection, type Field } from './sections.ts';

/** Points of a curve that a screen shows without scrolling far. */
const SHOWN_POINTS = 40;
const SHOWN_MESSAGE = 160;

/** `dataDir` as the user named it, for the commands that the description suggests. */
export async function describeTrial(
  results: Results,
  trial: StoredTrial,
  dataDir: string,
): Promise<string[]> {
  const summary = summarizeTrial(trial);
  const { name, namespace = 'default', labels } = trial.metadata;
  return [
    ...fieldLines([
      ['Trial', `${name} (namespace ${namespace})`],
      ['Experiment', labels?.[EXPERIMENT_LABEL] ?? '-'],
      ...statusFields(summary, suggestedCommand(['logs', name, ...whereOptions(dataDir, namespace)])),
      ...stopFields(trial),
      ['Took', formatTook(summary.startedMs, summary.completedMs)],
      ['Parameters', ...summary.parameters.map((parameter) => `${parameter.name} = ${parameter.value}`)],
    ]),
    ...section(
      ['METRIC', 'MIN', 'MAX', 'LATEST'],
      summary.metrics.map((metric) => [metric.name, metric.min, metric.max, metric.latest]),
    ),
    ...(await curveSection(results, trial)),
    ...conditionSection(trial.status?.conditions),
    ...warningSection(await trialWarnings(results.client, trial)),
    ...(await eventSection(results, trial)),
  ];
}

function statusFields(summary: TrialSummary, logsCommand: string): Field[] {
  const { state, message } = summary;
  if (!hasNoResult(summary)) return [['Status', message === '' ? state : `${state}: ${message}`]];
  const failure = readFailure(message);
  return [
    ['Status', failure.code === null ? state : `${state}: ${failure.code}`],
    ['Why', ...failureLines(failure)],
    ...(failure.lastLogLines.length === 0 ? [] : [['All output', logsCommand] as const]),
  ];
}

function stopFields({ status }: StoredTrial): Field[] {
  if (!status?.earlyStopping) return [];
  const { rule, step, value, threshold = '-', peers } = status.earlyStopping;
  const others = `${peers} other ${peers === 1 ? 'trial' : 'trials'}`;
  const compared = peers === 0 ? '' : `, compared with ${others}`;
  return [['Stopped', `by ${rule} at step ${step}: value ${value}, threshold ${threshold}${compared}`]];
}

async function curveSection(results: Results, trial: StoredTrial): Promise<string[]> {
  const points = await curvePoints(results.observations, trial, SHOWN_POINTS);
  return section(
    ['CURVE', 'STEP', 'TIME', 'VALUE'],
    points.map(({ metric, step, timeMs, text }) => [
      metric,
      step === null ? '-' : String(step),
      new Date(timeMs).toISOString(),
      text,
    ]),
  );
}

async function eventSection(results: Results, trial: StoredTrial): Promise<string[]> {
  const events = await results.observations.events(trial.metadata.uid);
  return section(
    ['EVENT', 'TYPE', 'REASON', 'MESSAGE'],
    events.map(({ timeMs, type, reason, message }) => [
      new Date(timeMs).toISOString(),
      type,
      reason,
      firstLine(message, SHOWN_MESSAGE),
    ]),
  );
}
