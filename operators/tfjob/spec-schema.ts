import { z } from 'zod';
import { podTemplateSchema } from '../pod-template-schema.ts';

/*
 * The part of a TFJob manifest that the operator reads. Unknown fields pass, as they do on a cluster, and null stands for
 * "absent".
 */

const replicaSpecSchema = z.looseObject({
  replicas: z.int().nullish(),
  restartPolicy: z.string().nullish(),
  template: podTemplateSchema.nullish(),
});
export type ReplicaDocument = z.infer<typeof replicaSpecSchema>;

const policyFields = {
  cleanPodPolicy: z.string().nullish(),
  ttlSecondsAfterFinished: z.int().nullish(),
  activeDeadlineSeconds: z.int().nullish(),
  backoffLimit: z.int().nullish(),
};

const replicaSpecs = z.record(z.string(), replicaSpecSchema).nullish();

/** `kubeflow.org/v1`: policies stand in `spec.runPolicy`. */
export const v1Schema = z.looseObject({
  spec: z
    .looseObject({
      tfReplicaSpecs: replicaSpecs,
      runPolicy: z.looseObject({ ...policyFields, suspend: z.boolean().nullish() }).nullish(),
      successPolicy: z.string().nullish(),
      enableDynamicWorker: z.boolean().nullish(),
    })
    .nullish(),
});

/** `kubeflow.org/v1beta2`: policies stand directly in `spec`. */
export const v1beta2Schema = z.looseObject({
  spec: z.looseObject({ tfReplicaSpecs: replicaSpecs, ...policyFields }).nullish(),
});

export type V1Document = z.infer<typeof v1Schema>;
export type V1beta2Document = z.infer<typeof v1beta2Schema>;

/** Both versions in one shape, nothing checked but types and no default filled in. */
export interface TfJobDocument {
  readonly replicaSpecs: Readonly<Record<string, ReplicaDocument>>;
  readonly policies: NonNullable<NonNullable<V1Document['spec']>['runPolicy']>;
  /** Where the policies stand in the manifest. */
  readonly policiesPath: readonly string[];
  readonly successPolicy: string | null;
  readonly enableDynamicWorker: boolean;
}

export function fromV1({ spec }: V1Document): TfJobDocument {
  return {
    replicaSpecs: spec?.tfReplicaSpecs ?? {},
    policies: spec?.runPolicy ?? {},
    policiesPath: ['spec', 'runPolicy'],
    successPolicy: spec?.successPolicy ?? null,
    enableDynamicWorker: spec?.enableDynamicWorker ?? false,
  };
}

export function fromV1beta2({ spec }: V1beta2Document): TfJobDocument {
  return {
    replicaSpecs: spec?.tfReplicaSpecs ?? {},
    policies: spec ?? {},
    policiesPath: ['spec'],
    successPolicy: null,
    enableDynamicWorker: false,
  };
}
