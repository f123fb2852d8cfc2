import type { Pod } from '../../core/pod.ts';
import type { NodeFacts } from './node-facts.ts';
import { parseQuantity } from './quantity.ts';

/**
 * How much of a resource the main containers request together; a container that requests nothing but has a limit
 * requests that, as in Kubernetes. Undefined where none says anything.
 */
export function requestedAmount(pod: Pod, resource: string): number | undefined {
  const amounts = pod.spec.containers.flatMap(
    ({ resources }) => parseQuantity(resources?.requests?.[resource] ?? resources?.limits?.[resource]) ?? [],
  );
  return amounts.length === 0 ? undefined : amounts.reduce((sum, amount) => sum + amount, 0);
}

/** What the pod requests more of than this computer has, in words; a cluster would never place it on such a node. */
export function excessiveRequests(pod: Pod, node: NodeFacts): string[] {
  const cpus = requestedAmount(pod, 'cpu') ?? 0;
  const memory = requestedAmount(pod, 'memory') ?? 0;
  return [
    ...(cpus > node.cpus ? [`${cpus} CPUs are asked for, ${node.cpus} are here`] : []),
    ...(memory > node.memoryBytes
      ? [`${inGibibytes(memory)} of memory are asked for, ${inGibibytes(node.memoryBytes)} are here`]
      : []),
  ];
}

function inGibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}
