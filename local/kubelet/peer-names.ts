import { JOB_NAME_LABEL } from '../../core/labels.ts';
import type { StoredPod } from '../../core/pod.ts';
import type { PeerNames } from './address-rewriting.ts';
import { literalPattern } from './literal-pattern.ts';

/** The names that stand for pods, as `pod` may mention them. */
export function peerNames(
  pod: StoredPod,
  isService: (namespace: string, name: string) => boolean,
): PeerNames {
  const { namespace = '', name: ownName, labels } = pod.metadata;
  const job = labels?.[JOB_NAME_LABEL];
  // Replicas are named `<job>-<type>-<index>`. Their Services may not exist yet when the first pod starts.
  const replica = job === undefined ? undefined : new RegExp(`^${literalPattern(job)}-[a-z]+-\\d+$`);
  return {
    namespace,
    ownName,
    isPeer: (name) => name === ownName || (replica?.test(name) ?? false) || isService(namespace, name),
  };
}
