import { readPodTemplate } from '../pod-template.ts';
import type { BatchJobDocument, PodFailureRuleDocument } from './spec-schema.ts';
import type { BatchJobSpec, PodFailureRule } from './types.ts';

const DEFAULT_BACKOFF_LIMIT = 6;

/** Fills a valid document's defaults in: Kubernetes' own. */
export function withBatchJobDefaults(document: BatchJobDocument): BatchJobSpec {
  const isIndexed = document.completionMode === 'Indexed';
  // Neither count given means one pod; parallelism alone means a work queue.
  const isSingle = document.completions == null && document.parallelism == null;
  const rules = document.podFailurePolicy?.rules ?? [];
  return {
    parallelism: document.parallelism ?? 1,
    completions: isSingle ? 1 : (document.completions ?? null),
    completionMode: isIndexed ? 'Indexed' : 'NonIndexed',
    backoffLimit: document.backoffLimit ?? DEFAULT_BACKOFF_LIMIT,
    activeDeadlineSeconds: document.activeDeadlineSeconds ?? null,
    ttlSecondsAfterFinished: document.ttlSecondsAfterFinished ?? null,
    suspend: document.suspend ?? false,
    // A failure policy has to see how a pod ended before the next one starts.
    replacesOnlyFailed: document.podReplacementPolicy === 'Failed' || rules.length > 0,
    podFailureRules: rules.map(podFailureRule),
    restartPolicy: document.template?.spec?.restartPolicy === 'OnFailure' ? 'OnFailure' : 'Never',
    template: readPodTemplate(document.template),
  };
}

function podFailureRule({ action, onExitCodes, onPodConditions }: PodFailureRuleDocument): PodFailureRule {
  return {
    action: action === 'FailJob' || action === 'Ignore' ? action : 'Count',
    onExitCodes: onExitCodes
      ? {
          containerName: onExitCodes.containerName ?? null,
          operator: onExitCodes.operator,
          values: onExitCodes.values,
        }
      : null,
    onPodConditions: (onPodConditions ?? []).map(({ type, status }) => ({ type, status: status ?? 'True' })),
  };
}
