import { ApiError } from '../../kube/api-error.ts';
import type { ResourceType } from '../../kube/resource.ts';
import { parseLabelSelector } from '../../kube/selector.ts';
import { parseFieldSelector } from './field-selector.ts';
import type { StoredDocument } from './document.ts';

/** Which objects of a collection a list or a watch is about. */
export interface Selection {
  /** Absent means all namespaces. */
  readonly namespace: string | undefined;
  /** Null where everything in the namespace is meant. */
  readonly matches: ((object: StoredDocument) => boolean) | null;
}

interface SelectionOptions {
  readonly namespace?: string | undefined;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

/** BadRequest for selectors that do not parse, and for a namespace of a cluster-scoped kind. */
export function readSelection(resource: ResourceType, options: SelectionOptions): Selection {
  const { namespace, labelSelector = '', fieldSelector = '' } = options;
  if (namespace !== undefined && namespace !== '' && !resource.namespaced) {
    throw new ApiError('BadRequest', `${resource.plural} have no namespace: "${namespace}" was given`);
  }
  const labelsMatch = parseLabelSelector(labelSelector);
  const fieldsMatch = parseFieldSelector(resource, fieldSelector);
  const selective = labelSelector !== '' || fieldSelector !== '';
  return {
    namespace: namespace === '' ? undefined : namespace,
    matches: selective ? (object) => labelsMatch(object.metadata.labels) && fieldsMatch(object) : null,
  };
}
