import { z } from 'zod';
import { parseMetricValue } from '../../core/metric-value.ts';
import { firstLine } from '../../core/cut.ts';
import { EXPERIMENT_LABEL } from '../../core/labels.ts';
import { TRIAL_STATES, type EarlyStoppingRecord, type StoredTrial } from '../../core/trial.ts';
import { hasNoResult, readFailure } from '../../experiments/failure.ts';
import { secondsBetween } from '../../experiments/query/read-time.ts';
import { summarizeTrial, type TrialSummary } from '../../experiments/summary.ts';
import { jsonNumber, jsonNumberSchema } from '../json-number.ts';
import { MAX_MESSAGE_LENGTH, timeSchema, timeText } from '../view-parts.ts';
import { metricsSchema, metricsView, parametersSchema, parametersView } from './trial-values.ts';

/** Fields of a trial in lists. */
export const trialViewSchema = z.strictObject({
  name: z.string(),
  namespace: z.string(),
  experiment: z.string(),
  uid: z.string(),
  status: z.enum(TRIAL_STATES),
  reason: z.string(),
  message: z.string().describe('One line.'),
  objective: jsonNumberSchema.nullable().describe('By the metric strategy; null where there is none (yet).'),
  params: parametersSchema,
  metrics: metricsSchema,
  labels: z.record(z.string(), z.string()),
  creationTime: timeSchema,
  startTime: timeSchema.nullable(),
  completionTime: timeSchema.nullable(),
  durationSeconds: z.number().nullable(),
});
export type TrialView = z.infer<typeof trialViewSchema>;
export const TRIAL_VIEW_FIELDS = Object.keys(trialViewSchema.shape);

const failureSchema = z
  .strictObject({
    code: z
      .string()
      .nullable()
      .describe('Null where the cause is not known; codes are in docs/error-codes.md.'),
    cause: z.string(),
    remedy: z.string().describe('What to do; may be empty.'),
    lastLogLines: z.array(z.string()),
  })
  .meta({ id: 'TrialFailure' });

const earlyStoppingSchema = z
  .strictObject({
    rule: z.string(),
    metric: z.string(),
    step: z.number(),
    value: jsonNumberSchema.describe('What of the trial was compared.'),
    threshold: jsonNumberSchema
      .nullable()
      .describe('What it was compared with; null where there was no number.'),
    peers: z.number().describe('How many other trials it was compared with.'),
    reason: z.string(),
    time: timeSchema,
  })
  .meta({ id: 'EarlyStoppingRecord' });

/** A trial by itself: with why it brought no result, and the object as Kubernetes has it. */
export const trialDetailsSchema = trialViewSchema
  .extend({
    failure: failureSchema
      .nullable()
      .describe('Why the trial brought no result; null where nothing is wrong.'),
    earlyStopping: earlyStoppingSchema
      .nullable()
      .describe('Why the trial was stopped early; null where it was not.'),
    manifest: z.record(z.string(), z.unknown()).describe('The whole object, as kubectl shows it.'),
  })
  .meta({ id: 'Trial' });

export function trialView(trial: StoredTrial): TrialView {
  return viewOf(trial, summarizeTrial(trial));
}

export function trialDetails(trial: StoredTrial): z.infer<typeof trialDetailsSchema> {
  const summary = summarizeTrial(trial);
  const failure = hasNoResult(summary) ? readFailure(summary.message) : null;
  const earlyStopping = recordView(trial.status?.earlyStopping);
  return { ...viewOf(trial, summary), failure, earlyStopping, manifest: { ...trial } };
}

function recordView(record: EarlyStoppingRecord | undefined): z.infer<typeof earlyStoppingSchema> | null {
  if (!record) return null;
  const { value, threshold = null } = record;
  return {
    ...record,
    value: jsonNumber(parseMetricValue(value)),
    threshold: threshold === null ? null : jsonNumber(parseMetricValue(threshold)),
  };
}

function viewOf({ metadata }: StoredTrial, summary: TrialSummary): TrialView {
  const { value, startedMs, completedMs } = summary;
  return {
    name: metadata.name,
    namespace: metadata.namespace ?? 'default',
    experiment: metadata.labels?.[EXPERIMENT_LABEL] ?? '',
    uid: metadata.uid,
    status: summary.state,
    reason: summary.reason,
    message: firstLine(summary.message, MAX_MESSAGE_LENGTH),
    objective: value === null ? null : jsonNumber(value),
    params: parametersView(summary.parameters),
    metrics: metricsView(summary.metrics),
    labels: metadata.labels ?? {},
    creationTime: metadata.creationTimestamp,
    startTime: timeText(startedMs),
    completionTime: timeText(completedMs),
    durationSeconds: secondsBetween(startedMs, completedMs),
  };
}
