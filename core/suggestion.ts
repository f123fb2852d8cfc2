import { z } from 'zod';
import {
  algorithmSchema,
  assignmentSchema,
  KUBEFLOW_V1BETA1,
  RESUME_POLICIES,
  settingSchema,
} from './experiment.ts';
import { conditionSchema, objectMetaSchema, type Stored } from './kubernetes-object.ts';
import { earlyStoppingRuleSchema } from './trial.ts';

export const trialAssignmentSchema = z.strictObject({
  /** The Trial's name. */
  name: z.string(),
  parameterAssignments: z.array(assignmentSchema).optional(),
  earlyStoppingRules: z.array(earlyStoppingRuleSchema).optional(),
  labels: z.record(z.string(), z.string()).optional(),
});
/** One trial that the search proposes. */
export type TrialAssignment = z.infer<typeof trialAssignmentSchema>;

export const suggestionSpecSchema = z.strictObject({
  algorithm: algorithmSchema,
  earlyStopping: algorithmSchema.optional(),
  /** How many assignments are wanted in all, since the experiment began. */
  requests: z.int32().optional(),
  resumePolicy: z.enum(RESUME_POLICIES).optional(),
});
export type SuggestionSpec = z.infer<typeof suggestionSpecSchema>;

export const suggestionStatusSchema = z.strictObject({
  algorithmSettings: z.array(settingSchema).optional(),
  /** How many assignments were given out in all; also the index of the next trial name. Never falls. */
  suggestionCount: z.int32().optional(),
  /** Assignments that no Trial has taken up yet. Trials themselves are the record of the others. */
  suggestions: z.array(trialAssignmentSchema).optional(),
  /** The search space is used up: no further assignment will come. */
  exhausted: z.boolean().optional(),
  /** Where the algorithm leaves its requests to others (`auto`): to whom the last one, and why. */
  algorithmChoice: z.strictObject({ algorithmName: z.string(), reason: z.string() }).optional(),
  startTime: z.string().nullable().optional(),
  completionTime: z.string().nullable().optional(),
  lastReconcileTime: z.string().nullable().optional(),
  conditions: z.array(conditionSchema).optional(),
});
export type SuggestionStatus = z.infer<typeof suggestionStatusSchema>;

export const suggestionSchema = z.strictObject({
  apiVersion: z.literal(KUBEFLOW_V1BETA1),
  kind: z.literal('Suggestion'),
  metadata: objectMetaSchema,
  spec: suggestionSpecSchema,
  status: suggestionStatusSchema.optional(),
});
export type Suggestion = z.infer<typeof suggestionSchema>;
export type StoredSuggestion = Stored<Suggestion>;

/** Condition types of a Suggestion. */
export const SUGGESTION_CONDITION = {
  created: 'Created',
  deploymentReady: 'DeploymentReady',
  running: 'Running',
  succeeded: 'Succeeded',
  failed: 'Failed',
} as const;
