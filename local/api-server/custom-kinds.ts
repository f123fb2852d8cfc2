import { isJsonObject, type JsonObject, valueAt } from '../../core/json.ts';
import type { ResourceType } from '../../kube/resource.ts';
import { builtInKinds } from './openapi/built-in-kinds.ts';
import type { DefinedKind } from './openapi/schemas.ts';
import type { Column } from './table/column.ts';
import { kindColumns } from './table/kind-columns.ts';
import { type PrinterColumn, printerColumns } from './table/printer-columns.ts';

/** What the server takes from CustomResourceDefinitions: how kinds are shown and described. */
export interface CustomKinds {
  columnsOf(resource: ResourceType): readonly Column[];
  readonly schemas: readonly DefinedKind[];
}

export function readCustomKinds(definitions: readonly JsonObject[]): CustomKinds {
  const kinds = definitions.flatMap(versionsOf);
  const columns = new Map(
    kinds.map((kind) => [`${kind.apiVersion}/${kind.kind}`, printerColumns(kind.columns)]),
  );
  return {
    columnsOf: (resource) => columns.get(`${resource.apiVersion}/${resource.kind}`) ?? kindColumns(resource),
    schemas: [...kinds, ...builtInKinds()],
  };
}

function versionsOf(definition: JsonObject): (DefinedKind & { columns: PrinterColumn[] })[] {
  const versions = valueAt(definition, ['spec', 'versions']);
  return (Array.isArray(versions) ? versions : []).filter(isJsonObject).map((version) => ({
    apiVersion: `${String(valueAt(definition, ['spec', 'group']))}/${String(version['name'])}`,
    kind: String(valueAt(definition, ['spec', 'names', 'kind'])),
    schema: (valueAt(version, ['schema', 'openAPIV3Schema']) ?? {}) as JsonObject,
    columns: (version['additionalPrinterColumns'] ?? []) as PrinterColumn[],
  }));
}
