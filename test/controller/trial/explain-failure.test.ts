import { describe, expect, it } from 'vitest';
import type { LogTail } from '../../../core/observation.ts';
import type { ContainerStateTerminated, PodStatus, StoredPod } from '../../../core/pod.ts';
import { explainFailure, type FailureEvidence } from '../../../controller/trial/explain-failure.ts';
import { describeExplanation, explain } from '../../../controller/trial/explanation.ts';
import { NOW } from '../../support/experiment-objects.ts';

function pod(name: string, status: PodStatus): StoredPod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, uid: name, resourceVersion: '1', creationTimestamp: NOW },
    spec: { containers: [] },
    status,
  };
}

function ended(
  state: Partial<ContainerStateTerminated>,
  container = 'training',
  name = 'exp-0-worker-0',
): StoredPod {
  const terminated = { exitCode: 1, reason: 'Error', finishedAt: NOW, ...state };
  return pod(name, {
    phase: 'Failed',
    containerStatuses: [{ name: container, restartCount: 0, state: { terminated } }],
  });
}

function tail(more: Partial<LogTail>): LogTail {
  return {
    trialUid: 'u',
    pod: 'exp-0-worker-0',
    container: 'training',
    restartCount: 0,
    exitCode: 1,
    reason: 'Error',
    text: '',
    timeMs: 0,
    ...more,
  };
}

function evidence(more: Partial<FailureEvidence>): FailureEvidence {
  return {
    jobReason: '',
    jobMessage: '',
    pods: [],
    logTails: [],
    primaryContainer: 'training',
    collector: undefined,
    ...more,
  };
}

const TRACEBACK = 'step 1\nTraceback (most recent call last):\n  File "t.py", line 3\n';

describe('explainFailure', () => {
  it.each<[string, Partial<FailureEvidence>, string, string]>([
    [
      'an exit code with the error',
      { pods: [ended({ message: `${TRACEBACK}ValueError: bad shape` })] },
      'TRIAL_EXIT_CODE',
      'Container training of pod exp-0-worker-0 ended with exit code 1: ValueError: bad shape.',
    ],
    [
      'an exit code without a word',
      { pods: [ended({ exitCode: 3 })] },
      'TRIAL_EXIT_CODE',
      'Container training of pod exp-0-worker-0 ended with exit code 3.',
    ],
    [
      'a command that is not there',
      { pods: [ended({ exitCode: 127, message: 'sh: trian: not found' })] },
      'TRIAL_COMMAND_NOT_FOUND',
      'could not find its command: sh: trian: not found',
    ],
    [
      'a command that cannot start',
      {
        pods: [
          ended({
            exitCode: 128,
            reason: 'StartError',
            message: 'exec: "trian": executable file not found in $PATH',
          }),
        ],
      },
      'TRIAL_COMMAND_NOT_FOUND',
      'executable file not found',
    ],
    [
      'a command that may not start',
      { pods: [ended({ exitCode: 126, message: 'Permission denied' })] },
      'TRIAL_COMMAND_NOT_EXECUTABLE',
      'may not execute its command: Permission denied',
    ],
    [
      'a Python module',
      { pods: [ended({ message: `${TRACEBACK}ModuleNotFoundError: No module named 'tensorflow'` })] },
      'TRIAL_MODULE_MISSING',
      'needs the module "tensorflow", which is not installed',
    ],
    [
      'a Node module',
      { pods: [ended({ message: "Error: Cannot find module '@tensorflow/tfjs'\nRequire stack:" })] },
      'TRIAL_MODULE_MISSING',
      '"@tensorflow/tfjs"',
    ],
    [
      'the memory limit',
      { pods: [ended({ exitCode: 137, reason: 'OOMKilled' })] },
      'TRIAL_OUT_OF_MEMORY',
      'more memory than its limit',
    ],
    [
      'memory of the program',
      { pods: [ended({ message: 'torch.cuda.OutOfMemoryError: CUDA out of memory. Tried' })] },
      'TRIAL_OUT_OF_MEMORY',
      'ran out of memory: torch.cuda',
    ],
    [
      'a signal',
      { pods: [ended({ exitCode: 139 })] },
      'TRIAL_KILLED_BY_SIGNAL',
      'was ended by signal 11 (SIGSEGV)',
    ],
    [
      'a signal that is told',
      { pods: [ended({ exitCode: 137, signal: 9 })] },
      'TRIAL_KILLED_BY_SIGNAL',
      'signal 9 (SIGKILL)',
    ],
    [
      "the pod's deadline",
      { pods: [pod('p', { phase: 'Failed', reason: 'DeadlineExceeded' })] },
      'TRIAL_DEADLINE',
      'Pod p ran longer',
    ],
    [
      "the Job's deadline",
      { jobReason: 'DeadlineExceeded', pods: [ended({ exitCode: 143 })] },
      'TRIAL_DEADLINE',
      'The job ran longer',
    ],
    [
      "the TFJob's deadline",
      { jobMessage: 'TFJob x has failed because it was active longer than specified deadline' },
      'TRIAL_DEADLINE',
      'The job ran longer',
    ],
    [
      'eviction',
      { pods: [pod('p', { phase: 'Failed', reason: 'Evicted', message: 'low on memory' })] },
      'TRIAL_EVICTED',
      'low on memory',
    ],
    [
      'a node that shuts down',
      { pods: [pod('p', { phase: 'Failed', reason: 'Terminated', message: 'node shutdown' })] },
      'TRIAL_EVICTED',
      'Terminated, node shutdown',
    ],
    [
      'a pod that the cluster disrupts, whatever its containers say',
      {
        pods: [
          pod('p', {
            phase: 'Failed',
            conditions: [{ type: 'DisruptionTarget', status: 'True', reason: 'PreemptionByScheduler' }],
            containerStatuses: [
              { name: 'training', restartCount: 0, state: { terminated: { exitCode: 137 } } },
            ],
          }),
        ],
      },
      'TRIAL_EVICTED',
      'PreemptionByScheduler',
    ],
    [
      'an image that cannot be pulled',
      {
        pods: [
          pod('p', {
            phase: 'Pending',
            containerStatuses: [
              {
                name: 'training',
                restartCount: 0,
                state: { waiting: { reason: 'ImagePullBackOff', message: 'no such image' } },
              },
            ],
          }),
        ],
      },
      'TRIAL_CONTAINER_NOT_STARTED',
      'ImagePullBackOff (no such image)',
    ],
    [
      'what the local runner refused',
      {
        pods: [
          pod('p', {
            phase: 'Failed',
            reason: 'LOCAL_NO_COMMAND',
            message: 'Container training has no command.',
          }),
        ],
      },
      'LOCAL_NO_COMMAND',
      'Container training has no command.',
    ],
    [
      'what the local runner refused of a container',
      { pods: [ended({ reason: 'LOCAL_EXEC_FAILED', message: 'trian: ENOENT' })] },
      'LOCAL_EXEC_FAILED',
      'trian: ENOENT',
    ],
    [
      'a kept tail where the pods are gone',
      { logTails: [tail({ text: 'KeyError: 1', exitCode: 2 })] },
      'TRIAL_EXIT_CODE',
      'exit code 2: KeyError: 1',
    ],
    ['no trace at all', {}, 'TRIAL_JOB_FAILED', 'none of its pods is left'],
    [
      'the run before, where a container was started again',
      {
        pods: [
          pod('p', {
            phase: 'Running',
            containerStatuses: [
              {
                name: 'training',
                restartCount: 1,
                state: { running: {} },
                lastState: { terminated: { exitCode: 5 } },
              },
            ],
          }),
        ],
      },
      'TRIAL_EXIT_CODE',
      'exit code 5',
    ],
  ])('finds %s', (_, more, code, cause) => {
    const found = explainFailure(evidence(more));
    expect(found.code).toBe(code);
    expect(found.cause).toContain(cause);
    expect(found.remedy.length + Number(code.startsWith('LOCAL_'))).toBeGreaterThan(0);
  });

  it('blames the first container that failed: the others often fail because of it', () => {
    const chief = ended({ exitCode: 1, finishedAt: '2026-01-01T12:00:09Z' }, 'training', 'chief');
    const worker = ended({ exitCode: 7, finishedAt: '2026-01-01T12:00:05Z' }, 'training', 'worker');
    expect(explainFailure(evidence({ pods: [chief, worker] })).cause).toContain(
      'pod worker ended with exit code 7',
    );
  });

  it('does not blame the collector', () => {
    const pods = [ended({ exitCode: 2 }, 'metrics-logger-and-collector', 'a'), ended({ exitCode: 4 })];
    expect(explainFailure(evidence({ pods })).cause).toContain('exit code 4');
  });
});

