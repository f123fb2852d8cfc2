import type { JsonObject } from '../json.ts';
import type { StructuralSchema } from './structural-schema.ts';

/** One entry of `additionalPrinterColumns`: what `kubectl get` shows of an object. */
export interface PrinterColumn {
  readonly name: string;
  readonly type: 'string' | 'date' | 'integer';
  readonly jsonPath: string;
}

export interface DefinedVersion {
  readonly name: string;
  readonly schema: StructuralSchema;
  readonly columns: readonly PrinterColumn[];
}

export interface DefinedResource {
  readonly group: string;
  readonly kind: string;
  /** Lower case, for example `trial`; the plural has an s more. */
  readonly singular: string;
  readonly categories: readonly string[];
  /** The first one is the one that is stored. */
  readonly versions: readonly [DefinedVersion, ...DefinedVersion[]];
}

/** The CustomResourceDefinition of a kind whose objects lie in namespaces and have a status of their own. */
export function defineResource({ group, kind, singular, categories, versions }: DefinedResource): JsonObject {
  const plural = `${singular}s`;
  const names = { kind, singular, plural, listKind: `${kind}List` };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { ...names, ...(categories.length > 0 && { categories: [...categories] }) },
      versions: versions.map(({ name, schema, columns }, index) => ({
        name,
        served: true,
        storage: index === 0,
        additionalPrinterColumns: columns.map((column) => ({ ...column })),
        subresources: { status: {} },
        schema: { openAPIV3Schema: schema },
      })),
    },
  };
}

export const AGE_COLUMN: PrinterColumn = {
  name: 'Age',
  type: 'date',
  jsonPath: '.metadata.creationTimestamp',
};
