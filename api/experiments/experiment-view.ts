import { z } from 'zod';
import { firstLine } from '../../core/cut.ts';
import { parallelTrialCount } from '../../core/defaults.ts';
import { DESIRED_STATES, OBJECTIVE_TYPES, type StoredExperiment } from '../../core/experiment.ts';
import { EXPERIMENT_STATES } from '../../experiments/query/experiment-fields.ts';
import { secondsBetween } from '../../experiments/query/read-time.ts';
import { summarizeExperiment } from '../../experiments/summary.ts';
import { jsonNumber, jsonNumberSchema } from '../json-number.ts';
import { metricsSchema, metricsView, parametersSchema, parametersView } from '../trials/trial-values.ts';
import { MAX_MESSAGE_LENGTH, timeSchema, timeText } from '../view-parts.ts';

const count = z.int().min(0);

const bestTrialSchema = z
  .strictObject({
    name: z.string(),
    objective: jsonNumberSchema.nullable(),
    params: parametersSchema,
    metrics: metricsSchema,
  })
  .meta({ id: 'BestTrial' });

/** Fields of an experiment in lists. */
export const experimentViewSchema = z.strictObject({
  name: z.string(),
  namespace: z.string(),
  uid: z.string(),
  status: z.enum(EXPERIMENT_STATES as [string, ...string[]]),
  reason: z.string(),
  message: z.string().describe('One line.'),
  desiredState: z.enum(DESIRED_STATES),
  algorithm: z.string(),
  objectiveMetric: z.string(),
  objectiveType: z.enum(OBJECTIVE_TYPES),
  goal: z.number().nullable(),
  objective: jsonNumberSchema.nullable().describe('Of the best trial so far.'),
  bestTrial: bestTrialSchema.nullable(),
  maxTrials: count.nullable().describe('Null where there is no limit.'),
  parallelTrials: count,
  maxFailedTrials: count.nullable(),
  trials: z
    .strictObject({
      total: count,
      running: count,
      pending: count,
      succeeded: count,
      failed: count,
      killed: count,
      earlyStopped: count,
      metricsUnavailable: count,
    })
    .describe('How many there are by status.'),
  labels: z.record(z.string(), z.string()),
  creationTime: timeSchema,
  startTime: timeSchema.nullable(),
  completionTime: timeSchema.nullable(),
  durationSeconds: z.number().nullable(),
});
export type ExperimentView = z.infer<typeof experimentViewSchema>;
export const EXPERIMENT_VIEW_FIELDS = Object.keys(experimentViewSchema.shape);

/** An experiment by itself: with the object as Kubernetes has it. */
export const experimentDetailsSchema = experimentViewSchema
  .extend({
    manifest: z.record(z.string(), z.unknown()).describe('The whole object, as kubectl shows it.'),
  })
  .meta({ id: 'Experiment' });

export function experimentView(experiment: StoredExperiment): ExperimentView {
  const { metadata, spec } = experiment;
  const summary = summarizeExperiment(experiment);
  const { objective, best, counts, startedMs, completedMs } = summary;
  return {
    name: metadata.name,
    namespace: summary.namespace,
    uid: metadata.uid,
    status: summary.state,
    reason: summary.reason,
    message: firstLine(summary.message, MAX_MESSAGE_LENGTH),
    desiredState: spec.desiredState ?? 'Running',
    algorithm: summary.algorithm,
    objectiveMetric: objective.objectiveMetricName,
    objectiveType: objective.type,
    goal: objective.goal ?? null,
    objective: best?.value == null ? null : jsonNumber(best.value),
    bestTrial: best && {
      name: best.name,
      objective: best.value === null ? null : jsonNumber(best.value),
      params: parametersView(best.parameters),
      metrics: metricsView(best.observation.metrics ?? []),
    },
    maxTrials: summary.maxTrials,
    parallelTrials: parallelTrialCount(spec),
    maxFailedTrials: spec.maxFailedTrialCount ?? null,
    trials: counts,
    labels: metadata.labels ?? {},
    creationTime: metadata.creationTimestamp,
    startTime: timeText(startedMs),
    completionTime: timeText(completedMs),
    durationSeconds: secondsBetween(startedMs, completedMs),
  };
}

export function experimentDetails(experiment: StoredExperiment): z.infer<typeof experimentDetailsSchema> {
  return { ...experimentView(experiment), manifest: { ...experiment } };
}
