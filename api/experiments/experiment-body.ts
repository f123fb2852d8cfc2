import { z } from 'zod';

/** An Experiment in a body. Its fields are checked by the rules for specifications, which say more than a schema can. */
export const experimentBodySchema = z
  .looseObject({
    apiVersion: z.unknown().optional().describe('kubeflow.org/v1beta1; may be left out.'),
    kind: z.unknown().optional().describe('Experiment; may be left out.'),
    metadata: z
      .unknown()
      .optional()
      .describe('`name` or `generateName`; `namespace` may be left out; `labels`.'),
    spec: z
      .unknown()
      .optional()
      .describe('As the CustomResourceDefinition in deploy/crds/experiments.yaml says.'),
  })
  .meta({ id: 'ExperimentManifest', description: 'An Experiment as kubectl takes it.' });
