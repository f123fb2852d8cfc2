import { z } from 'zod';
import {
  policyFields,
  replicaSpecsSchema,
  runPolicySchema,
  type PolicyDocument,
  type ReplicaDocuments,
} from '../training-job/spec-schema.ts';

/* The part of a TFJob manifest that the operator reads. */

/** `kubeflow.org/v1`: policies stand in `spec.runPolicy`. */
export const v1Schema = z.looseObject({
  spec: z
    .looseObject({
      tfReplicaSpecs: replicaSpecsSchema,
      runPolicy: runPolicySchema,
      successPolicy: z.string().nullish(),
      enableDynamicWorker: z.boolean().nullish(),
    })
    .nullish(),
});

/** `kubeflow.org/v1beta2`: policies stand directly in `spec`. */
export const v1beta2Schema = z.looseObject({
  spec: z.looseObject({ tfReplicaSpecs: replicaSpecsSchema, ...policyFields }).nullish(),
});

export type V1Document = z.infer<typeof v1Schema>;
export type V1beta2Document = z.infer<typeof v1beta2Schema>;

/** Both versions in one shape, nothing checked but types and no default filled in. */
export interface TfJobDocument {
  readonly replicaSpecs: ReplicaDocuments;
  readonly policies: PolicyDocument;
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
