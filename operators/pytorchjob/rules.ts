import { isRetryableExit } from '../training-job/exit-codes.ts';
import type { JobRules } from '../training-job/types.ts';
import { PYTORCH_CONTAINER } from './types.ts';

/** What a PyTorchJob does in its own way, and how the Training Operator words it. */
export const PYTORCH_RULES: JobRules = {
  container: PYTORCH_CONTAINER,
  isRetryable: isRetryableExit,
  replacesFailedPods: true,
  replacesDeletedPods: true,
  messages: {
    running: ({ namespace, name }) => `PyTorchJob ${namespace}/${name} is running.`,
    succeeded: ({ namespace, name }, deciding) =>
      deciding === 'Master'
        ? `PyTorchJob ${name} is successfully completed.`
        : `PyTorchJob ${namespace}/${name} successfully completed.`,
    failed: ({ name }, count, type) =>
      `PyTorchJob ${name} is failed because ${count} ${type} replica(s) failed.`,
    restarting: ({ name }, count, type) =>
      `PyTorchJob ${name} is restarting because ${count} ${type} replica(s) failed.`,
  },
};

export const INVALID_REASON = 'PyTorchJobInvalidSpec';
