import { isRetryableExit } from '../training-job/exit-codes.ts';
import type { JobMessages } from '../training-job/types.ts';
import { TF_CONTAINER, type VersionRules } from './types.ts';

/** tf-operator 0.5: everything else it took for a defect of the program. */
const OLD_RETRYABLE_CODES: readonly (number | null)[] = [130, 137, 138, 143];

const MESSAGES: JobMessages = {
  running: ({ namespace, name }) => `TFJob ${namespace}/${name} is running.`,
  succeeded: ({ namespace, name }) => `TFJob ${namespace}/${name} successfully completed.`,
  failed: ({ namespace, name }, count, type) =>
    `TFJob ${namespace}/${name} has failed because ${count} ${type} replica(s) failed.`,
  restarting: ({ name }, _count, type) => `job ${name} is restarting because ${type} replica(s) failed.`,
};

/** What both versions mean. */
const COMMON = { container: TF_CONTAINER, replacesDeletedPods: false, messages: MESSAGES } as const;

const V1: VersionRules = {
  ...COMMON,
  isRetryable: isRetryableExit,
  replacesFailedPods: true,
  tfConfigEverywhere: false,
  evaluatorInCluster: true,
  oldLabels: false,
  invalidReason: 'TFJobInvalidSpec',
};

const V1BETA2: VersionRules = {
  ...COMMON,
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