describe('describeExplanation', () => {
  it('shows code, cause, remedy and the last lines, without colours and progress bars', () => {
    const output = 'epoch 1\r\n10%\r50%\rdone\n\n\u001b[31mError: bad\u001b[0m\n';
    expect(describeExplanation(explain('TRIAL_EXIT_CODE', 'It failed.', { output }))).toBe(
      '[TRIAL_EXIT_CODE] It failed. What to do: Correct the error that its last lines of output show. Last output:\nepoch 1\ndone\nError: bad',
    );
  });

  it.each([
    ['long lines', `${'x'.repeat(5_000)}\n`.repeat(50)],
    ['wide characters', `${'漢'.repeat(500)}\n`.repeat(50)],
    ['nothing', ''],
  ])('stays within 2 KiB for %s', (_, output) => {
    const text = describeExplanation(
      explain('TRIAL_EXIT_CODE', 'c'.repeat(9_999), { output, remedy: '😀'.repeat(900) }),
    );
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(2_048);
    expect(text.isWellFormed()).toBe(true);
    expect(text).toContain('[TRIAL_EXIT_CODE] ccc');
  });
});

it('a collector of the own that fails first is not the cause', () => {
  const collector = { collector: { kind: 'Custom', customCollector: { name: 'mine' } } } as const;
  const failed = ended({ message: 'ValueError: bad shape' });
  const mine = { exitCode: 2, reason: 'Error', finishedAt: '2026-01-01T00:00:00Z' };
  failed.status = {
    ...failed.status,
    initContainerStatuses: [{ name: 'mine', restartCount: 0, state: { terminated: mine } }],
  };
  const logTails = [tail({ container: 'mine', exitCode: 2 })];
  const { cause } = explainFailure(evidence({ pods: [failed], logTails, collector }));
  expect(cause).toContain('ValueError: bad shape');
});
