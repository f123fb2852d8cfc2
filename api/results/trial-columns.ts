import { z } from 'zod';
import { didYouMean } from '../../core/did-you-mean.ts';
import type { StoredExperiment } from '../../core/experiment.ts';
import type { StoredTrial } from '../../core/trial.ts';
import { exactNumber } from '../../experiments/query/exact-number.ts';
import { summarizeTrial, type TrialSummary } from '../../experiments/summary.ts';
import { jsonNumber, jsonNumberSchema } from '../json-number.ts';
import { Problem } from '../problem/problem.ts';
import { metricValueSchema, metricValueView } from '../trials/trial-values.ts';

export const columnsQuerySchema = z.object({
  names: z
    .string()
    .optional()
    .describe('Parameters and metrics, with commas between; all parameters and no metric where absent.'),
});

const timeColumn = z.array(z.number().nullable());

/** Columns, not rows: the same place in each array belongs to one trial. */
export const columnsSchema = z
  .strictObject({
    total: z.number(),
    name: z.array(z.string()),
    status: z.array(z.string()),
    objective: z.array(jsonNumberSchema.nullable()),
    started: timeColumn.describe('Milliseconds since 1970, UTC; null before it began.'),
    completed: timeColumn.describe('Milliseconds since 1970, UTC; null before it ended.'),
    params: z.record(z.string(), z.array(z.union([z.number(), z.string()]).nullable())),
    metrics: z
      .record(z.string(), z.array(metricValueSchema))
      .describe('The latest value of each metric that was asked for; null where a trial has none.'),
  })
  .meta({ id: 'TrialColumns' });
export type TrialColumns = z.infer<typeof columnsSchema>;

interface Names {
  parameters: string[];
  metrics: string[];
}

/**
 * What the columns are of.
 * @throws Problem REST_PARAMETER_INVALID for a name that is neither a parameter nor a metric of the experiment.
 */
export function columnNames({ spec }: StoredExperiment, asked: string | undefined): Names {
  const parameters = (spec.parameters ?? []).map(({ name }) => name);
  if (asked === undefined) return { parameters, metrics: [] };
  const { objectiveMetricName, additionalMetricNames = [] } = spec.objective;
  const metrics = [objectiveMetricName, ...additionalMetricNames];
  const wanted = [...new Set(asked.split(','))];
  const known = [...parameters, ...metrics];
  const stranger = wanted.find((name) => !known.includes(name));
  if (stranger !== undefined) {
    const message = `names: the experiment has no parameter and no metric ${JSON.stringify(stranger)}.`;
    throw new Problem('REST_PARAMETER_INVALID', message, { hint: didYouMean(stranger, known) });
  }
  const isWanted = (name: string): boolean => wanted.includes(name);
  return { parameters: parameters.filter(isWanted), metrics: metrics.filter(isWanted) };
}

export function trialColumns(trials: readonly StoredTrial[], names: Names): TrialColumns {
  const found = trials.map(summarizeTrial);
  return {
    total: found.length,
    name: found.map(({ name }) => name),
    status: found.map(({ state }) => state),
    objective: found.map(({ value }) => (value === null ? null : jsonNumber(value))),
    started: found.map(({ startedMs }) => startedMs),
    completed: found.map(({ completedMs }) => completedMs),
    params: Object.fromEntries(names.parameters.map((name) => [name, found.map(parameterOf(name))])),
    metrics: Object.fromEntries(names.metrics.map((name) => [name, found.map(latestOf(name))])),
  };
}

function parameterOf(wanted: string): (trial: TrialSummary) => number | string | null {
  return ({ parameters }) => {
    const value = parameters.find(({ name }) => name === wanted)?.value;
    return value === undefined ? null : exactNumber(value);
  };
}

function latestOf(wanted: string): (trial: TrialSummary) => number | string | null {
  return ({ metrics }) => {
    const latest = metrics.find(({ name }) => name === wanted)?.latest;
    return latest === undefined ? null : metricValueView(latest);
  };
}
