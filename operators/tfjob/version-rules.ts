import type { VersionRules } from './types.ts';

/** tf-operator 0.5: everything else it took for a defect of the program. */
const OLD_RETRYABLE_CODES: readonly (number | null)[] = [130, 137, 138, 143];

const V1: VersionRules = {
  // 128 and above: ended by a signal or by the node. An unknown code says nothing against another attempt.
  isRetryable: (exitCode) => exitCode === null || exitCode >= 128,
  replacesFailedPods: true,
  tfConfigEverywhere: false,
  evaluatorInCluster: true,
  oldLabels: false,
  invalidReason: 'TFJobInvalidSpec',
};

const V1BETA2: VersionRules = {
  isRetryable: (exitCode) => OLD_RETRYABLE_CODES.includes(exitCode),
  replacesFailedPods: false,
  tfConfigEverywhere: true,
  evaluatorInCluster: false,
  oldLabels: true,
  invalidReason: 'InvalidTFJobSpec',
};

export function isV1beta2(apiVersion: string): boolean {
  return apiVersion === 'kubeflow.org/v1beta2';
}

export function versionRules(apiVersion: string): VersionRules {
  return isV1beta2(apiVersion) ? V1BETA2 : V1;
}
