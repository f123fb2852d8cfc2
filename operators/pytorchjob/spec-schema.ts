import { z } from 'zod';
import { replicaSpecsSchema, runPolicySchema } from '../training-job/spec-schema.ts';

/* The part of a PyTorchJob manifest that the operator reads. */

const elasticPolicySchema = z.looseObject({
  minReplicas: z.int().nullish(),
  maxReplicas: z.int().nullish(),
  rdzvBackend: z.string().nullish(),
  rdzvHost: z.string().nullish(),
  rdzvPort: z.int().nullish(),
  rdzvId: z.string().nullish(),
  rdzvConf: z.array(z.looseObject({ key: z.string().nullish(), value: z.string().nullish() })).nullish(),
  standalone: z.boolean().nullish(),
  maxRestarts: z.int().nullish(),
  nProcPerNode: z.int().nullish(),
});
export type ElasticDocument = z.infer<typeof elasticPolicySchema>;

export const pyTorchJobSchema = z.looseObject({
  spec: z
    .looseObject({
      pytorchReplicaSpecs: replicaSpecsSchema,
      runPolicy: runPolicySchema,
      elasticPolicy: elasticPolicySchema.nullish(),
      nprocPerNode: z.string().nullish(),
    })
    .nullish(),
});
export type PyTorchJobDocument = NonNullable<z.infer<typeof pyTorchJobSchema>['spec']>;
