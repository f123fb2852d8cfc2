import { z } from 'zod';
import { structuralSchema } from '../../../core/crd/structural-schema.ts';
import { podSchema, podStatusSchema } from '../../../core/pod-schema.ts';
import { CONFIG_MAPS, PODS, type ResourceType, SECRETS } from '../../../kube/resource.ts';
import type { DefinedKind } from './schemas.ts';

/* Kubernetes' own kinds, as far as this server knows their fields; it keeps the other fields as well. */

const texts = z.record(z.string(), z.string());

/** What `kubectl explain` shows of the kinds that no CustomResourceDefinition describes. */
export function builtInKinds(): DefinedKind[] {
  return [
    kind(PODS, podSchema.extend({ status: podStatusSchema.nullish() })),
    kind(
      CONFIG_MAPS,
      z.looseObject({
        data: texts.nullish().describe('Texts by name.'),
        binaryData: texts.nullish().describe('Bytes in base64 by name.'),
      }),
    ),
    kind(
      SECRETS,
      z.looseObject({
        data: texts.nullish().describe('Values in base64 by name.'),
        stringData: texts.nullish().describe('Plain values by name; written over data, and not kept.'),
        type: z.string().nullish(),
      }),
    ),
  ];
}

function kind({ apiVersion, kind }: ResourceType, schema: z.ZodType): DefinedKind {
  return { apiVersion, kind, schema: structuralSchema(schema) };
}
