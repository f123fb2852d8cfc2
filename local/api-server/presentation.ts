import { ApiError } from '../../kube/api-error.ts';
import type { KubeObject, Stored } from '../../core/kubernetes-object.ts';
import type { ObjectList } from '../../kube/client.ts';
import type { ResourceRequest } from './resource-request.ts';
import { chooseRepresentation } from './representation.ts';
import { type IncludeObject, partialMetadata, tableOf, type TableOptions } from './table/table.ts';

/** How one client wants to see objects. */
export interface Presentation {
  object(object: Stored<KubeObject>): unknown;
  list(list: ObjectList<KubeObject>): unknown;
  /** For the events of one watch. */
  readonly watched: (object: Stored<KubeObject>) => unknown;
}

/** By the Accept header. NotAcceptable, or BadRequest for table options that are not known. */
export function presentationFor(resourceRequest: ResourceRequest): Presentation {
  const { request, path } = resourceRequest;
  switch (chooseRepresentation(request.headers.accept)) {
    case 'table':
      return tables(resourceRequest);
    case 'metadata':
      return {
        object: partialMetadata,
        list: (list) => listDocument(list, 'meta.k8s.io/v1', 'PartialObjectMetadataList', partialMetadata),
        watched: partialMetadata,
      };
    case 'object': {
      const { apiVersion, kind } = path.resource;
      const same = (object: Stored<KubeObject>): unknown => object;
      return {
        object: same,
        list: (list) => listDocument(list, apiVersion, `${kind}List`, same),
        watched: same,
      };
    }
  }
}

function listDocument(
  list: ObjectList<KubeObject>,
  apiVersion: string,
  kind: string,
  present: (object: Stored<KubeObject>) => unknown,
): unknown {
  return { kind, apiVersion, metadata: listMetadata(list), items: list.items.map(present) };
}

function listMetadata({
  resourceVersion,
  continue: token,
  remainingItemCount,
}: ObjectList<KubeObject>): Record<string, unknown> {
  return {
    resourceVersion,
    ...(token !== undefined && { continue: token }),
    ...(remainingItemCount !== undefined && { remainingItemCount }),
  };
}

function tables({ kinds, path, query, options }: ResourceRequest): Presentation {
  const include = readInclude(query.get('includeObject'));
  const columns = kinds.columnsOf(path.resource);
  const now = (): TableOptions => ({ columns, include, nowMs: options.clock.now() });
  let withDefinitions = true;
  return {
    object: (object) => tableOf([object], { resourceVersion: object.metadata.resourceVersion }, now()),
    list: (list) => tableOf(list.items, listMetadata(list), now()),
    watched(object) {
      const table = tableOf(
        [object],
        { resourceVersion: object.metadata.resourceVersion },
        { ...now(), withDefinitions },
      );
      withDefinitions = false;
      return table;
    },
  };
}

function readInclude(text: string | null): IncludeObject {
  if (text === null || text === '') return 'Metadata';
  if (text === 'None' || text === 'Metadata' || text === 'Object') return text;
  throw new ApiError('BadRequest', `includeObject: "${text}" is none of None, Metadata, Object`);
}
