import type { KubeObject, Stored } from '../../../core/kubernetes-object.ts';
import type { Column } from './column.ts';

/** What of each object goes with its row: `includeObject` of Kubernetes' TableOptions. */
export type IncludeObject = 'None' | 'Metadata' | 'Object';

export interface TableOptions {
  readonly columns: readonly Column[];
  readonly include: IncludeObject;
  readonly nowMs: number;
  /** Later tables of one watch leave out the definitions. True where absent. */
  readonly withDefinitions?: boolean;
}

/** `meta.k8s.io/v1` Table: what kubectl prints. `metadata` is the list's. */
export function tableOf(
  objects: readonly Stored<KubeObject>[],
  metadata: Readonly<Record<string, unknown>>,
  options: TableOptions,
): Record<string, unknown> {
  const { columns, include, nowMs, withDefinitions = true } = options;
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: withDefinitions ? columns.map(definitionOf) : null,
    rows: objects.map((object) => ({
      cells: columns.map((column) => column.cell(object, nowMs)),
      ...includedObject(object, include),
    })),
  };
}

function definitionOf({ name, type, priority = 0 }: Column): Record<string, unknown> {
  return { name, type, format: name === 'Name' ? 'name' : '', description: '', priority };
}

function includedObject(object: Stored<KubeObject>, include: IncludeObject): Record<string, unknown> {
  if (include === 'None') return {};
  return { object: include === 'Object' ? object : partialMetadata(object) };
}

/** `meta.k8s.io/v1` PartialObjectMetadata: the object without all that is particular to its kind. */
export function partialMetadata({ metadata }: Stored<KubeObject>): Record<string, unknown> {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata };
}
