import type { ContainerStatus, StoredPod } from '../../core/pod.ts';
import type { PodFailureRule } from './types.ts';

/** What is to become of a failed pod, and for FailJob why. */
export type FailureVerdict =
  | { readonly action: 'Count' }
  | { readonly action: 'Ignore' }
  | { readonly action: 'FailJob'; readonly message: string };

/** The first rule that matches decides; without one the failure counts. */
export function judgeFailure(rules: readonly PodFailureRule[], pod: StoredPod): FailureVerdict {
  // Rules are about how a pod ended: one that is only on its way out has not ended.
  if (pod.status?.phase !== 'Failed') return { action: 'Count' };
  for (const [index, rule] of rules.entries()) {
    const match = matchCondition(rule, pod) ?? matchExitCode(rule, pod);
    if (match === undefined) continue;
    return rule.action === 'FailJob'
      ? { action: 'FailJob', message: `${match} matching FailJob rule at index ${index}` }
      : { action: rule.action };
  }
  return { action: 'Count' };
}

function matchExitCode({ onExitCodes }: PodFailureRule, pod: StoredPod): string | undefined {
  if (!onExitCodes) return undefined;
  const { containerName, operator, values } = onExitCodes;
  const statuses: ContainerStatus[] = [
    ...(pod.status?.initContainerStatuses ?? []),
    ...(pod.status?.containerStatuses ?? []),
  ];
  for (const { name, state } of statuses) {
    const code = state?.terminated?.exitCode ?? 0;
    if (code === 0 || (containerName !== null && name !== containerName)) continue;
    if (values.includes(code) === (operator === 'In')) {
      return `Container ${name} for pod ${podName(pod)} failed with exit code ${code}`;
    }
  }
  return undefined;
}

function matchCondition({ onPodConditions }: PodFailureRule, pod: StoredPod): string | undefined {
  const found = pod.status?.conditions?.find((condition) =>
    onPodConditions.some(({ type, status }) => type === condition.type && status === condition.status),
  );
  return found && `Pod ${podName(pod)} has condition ${found.type}`;
}

function podName({ metadata: { namespace = '', name } }: StoredPod): string {
  return `${namespace}/${name}`;
}
