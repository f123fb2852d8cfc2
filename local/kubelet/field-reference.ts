import type { Container, EnvVar, StoredPod } from '../../core/pod.ts';
import { localError } from '../../core/failure-codes/local-codes.ts';
import type { NodeFacts } from './node-facts.ts';
import { parseQuantity } from './quantity.ts';

export type ResourceFieldRef = NonNullable<NonNullable<EnvVar['valueFrom']>['resourceFieldRef']>;

/**
 * The value of a `fieldRef`. A label or annotation that is not there is an empty text, as in Kubernetes.
 * LOCAL_FIELD_UNSUPPORTED for a path that a pod cannot refer to.
 */
export function fieldValue(pod: StoredPod, fieldPath: string, node: NodeFacts): string {
  const subscript = /^metadata\.(labels|annotations)\['([^']+)'\]$/.exec(fieldPath);
  if (subscript) {
    const entries = subscript[1] === 'labels' ? pod.metadata.labels : pod.metadata.annotations;
    return entries?.[subscript[2] ?? ''] ?? '';
  }
  const value = plainFields(pod, node)[fieldPath];
  if (value !== undefined) return value;
  const known = Object.keys(plainFields(pod, node)).join(', ');
  throw localError(
    'LOCAL_FIELD_UNSUPPORTED',
    `fieldRef "${fieldPath}" is none of ${known}, metadata.labels['…'], metadata.annotations['…'].`,
  );
}

function plainFields(pod: StoredPod, node: NodeFacts): Readonly<Record<string, string>> {
  return {
    'metadata.name': pod.metadata.name,
    'metadata.namespace': pod.metadata.namespace ?? '',
    'metadata.uid': pod.metadata.uid,
    'spec.nodeName': node.name,
    'spec.serviceAccountName': pod.spec.serviceAccountName ?? 'default',
    'status.podIP': node.ip,
    'status.podIPs': node.ip,
    'status.hostIP': node.ip,
    'status.hostIPs': node.ip,
  };
}

/** A downward API file's content: besides single fields, all labels or annotations as `key="value"` lines. */
export function downwardFileContent(pod: StoredPod, fieldPath: string, node: NodeFacts): string {
  const whole = /^metadata\.(labels|annotations)$/.exec(fieldPath);
  if (!whole) return fieldValue(pod, fieldPath, node);
  const entries = (whole[1] === 'labels' ? pod.metadata.labels : pod.metadata.annotations) ?? {};
  const lines = Object.entries(entries).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  return lines.sort().join('\n');
}

/**
 * The value of a `resourceFieldRef`, rounded up to the divisor. A limit that is not set is what the machine has; a
 * request that is not set is the limit, or 0. LOCAL_FIELD_UNSUPPORTED for other resources and unknown containers.
 */
export function resourceFieldValue(
  containers: readonly Container[],
  own: Container,
  ref: ResourceFieldRef,
  node: NodeFacts,
): string {
  const name = ref.containerName ?? own.name;
  const container = name === own.name ? own : containers.find((candidate) => candidate.name === name);
  const parsed = /^(requests|limits)\.(cpu|memory|ephemeral-storage)$/.exec(ref.resource);
  const divisor = parseQuantity(ref.divisor ?? '1');
  if (!container || !parsed || divisor === undefined) {
    throw localError(
      'LOCAL_FIELD_UNSUPPORTED',
      `resourceFieldRef "${ref.resource}" of container "${name}" with divisor "${ref.divisor ?? '1'}" cannot be read.`,
    );
  }
  const resource = parsed[2] ?? '';
  const limit = parseQuantity(container.resources?.limits?.[resource]);
  const request = parseQuantity(container.resources?.requests?.[resource]);
  const amount = parsed[1] === 'limits' ? (limit ?? capacity(resource, node)) : (request ?? limit ?? 0);
  return String(Math.ceil(amount / (divisor === 0 ? 1 : divisor)));
}

function capacity(resource: string, node: NodeFacts): number {
  if (resource === 'cpu') return node.cpus;
  return resource === 'memory' ? node.memoryBytes : 0;
}
