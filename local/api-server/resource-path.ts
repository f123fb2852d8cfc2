import { ALL_RESOURCES, type ResourceType } from '../../kube/resource.ts';

/** What a path of the API is about. */
export interface ResourcePath {
  readonly resource: ResourceType;
  /** Absent for cluster-scoped kinds, and for all namespaces. */
  readonly namespace?: string;
  /** Absent for the collection. */
  readonly name?: string;
  /** `status`, `log`. */
  readonly subresource?: string;
}

/**
 * Reads `/api/v1/…` and `/apis/<group>/<version>/…` with `[namespaces/<namespace>/]<plural>[/<name>[/<subresource>]]`;
 * null where the path is none of a kind that is served.
 */
export function parseResourcePath(pathname: string): ResourcePath | null {
  const steps = decodedSteps(pathname);
  const split = steps && splitVersion(steps);
  if (!split) return null;
  const { apiVersion, rest } = split;
  // `/namespaces/<name>` is a Namespace and `/namespaces/<name>/status` a part of it; anything else lies within.
  const [first, namespace, plural = ''] = rest;
  if (first === 'namespaces' && namespace !== undefined && rest.length > 2 && plural !== 'status') {
    return pathOf(apiVersion, rest.slice(2), namespace);
  }
  return pathOf(apiVersion, rest);
}

function decodedSteps(pathname: string): string[] | null {
  try {
    return pathname.split('/').slice(1).map(decodeURIComponent);
  } catch {
    return null;
  }
}

function splitVersion(steps: readonly string[]): { apiVersion: string; rest: string[] } | null {
  const [root, first = '', second = ''] = steps;
  if (root === 'api') return { apiVersion: first, rest: steps.slice(2) };
  return root === 'apis' ? { apiVersion: `${first}/${second}`, rest: steps.slice(3) } : null;
}

function pathOf(apiVersion: string, steps: readonly string[], namespace?: string): ResourcePath | null {
  const [plural, name, subresource, ...others] = steps;
  const resource = ALL_RESOURCES.find((each) => each.apiVersion === apiVersion && each.plural === plural);
  if (!resource || others.length > 0 || steps.includes('')) return null;
  if (namespace !== undefined && !resource.namespaced) return null;
  return {
    resource,
    ...(namespace !== undefined && { namespace }),
    ...(name !== undefined && { name }),
    ...(subresource !== undefined && { subresource }),
  };
}
