import { z } from 'zod';
import { podTemplateSchema } from '../../core/pod-schema.ts';

/*
 * The parts of a manifest that training jobs have in common, as far as operators read them. Unknown fields pass, as
 * they do on a cluster, and null stands for "absent".
 */

const replicaSpecSchema = z.looseObject({
  replicas: z.int().nullish(),
  restartPolicy: z.string().nullish(),
  template: podTemplateSchema.nullish(),
});
export type ReplicaDocument = z.infer<typeof replicaSpecSchema>;

export const replicaSpecsSchema = z.record(z.string(), replicaSpecSchema).nullish();
export type ReplicaDocuments = Readonly<Record<string, ReplicaDocument>>;

export const policyFields = {
  cleanPodPolicy: z.string().nullish(),
  ttlSecondsAfterFinished: z.int().nullish(),
  activeDeadlineSeconds: z.int().nullish(),
  backoffLimit: z.int().nullish(),
};

export const runPolicySchema = z.looseObject({ ...policyFields, suspend: z.boolean().nullish() }).nullish();
export type PolicyDocument = NonNullable<z.infer<typeof runPolicySchema>>;
