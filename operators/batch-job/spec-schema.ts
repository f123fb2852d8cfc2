import { z } from 'zod';
import { podTemplateSchema } from '../../core/pod-schema.ts';

/*
 * The part of a Job manifest that the operator reads. Unknown fields pass, as they do on a cluster, and null stands for
 * "absent". Fields that are known but not carried out are read in order to be refused.
 */
const count = z.int().nullish();

const podFailureRuleSchema = z.looseObject({
  action: z.string(),
  onExitCodes: z
    .looseObject({
      containerName: z.string().nullish(),
      operator: z.enum(['In', 'NotIn']),
      values: z.array(z.int()),
    })
    .nullish(),
  onPodConditions: z.array(z.looseObject({ type: z.string(), status: z.string().nullish() })).nullish(),
});
export type PodFailureRuleDocument = z.infer<typeof podFailureRuleSchema>;

export const batchJobSchema = z.looseObject({
  spec: z.looseObject({
    parallelism: count,
    completions: count,
    completionMode: z.string().nullish(),
    backoffLimit: count,
    activeDeadlineSeconds: count,
    ttlSecondsAfterFinished: count,
    suspend: z.boolean().nullish(),
    podReplacementPolicy: z.string().nullish(),
    podFailurePolicy: z.looseObject({ rules: z.array(podFailureRuleSchema).nullish() }).nullish(),
    backoffLimitPerIndex: z.unknown().optional(),
    maxFailedIndexes: z.unknown().optional(),
    successPolicy: z.unknown().optional(),
    template: podTemplateSchema.nullish(),
  }),
});
export type BatchJobDocument = z.infer<typeof batchJobSchema>['spec'];
