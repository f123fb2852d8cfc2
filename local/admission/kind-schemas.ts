import type { z } from 'zod';
import { experimentStatusSchema } from '../../core/experiment.ts';
import { jobStatusSchema, podSchema, podStatusSchema } from '../../core/pod-schema.ts';
import { suggestionSchema, suggestionStatusSchema } from '../../core/suggestion.ts';
import { trialSchema, trialStatusSchema } from '../../core/trial.ts';
import {
  EXPERIMENTS,
  JOBS,
  PODS,
  PYTORCHJOBS,
  type ResourceType,
  SUGGESTIONS,
  TFJOBS,
  TFJOBS_V1BETA2,
  TRIALS,
} from '../../kube/resource.ts';

/** What a kind's objects must be like but for their status; undefined where everything passes. */
export function contentSchema(resource: ResourceType): z.ZodType | undefined {
  return CONTENT.get(resource.plural + resource.apiVersion);
}

/** What the status of a kind's objects must be like; undefined where everything passes. */
export function statusSchema(resource: ResourceType): z.ZodType | undefined {
  return STATUS.get(resource.plural + resource.apiVersion);
}

const byResource = (entries: [ResourceType, z.ZodType][]): ReadonlyMap<string, z.ZodType> =>
  new Map(entries.map(([resource, schema]) => [resource.plural + resource.apiVersion, schema]));

/* The specification of a job is its operator's to judge: a job that is wrong ends as Failed, with the reasons. */

const CONTENT = byResource([
  [TRIALS, trialSchema],
  [SUGGESTIONS, suggestionSchema],
  [PODS, podSchema],
]);

const STATUS = byResource([
  [EXPERIMENTS, experimentStatusSchema],
  [TRIALS, trialStatusSchema],
  [SUGGESTIONS, suggestionStatusSchema],
  [PODS, podStatusSchema],
  [JOBS, jobStatusSchema],
  [TFJOBS, jobStatusSchema],
  [TFJOBS_V1BETA2, jobStatusSchema],
  [PYTORCHJOBS, jobStatusSchema],
]);
