import { describe, expect, test } from 'vitest';
import { decide, type Decision } from '../../../operators/training-job/status.ts';
import type { ReplicaPod } from '../../../operators/training-job/types.ts';
import { MASTER, NOW_MS, replica, type ReplicaManifests, specOf, storedJob } from './fixtures.ts';

interface Case {
  name: string;
  replicas: ReplicaManifests;
  spec?: Record<string, unknown>;
  pods: ReplicaPod[];
  expected: string[];
}

function decideFor({ replicas, spec = {}, pods }: Omit<Case, 'name' | 'expected'>): Decision {
  const job = storedJob(replicas, { spec });
  return decide({ job, spec: specOf(job), pods, nowMs: NOW_MS });
}

/** `Running` or `Running=False`, without Created. */
function conditionsOf({ status }: Decision): string[] {
  const others = (status.conditions ?? []).filter(({ type }) => type !== 'Created');
  return others.map((condition) =>
    condition.status === 'True' ? condition.type : `${condition.type}=${condition.status}`,
  );
}

const RUNNING = { phase: 'Running' } as const;
const SUCCEEDED = { phase: 'Succeeded', exitCode: 0 } as const;
const FAILED = { phase: 'Failed', exitCode: 1 } as const;
const KILLED = { phase: 'Failed', exitCode: 137 } as const;
const DELETED = { phase: 'Running', isBeingDeleted: true } as const;

const BOTH = { ...MASTER, Worker: { replicas: 1 } };
const NEVER = {
  Master: { replicas: 1, restartPolicy: 'Never' },
  Worker: { replicas: 1, restartPolicy: 'Never' },
};
const BY_EXIT_CODE = { ...MASTER, Worker: { restartPolicy: 'ExitCode' } };
const TWO_WORKERS = { Worker: { replicas: 2 } };
const ELASTIC = { elasticPolicy: { minReplicas: 1, maxReplicas: 2 } };

const CASES: Case[] = [
  { name: 'nothing there yet', replicas: BOTH, pods: [], expected: [] },
  {
    name: 'master running',
    replicas: BOTH,
    pods: [replica('Master', 0, RUNNING)],
    expected: ['Running'],
  },
  {
    name: 'only the worker running',
    replicas: BOTH,
    pods: [replica('Worker', 0, RUNNING)],
    expected: [],
  },
  {
    name: 'master succeeded, worker running',
    replicas: BOTH,
    pods: [replica('Master', 0, SUCCEEDED), replica('Worker', 0, RUNNING)],
    expected: ['Succeeded'],
  },
  {
    name: 'worker succeeded, master running',
    replicas: BOTH,
    pods: [replica('Master', 0, RUNNING), replica('Worker', 0, SUCCEEDED)],
    expected: ['Running'],
  },
  {
    name: 'policy Never: master failed',
    replicas: NEVER,
    pods: [replica('Master', 0, FAILED), replica('Worker', 0, RUNNING)],
    expected: ['Failed'],
  },
  {
    name: 'policy Never: worker failed',
    replicas: NEVER,
    pods: [replica('Master', 0, RUNNING), replica('Worker', 0, FAILED)],
    expected: ['Failed'],
  },
  {
    name: 'policy Never: worker failed in the moment in which the master succeeded',
    replicas: NEVER,
    pods: [replica('Master', 0, SUCCEEDED), replica('Worker', 0, FAILED)],
    expected: ['Failed'],
  },
  {
    name: 'policy Never: worker deleted by somebody',
    replicas: NEVER,
    pods: [replica('Master', 0, RUNNING), replica('Worker', 0, DELETED)],
    expected: ['Failed'],
  },
  {
    name: 'policy OnFailure: worker pod failed as a whole',
    replicas: BOTH,
    pods: [replica('Master', 0, RUNNING), replica('Worker', 0, FAILED)],
    expected: ['Restarting'],
  },
  {
    name: 'policy OnFailure: worker deleted by somebody',
    replicas: BOTH,
    pods: [replica('Master', 0, RUNNING), replica('Worker', 0, DELETED)],
    expected: ['Restarting'],
  },
  {
    name: 'policy OnFailure: a worker that cannot be started',
    replicas: BOTH,
    pods: [
      replica('Master', 0, RUNNING),
      replica('Worker', 0, { phase: 'Failed', reason: 'LOCAL_NO_COMMAND' }),
    ],
    expected: ['Failed'],
  },
  {
    name: 'policy ExitCode: worker killed',
    replicas: BY_EXIT_CODE,
    pods: [replica('Master', 0, RUNNING), replica('Worker', 0, KILLED)],
    expected: ['Restarting'],
  },
  {
    name: 'policy ExitCode: worker failed by itself',
    replicas: BY_EXIT_CODE,
    pods: [replica('Master', 0, RUNNING), replica('Worker', 0, FAILED)],
    expected: ['Failed'],
  },
  {
    name: 'a failure is not hidden by a restart elsewhere',
    replicas: { Master: { replicas: 1, restartPolicy: 'Never' }, Worker: { restartPolicy: 'ExitCode' } },
    pods: [replica('Master', 0, FAILED), replica('Worker', 0, KILLED)],
    expected: ['Failed'],
  },
  {
    name: 'no master: one of two workers succeeded',
    replicas: TWO_WORKERS,
    pods: [replica('Worker', 0, SUCCEEDED), replica('Worker', 1, RUNNING)],
    expected: ['Running'],
  },
  {
    name: 'no master: both workers succeeded',
    replicas: TWO_WORKERS,
    pods: [replica('Worker', 0, SUCCEEDED), replica('Worker', 1, SUCCEEDED)],
    expected: ['Succeeded'],
  },
  {
    name: 'elastic: one of two workers succeeded',
    replicas: TWO_WORKERS,
    spec: ELASTIC,
    pods: [replica('Worker', 0, RUNNING), replica('Worker', 1, SUCCEEDED)],
    expected: ['Succeeded'],
  },
  {
    name: 'elastic: both workers running',
    replicas: TWO_WORKERS,
    spec: ELASTIC,
    pods: [replica('Worker', 0, RUNNING), replica('Worker', 1, RUNNING)],
    expected: ['Running'],
  },
  {
    name: 'elastic with a master: only the worker succeeded',
    replicas: BOTH,
    spec: ELASTIC,
    pods: [replica('Master', 0, RUNNING), replica('Worker', 0, SUCCEEDED)],
    expected: ['Running'],
  },
];

