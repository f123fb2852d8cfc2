import { ApiError } from '../../kube/api-error.ts';
import type { DeleteOptions, ListOptions, PropagationPolicy, WatchOptions } from '../../kube/client.ts';
import type { ResourcePath } from './resource-path.ts';

/* What clients write behind the question mark. */

const TRUE: ReadonlySet<string | null> = new Set(['true', '1', '']);
const PROPAGATION_POLICIES: readonly string[] = [
  'Background',
  'Foreground',
  'Orphan',
] satisfies PropagationPolicy[];

export function isTrue(query: URLSearchParams, name: string): boolean {
  return query.has(name) && TRUE.has(query.get(name));
}

/** A whole number of 0 or more; undefined where absent. BadRequest for anything else. */
export function wholeNumber(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === '') return undefined;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new ApiError('BadRequest', `${name}: "${text}" is not a whole number of 0 or more`);
}

export function readListOptions(path: ResourcePath, query: URLSearchParams): ListOptions {
  const limit = wholeNumber(query, 'limit');
  const token = query.get('continue');
  return {
    ...readSelection(path, query),
    ...(limit !== undefined && { limit }),
    ...(token && { continue: token }),
  };
}

/** Without the signal. Invalid for what a watch cannot do here. */
export function readWatchOptions(path: ResourcePath, query: URLSearchParams): WatchOptions {
  if (isTrue(query, 'sendInitialEvents')) {
    // Clients that know this option know the answer of servers that do not, and list first.
    throw new ApiError(
      'Invalid',
      'sendInitialEvents is not supported: list, and watch from the version of the list',
      [
        {
          field: 'sendInitialEvents',
          reason: 'FieldValueForbidden',
          message: 'Forbidden: not supported by this server',
        },
      ],
    );
  }
  const resourceVersion = query.get('resourceVersion');
  return {
    ...readSelection(path, query),
    ...(resourceVersion && { resourceVersion }),
    allowBookmarks: isTrue(query, 'allowWatchBookmarks'),
  };
}

function readSelection({ namespace, name }: ResourcePath, query: URLSearchParams): ListOptions {
  const labelSelector = query.get('labelSelector');
  const fields = [query.get('fieldSelector'), name !== undefined ? `metadata.name=${name}` : null];
  const fieldSelector = fields.filter(Boolean).join(',');
  return {
    ...(namespace !== undefined && { namespace }),
    ...(labelSelector && { labelSelector }),
    ...(fieldSelector && { fieldSelector }),
  };
}

/** Whether the write is only to be tried. Invalid for values that are not known. */
export function isDryRun(values: readonly unknown[]): boolean {
  for (const value of values) {
    if (value !== 'All') {
      throw new ApiError(
        'Invalid',
        `dryRun: ${JSON.stringify(value)} is not supported; the only value is "All"`,
      );
    }
  }
  return values.length > 0;
}

/** From the body, or where it has none from the query, as in Kubernetes. BadRequest for values of the wrong type. */
export function readDeleteOptions(
  body: Readonly<Record<string, unknown>>,
  query: URLSearchParams,
): DeleteOptions {
  const grace = body['gracePeriodSeconds'] ?? wholeNumber(query, 'gracePeriodSeconds');
  const orphan =
    body['orphanDependents'] ?? (query.has('orphanDependents') ? isTrue(query, 'orphanDependents') : null);
  const policy = body['propagationPolicy'] ?? query.get('propagationPolicy') ?? policyOf(orphan);
  return {
    ...(grace !== undefined && { gracePeriodSeconds: Number(grace) }),
    ...(policy !== undefined && { propagationPolicy: readPolicy(policy) }),
    ...readPreconditions(body['preconditions']),
  };
}

/** `orphanDependents` is the older spelling of two policies. */
function policyOf(orphanDependents: unknown): PropagationPolicy | undefined {
  if (typeof orphanDependents !== 'boolean') return undefined;
  return orphanDependents ? 'Orphan' : 'Background';
}

function readPolicy(policy: unknown): PropagationPolicy {
  if (typeof policy === 'string' && PROPAGATION_POLICIES.includes(policy)) return policy as PropagationPolicy;
  throw new ApiError(
    'BadRequest',
    `propagationPolicy: ${JSON.stringify(policy)} is none of ${PROPAGATION_POLICIES.join(', ')}`,
  );
}

function readPreconditions(given: unknown): Pick<DeleteOptions, 'preconditions'> {
  if (typeof given !== 'object' || given === null) return {};
  const { uid, resourceVersion } = given as { uid?: unknown; resourceVersion?: unknown };
  return {
    preconditions: {
      ...(typeof uid === 'string' && { uid }),
      ...(typeof resourceVersion === 'string' && { resourceVersion }),
    },
  };
}
