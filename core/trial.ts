import { z } from 'zod';
import {
  assignmentSchema,
  KUBEFLOW_V1BETA1,
  metricsCollectorSchema,
  objectiveSchema,
  observationSummarySchema,
} from './experiment.ts';
import { conditionSchema, objectMetaSchema, type Stored } from './kubernetes-object.ts';

export const earlyStoppingRuleSchema = z.strictObject({
  name: z.string(),
  value: z.string(),
  comparison: z.enum(['equal', 'less', 'greater']),
  startStep: z.int32().optional(),
});
export type EarlyStoppingRule = z.infer<typeof earlyStoppingRuleSchema>;

export const trialSpecSchema = z.strictObject({
  objective: objectiveSchema,
  parameterAssignments: z.array(assignmentSchema),
  earlyStoppingRules: z.array(earlyStoppingRuleSchema).optional(),
  /** The job of this trial, rendered: every placeholder is filled in. */
  runSpec: z.record(z.string(), z.unknown()).optional(),
  /** Keep the job when the trial has ended. */
  retainRun: z.boolean().optional(),
  metricsCollector: metricsCollectorSchema.optional(),
  primaryPodLabels: z.record(z.string(), z.string()).optional(),
  primaryContainerName: z.string().optional(),
  successCondition: z.string().optional(),
  failureCondition: z.string().optional(),
  labels: z.record(z.string(), z.string()).optional(),
});
export type TrialSpec = z.infer<typeof trialSpecSchema>;

/** One job of a trial that ended for a reason of the infrastructure, and that another one took the place of. */
export const trialRetrySchema = z.strictObject({
  jobUid: z.string(),
  /** Why, as in docs/error-codes.md. */
  code: z.string(),
  message: z.string(),
  /** When its end was seen, RFC 3339. */
  time: z.string(),
});
export type TrialRetry = z.infer<typeof trialRetrySchema>;

/** What an early stopper found when it stopped the trial. Values are text as in metrics: JSON has no NaN. */
export const earlyStoppingRecordSchema = z.strictObject({
  /** `algorithmName` of the early stopper. */
  rule: z.string(),
  /** The objective. */
  metric: z.string(),
  /** The step at which it was decided: the training's own, else the number of the report, from 1. */
  step: z.number(),
  /** What of the trial was compared. */
  value: z.string(),
  /** What it was compared with; absent where there was no number to compare with. */
  threshold: z.string().optional(),
  /** How many other trials it was compared with; 0 for rules that look at the trial alone. */
  peers: z.int32(),
  /** The same as a sentence. */
  reason: z.string(),
  /** When it was decided, RFC 3339. */
  time: z.string(),
});
export type EarlyStoppingRecord = z.infer<typeof earlyStoppingRecordSchema>;

export const trialStatusSchema = z.strictObject({
  startTime: z.string().nullable().optional(),
  completionTime: z.string().nullable().optional(),
  lastReconcileTime: z.string().nullable().optional(),
  conditions: z.array(conditionSchema).optional(),
  observation: observationSummarySchema.optional(),
  /** Oldest first; absent where the trial's first job was its only one. */
  retries: z.array(trialRetrySchema).optional(),
  /** Present where an early stopper ended the trial. */
  earlyStopping: earlyStoppingRecordSchema.optional(),
});
export type TrialStatus = z.infer<typeof trialStatusSchema>;

export const trialSchema = z.strictObject({
  apiVersion: z.literal(KUBEFLOW_V1BETA1),
  kind: z.literal('Trial'),
  metadata: objectMetaSchema,
  spec: trialSpecSchema,
  status: trialStatusSchema.optional(),
});
export type Trial = z.infer<typeof trialSchema>;
export type StoredTrial = Stored<Trial>;

/** Condition types of a Trial. */
export const TRIAL_CONDITION = {
  created: 'Created',
  running: 'Running',
  succeeded: 'Succeeded',
  killed: 'Killed',
  failed: 'Failed',
  metricsUnavailable: 'MetricsUnavailable',
  earlyStopped: 'EarlyStopped',
} as const;

/** Where a trial is in its life, in Katib's order of precedence (first true condition wins, else `Pending`). */
export const TRIAL_STATES = [
  'Killed',
  'Failed',
  'Succeeded',
  'EarlyStopped',
  'Running',
  'MetricsUnavailable',
  'Pending',
] as const;
export type TrialState = (typeof TRIAL_STATES)[number];

/** The state that a trial's conditions say. `MetricsUnavailable` is terminal and leaves Running=False behind. */
export function trialState(trial: Trial): TrialState {
  const isTrue = (type: string): boolean =>
    trial.status?.conditions?.some((condition) => condition.type === type && condition.status === 'True') ??
    false;
  return TRIAL_STATES.find((state) => state !== 'Pending' && isTrue(state)) ?? 'Pending';
}

/** No further work is done for the trial. */
export function isTerminal(state: TrialState): boolean {
  return state !== 'Running' && state !== 'Pending';
}