test.each(CASES)('$name: $expected', (row) => {
  const decision = decideFor(row);
  expect(conditionsOf(decision)).toEqual(row.expected);
  const isFinished = row.expected.includes('Succeeded') || row.expected.includes('Failed');
  expect(decision.status.completionTime !== undefined).toBe(isFinished);
});

describe('reasons and messages', () => {
  test.each<[string, ReplicaManifests, ReplicaPod[], string, string]>([
    ['running', BOTH, [replica('Master', 0, RUNNING)], 'PyTorchJobRunning', 'PyTorchJob ns/job is running.'],
    [
      'succeeded by its master',
      BOTH,
      [replica('Master', 0, SUCCEEDED)],
      'PyTorchJobSucceeded',
      'PyTorchJob job is successfully completed.',
    ],
    [
      'succeeded by its workers',
      { Worker: {} },
      [replica('Worker', 0, SUCCEEDED)],
      'PyTorchJobSucceeded',
      'PyTorchJob ns/job successfully completed.',
    ],
    [
      'failed',
      NEVER,
      [replica('Worker', 0, FAILED)],
      'PyTorchJobFailed',
      'PyTorchJob job is failed because 1 Worker replica(s) failed.',
    ],
    [
      'failed by an exit code',
      BY_EXIT_CODE,
      [replica('Worker', 0, FAILED)],
      'PyTorchJobFailed',
      'job "job" is failing because "Worker" replica(s) failed.',
    ],
    [
      'restarting',
      BOTH,
      [replica('Worker', 0, FAILED)],
      'PyTorchJobRestarting',
      'PyTorchJob job is restarting because 1 Worker replica(s) failed.',
    ],
  ])('of a job that is %s', (_name, replicas, pods, reason, message) => {
    const { status } = decideFor({ replicas, pods });
    expect(status.conditions?.[0]).toMatchObject({
      reason: 'PyTorchJobCreated',
      message: 'PyTorchJob job is created.',
    });
    expect(status.conditions?.at(-1)).toMatchObject({ reason, message });
  });

  test('of a job that is suspended and resumed', () => {
    const job = storedJob(BOTH, { spec: { runPolicy: { suspend: true } } });
    const suspended = decide({ job, spec: specOf(job), pods: [], nowMs: NOW_MS });
    expect(suspended.status.conditions?.at(-1)).toMatchObject({
      reason: 'PyTorchJobSuspended',
      message: 'PyTorchJob job is suspended.',
    });
    const again = storedJob(BOTH, { status: suspended.status });
    const resumed = decide({ job: again, spec: specOf(again), pods: [], nowMs: NOW_MS });
    expect(resumed.status.conditions?.at(-1)).toMatchObject({
      status: 'False',
      reason: 'PyTorchJobResumed',
      message: 'PyTorchJob job is resumed.',
    });
  });
});
