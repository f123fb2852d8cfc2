import type { z } from 'zod';
import { AGE_COLUMN, defineResource, type PrinterColumn } from '../core/crd/define-resource.ts';
import { structuralSchema, type StructuralSchema } from '../core/crd/structural-schema.ts';
import type { JsonObject } from '../core/json.ts';
import { jobStatusSchema } from '../core/pod-schema.ts';
import { pyTorchJobSchema } from './pytorchjob/spec-schema.ts';
import { v1beta2Schema, v1Schema } from './tfjob/spec-schema.ts';

/** As in the Training Operator's. */
const COLUMNS: readonly PrinterColumn[] = [
  { name: 'State', type: 'string', jsonPath: '.status.conditions[-1:].type' },
  AGE_COLUMN,
];

/** The CustomResourceDefinitions of TFJob and PyTorchJob: what operators here read of them; other fields are kept. */
export function trainingJobDefinitions(): JsonObject[] {
  return [
    defineResource({
      group: 'kubeflow.org',
      kind: 'TFJob',
      singular: 'tfjob',
      categories: ['all'],
      versions: [
        { name: 'v1', schema: withStatus(v1Schema), columns: COLUMNS },
        { name: 'v1beta2', schema: withStatus(v1beta2Schema), columns: COLUMNS },
      ],
    }),
    defineResource({
      group: 'kubeflow.org',
      kind: 'PyTorchJob',
      singular: 'pytorchjob',
      categories: ['all'],
      versions: [{ name: 'v1', schema: withStatus(pyTorchJobSchema), columns: COLUMNS }],
    }),
  ];
}

function withStatus(schema: z.ZodObject): StructuralSchema {
  return structuralSchema(schema.extend({ status: jobStatusSchema.nullish() }));
}
