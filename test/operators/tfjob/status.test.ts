import { describe, expect, test } from 'vitest';
import { withJobCondition } from '../../../operators/training-job/conditions.ts';
import { decide, type Decision } from '../../../operators/training-job/status.ts';
import type { ReplicaPod, TfJobStatus } from '../../../operators/tfjob/types.ts';
import {
  describeConditions,
  NOW_MS,
  replica,
  type ReplicaManifests,
  replicasOf,
  specOf,
  storedJob,
} from './fixtures.ts';

interface Case {
  name: string;
  replicas: ReplicaManifests;
  spec?: Record<string, unknown>;
  pods: ReplicaPod[];
  expected: string[];
}

function decideFor({ replicas, spec = {}, pods }: Omit<Case, 'expected'>, status?: TfJobStatus): Decision {
  const job = storedJob(replicas, { spec, ...(status && { status }) });
  return decide({ job, spec: specOf(job), pods, nowMs: NOW_MS });
}

/** Pods as failed/succeeded/active counts. */
function pods(
  type: Parameters<typeof replicasOf>[0],
  counts: `${number}/${number}/${number}`,
  options?: Parameters<typeof replicasOf>[2],
): ReplicaPod[] {
  const [failed = 0, succeeded = 0, active = 0] = counts.split('/').map(Number);
  return replicasOf(type, { failed, succeeded, active }, options);
}

const ONE_WORKER = { Worker: {} };
const CHIEF_WORKER = { Chief: {}, Worker: {} };
const FOUR_WORKERS = { Worker: { replicas: 4 }, PS: { replicas: 2 } };
const CHIEF_FOUR = { Chief: {}, ...FOUR_WORKERS };
const ALL_WORKERS = { successPolicy: 'AllWorkers' };
const BY_EXIT_CODE = { restartPolicy: 'ExitCode' };

const UPSTREAM_CASES: Case[] = [
  {
    name: 'chief succeeded',
    replicas: CHIEF_WORKER,
    pods: [...pods('Chief', '0/1/0')],
    expected: ['Succeeded'],
  },
  {
    name: 'chief running, worker missing',
    replicas: CHIEF_WORKER,
    pods: pods('Chief', '0/0/1'),
    expected: ['Running'],
  },
  { name: 'chief failed', replicas: CHIEF_WORKER, pods: pods('Chief', '1/0/0'), expected: ['Failed'] },
  { name: 'worker failed', replicas: ONE_WORKER, pods: pods('Worker', '1/0/0'), expected: ['Failed'] },
  {
    name: 'worker succeeded without exit status',
    replicas: ONE_WORKER,
    pods: pods('Worker', '0/1/0'),
    expected: ['Succeeded'],
  },
  { name: 'worker running', replicas: ONE_WORKER, pods: pods('Worker', '0/0/1'), expected: ['Running'] },
  {
    name: 'two of four workers succeeded',
    replicas: FOUR_WORKERS,
    pods: [...pods('PS', '0/0/2'), ...pods('Worker', '0/2/2')],
    expected: ['Running'],
  },
  {
    name: 'two workers failed, two running',
    replicas: FOUR_WORKERS,
    pods: [...pods('PS', '0/0/2'), ...pods('Worker', '2/0/2')],
    expected: ['Failed'],
  },
  {
    name: 'two workers failed, two succeeded',
    replicas: FOUR_WORKERS,
    pods: [...pods('PS', '0/0/2'), ...pods('Worker', '2/2/0')],
    expected: ['Failed'],
  },
  {
    name: 'worker 0 ended with 0',
    replicas: FOUR_WORKERS,
    pods: [...pods('PS', '0/0/2'), ...pods('Worker', '0/1/3', { firstExitsZero: true })],
    expected: ['Succeeded'],
  },
  {
    name: 'worker 0 ended with 0, all workers wanted',
    replicas: { Worker: { replicas: 4 } },
    spec: ALL_WORKERS,
    pods: pods('Worker', '0/1/3', { firstExitsZero: true }),
    expected: ['Running'],
  },
  {
    name: 'all workers succeeded, all wanted',
    replicas: { Worker: { replicas: 4 } },
    spec: ALL_WORKERS,
    pods: pods('Worker', '0/4/0'),
    expected: ['Succeeded'],
  },
  {
    name: 'one worker failed, all wanted',
    replicas: { Worker: { replicas: 4 } },
    spec: ALL_WORKERS,
    pods: pods('Worker', '1/1/2', { firstExitsZero: true }),
    expected: ['Failed'],
  },
  {
    name: 'chief running, workers failed',
    replicas: CHIEF_FOUR,
    pods: [...pods('PS', '0/0/2'), ...pods('Worker', '4/0/0'), ...pods('Chief', '0/0/1')],
    expected: ['Failed'],
  },
  {
    name: 'chief running, workers succeeded',
    replicas: CHIEF_FOUR,
    pods: [...pods('PS', '0/0/2'), ...pods('Worker', '0/4/0'), ...pods('Chief', '0/0/1')],
    expected: ['Running'],
  },
  {
    name: 'chief running, a parameter server failed',
    replicas: CHIEF_FOUR,
    pods: [...pods('PS', '1/0/1'), ...pods('Worker', '0/4/0'), ...pods('Chief', '0/0/1')],
    expected: ['Failed'],
  },
  {
    name: 'chief failed, workers succeeded',
    replicas: CHIEF_FOUR,
    pods: [...pods('PS', '0/0/2'), ...pods('Worker', '0/4/0'), ...pods('Chief', '1/0/0')],
    expected: ['Failed'],
  },
  {
    // The Training Operator reports both; one verdict is what everybody can work with.
    name: 'chief succeeded, workers failed',
    replicas: CHIEF_FOUR,
    pods: [...pods('PS', '0/0/2'), ...pods('Worker', '4/0/0'), ...pods('Chief', '0/1/0')],
    expected: ['Failed'],
  },
  {
    name: 'everything killed under ExitCode',
    replicas: {
      Chief: BY_EXIT_CODE,
      Worker: { replicas: 4, ...BY_EXIT_CODE },
      PS: { replicas: 2, ...BY_EXIT_CODE },
    },
    pods: [
      ...pods('PS', '0/0/2'),
      ...pods('Worker', '4/0/0', { exitCode: 130 }),
      ...pods('Chief', '1/0/0', { exitCode: 130 }),
    ],
    expected: ['Restarting'],
  },
];

const FURTHER_CASES: Case[] = [
  {
    name: 'evaluator failed beside a running worker',
    replicas: { Evaluator: {}, Worker: {} },
    pods: [...pods('Evaluator', '1/0/0'), ...pods('Worker', '0/0/1')],
    expected: ['Failed'],
  },
  {
    name: 'evaluator does not hold success back',
    replicas: { Evaluator: {}, Worker: {} },
    pods: [...pods('Evaluator', '0/0/1'), ...pods('Worker', '0/1/0')],
    expected: ['Succeeded'],
  },
  {
    name: 'parameter servers alone say nothing',
    replicas: { PS: { replicas: 2 } },
    pods: pods('PS', '0/1/1'),
    expected: [],
  },
  {
    name: 'a dynamic worker failed, another runs',
    replicas: { Worker: { replicas: 2 } },
    spec: { enableDynamicWorker: true },
    pods: pods('Worker', '1/0/1'),
    expected: ['Running'],
  },
  {
    // The Training Operator leaves such a job without an end.
    name: 'all dynamic workers failed',
    replicas: { Worker: { replicas: 2 } },
    spec: { enableDynamicWorker: true },
    pods: pods('Worker', '2/0/0'),
    expected: ['Failed'],
  },
  {
    name: 'some dynamic workers failed and the others are done, but not worker 0',
    replicas: { Worker: { replicas: 2 } },
    spec: { enableDynamicWorker: true },
    pods: [replica('Worker', 0, { phase: 'Failed' }), replica('Worker', 1, { phase: 'Succeeded' })],
    expected: ['Failed'],
  },
  {
    name: 'all dynamic workers failed beside a running chief',
    replicas: { Chief: {}, Worker: { replicas: 2 } },
    spec: { enableDynamicWorker: true },
    pods: [...pods('Chief', '0/0/1'), ...pods('Worker', '2/0/0')],
    expected: ['Running'],
  },
  {
    name: 'failed without an exit code under ExitCode',
    replicas: { Worker: BY_EXIT_CODE },
    pods: [replica('Worker', 0, { phase: 'Failed' })],
    expected: ['Restarting'],
  },
  {
    name: 'failed with 1 under ExitCode',
    replicas: { Worker: BY_EXIT_CODE },
    pods: [replica('Worker', 0, { phase: 'Failed', exitCode: 1 })],
    expected: ['Failed'],
  },
  {
    name: 'a sidecar failed after training had ended with 0, under ExitCode',
    replicas: { Worker: BY_EXIT_CODE },
    pods: [replica('Worker', 0, { phase: 'Failed', exitCode: 0 })],
    expected: ['Failed'],
  },
  {
    name: 'never started by the node under ExitCode',
    replicas: { Worker: BY_EXIT_CODE },
    pods: [replica('Worker', 0, { phase: 'Failed', exitCode: 128, reason: 'LOCAL_EXEC_FAILED' })],
    expected: ['Failed'],
  },
  {
    name: 'the whole pod failed under OnFailure',
    replicas: { Worker: { restartPolicy: 'OnFailure' } },
    pods: [replica('Worker', 0, { phase: 'Failed' })],
    expected: ['Restarting'],
  },
  {
    name: 'deleted by somebody while it ran, under OnFailure',
    replicas: { Worker: { restartPolicy: 'OnFailure' } },
    pods: [replica('Worker', 0, { phase: 'Running', isBeingDeleted: true })],
    expected: ['Failed'],
  },
  {
    name: 'one worker killed and another failed for good: no restart hides that',
    replicas: { Worker: { replicas: 2, ...BY_EXIT_CODE } },
    pods: [
      replica('Worker', 0, { phase: 'Failed', exitCode: 137 }),
      replica('Worker', 1, { phase: 'Failed', exitCode: 1 }),
    ],
    expected: ['Failed'],
  },
  {
    name: 'worker 0 done, worker 1 failed in the same moment',
    replicas: { Worker: { replicas: 2 } },
    pods: [
      replica('Worker', 0, { phase: 'Succeeded', exitCode: 0 }),
      replica('Worker', 1, { phase: 'Failed', exitCode: 1 }),
    ],
    expected: ['Failed'],
  },
  {
    name: 'worker 1 done, worker 0 runs',
    replicas: { Worker: { replicas: 2 } },
    pods: [
      replica('Worker', 0, { phase: 'Running' }),
      replica('Worker', 1, { phase: 'Succeeded', exitCode: 0 }),
    ],
    expected: ['Running'],
  },
  {
    name: 'a pod that is too many failed',
    replicas: ONE_WORKER,
    pods: [replica('Worker', 0, { phase: 'Running' }), replica('Worker', 1, { phase: 'Failed' })],
    expected: ['Running'],
  },
  {
    name: 'everything pending',
    replicas: FOUR_WORKERS,
    pods: [replica('Worker', 0, { phase: 'Pending' })],
    expected: [],
  },
];

test.each([...UPSTREAM_CASES, ...FURTHER_CASES])('$name: $expected', (example) => {
  const { status, pods: wanted } = decideFor(example);
  expect(describeConditions(status.conditions)).toEqual(example.expected);
  const hasEnded = example.expected.some((type) => type === 'Failed' || type === 'Succeeded');
  expect(status.completionTime !== undefined).toBe(hasEnded);
  expect(wanted.mode).toBe(hasEnded ? 'ended' : 'run');
  expect(status.startTime).toBe('2026-01-01T00:00:00Z');
});

test.each([...UPSTREAM_CASES, ...FURTHER_CASES])('$name: deciding again changes nothing', (example) => {
  const first = decideFor(example);
  const second = decideFor(example, first.status);
  expect(second.status).toEqual(first.status);
  expect(second.events).toEqual([]);
});

test('Running does not stay true beside an end', () => {
  const running = decideFor({ name: '', replicas: ONE_WORKER, pods: pods('Worker', '0/0/1') });
  const failed = decideFor({ name: '', replicas: ONE_WORKER, pods: pods('Worker', '1/0/0') }, running.status);
  expect(describeConditions(failed.status.conditions)).toEqual(['Running=False', 'Failed']);
});

describe('counts', () => {
  test('leave zeros out and follow the pods', () => {
    const running = [
      ...pods('PS', '0/0/2'),
      ...pods('Worker', '0/1/2'),
      replica('Worker', 3, { phase: 'Pending' }),
    ];
    const { status } = decideFor({ name: '', replicas: FOUR_WORKERS, pods: running });
    expect(status.replicaStatuses).toEqual({ PS: { active: 2 }, Worker: { active: 2, succeeded: 1 } });
  });

  test('a running pod that is being deleted counts as failed', () => {
    const mixed = [
      ...pods('Worker', '2/3/1'),
      replica('Worker', 6, { phase: 'Running', isBeingDeleted: true }),
    ];
    const { status } = decideFor({ name: '', replicas: { Worker: { replicas: 7 } }, pods: mixed });
    expect(status.replicaStatuses).toEqual({ Worker: { active: 1, succeeded: 3, failed: 3 } });
  });

  test('after success what still ran counts as succeeded', () => {
    const done = [...pods('PS', '0/0/2'), ...pods('Worker', '0/1/3', { firstExitsZero: true })];
    const { status } = decideFor({ name: '', replicas: FOUR_WORKERS, pods: done });
    expect(status.replicaStatuses).toEqual({ PS: { succeeded: 2 }, Worker: { succeeded: 4 } });
  });
});

describe('messages', () => {
  test.each<[string, ReplicaManifests, ReplicaPod[], string]>([
    ['created and running', ONE_WORKER, pods('Worker', '0/0/1'), 'TFJob ns/job is running.'],
    ['succeeded', ONE_WORKER, pods('Worker', '0/1/0'), 'TFJob ns/job successfully completed.'],
    [
      'failed',
      FOUR_WORKERS,
      pods('Worker', '2/0/2'),
      'TFJob ns/job has failed because 2 Worker replica(s) failed.',
    ],
    [
      'failed for good under ExitCode',
      { Worker: BY_EXIT_CODE },
      pods('Worker', '1/0/0'),
      'job "job" is failing because "Worker" replica(s) failed.',
    ],
    [
      'restarting',
      { Worker: BY_EXIT_CODE },
      pods('Worker', '1/0/0', { exitCode: 137 }),
      'job job is restarting because Worker replica(s) failed.',
    ],
  ])('are the documented ones: %s', (_name, replicas, observed, message) => {
    const { status } = decideFor({ name: '', replicas, pods: observed });
    expect(status.conditions?.[0]?.message).toBe('TFJob job is created.');
    expect(status.conditions?.at(-1)?.message).toBe(message);
  });
});

describe('the list of conditions', () => {
  const sequence = (types: Parameters<typeof withJobCondition>[1]['type'][]): TfJobStatus =>
    types.reduce<TfJobStatus>((status, type, step) => {
      const update = { type, status: 'True', reason: `TFJob${type}`, message: type } as const;
      return withJobCondition(status, update, NOW_MS + step * 60_000);
    }, {});

  test('holds one of Running and Restarting, in its old place at the end', () => {
    const { conditions } = sequence(['Created', 'Running', 'Restarting', 'Running', 'Failed']);
    expect(conditions?.map(({ type, status }) => [type, status])).toEqual([
      ['Created', 'True'],
      ['Running', 'False'],
      ['Failed', 'True'],
    ]);
    // Turned to False, Running keeps its reason and times.
    expect(conditions?.[1]).toMatchObject({ reason: 'TFJobRunning', lastUpdateTime: '2026-01-01T00:03:00Z' });
  });

  test('does not change any more after Failed', () => {
    const failed = sequence(['Created', 'Failed']);
    const update = { type: 'Succeeded', status: 'True', reason: 'r', message: 'm' } as const;
    expect(withJobCondition(failed, update, NOW_MS)).toBe(failed);
  });
});

describe('limits', () => {
  const onFailure = (backoffLimit: number): Omit<Case, 'pods' | 'expected'> => ({
    name: '',
    replicas: { Worker: { replicas: 2, restartPolicy: 'OnFailure' } },
    spec: { runPolicy: { backoffLimit } },
  });
  const running = (restarts: number): ReplicaPod => replica('Worker', 0, { phase: 'Running', restarts });
  const isFailed = ({ status }: Decision): boolean =>
    describeConditions(status.conditions).includes('Failed');

  test.each([
    [0, 0, false],
    [0, 1, true],
    [1, 1, true],
    [3, 2, false],
    [3, 3, true],
  ])('limit %i with %i restarts in place: exceeded %s', (limit, restarts, exceeded) => {
    const decision = decideFor({ ...onFailure(limit), pods: [running(restarts)] });
    expect(isFailed(decision)).toBe(exceeded);
  });

  test('restarts under policy Never do not count', () => {
    const job = { ...onFailure(1), replicas: { Worker: { restartPolicy: 'Never' } }, pods: [running(5)] };
    expect(isFailed(decideFor(job))).toBe(false);
  });

  test.each([
    [0, 0, true],
    [1, 0, false],
    [1, 1, true],
    [2, 1, false],
  ])('limit %i after %i replacements: one more exceeds it %s', (limit, replaced, exceeded) => {
    const job = storedJob({ Worker: BY_EXIT_CODE }, { spec: { runPolicy: { backoffLimit: limit } } });
    if (replaced > 0) job.metadata.annotations = { 'katydid.dev/recreations': `{"worker-0":${replaced}}` };
    const failed = replica('Worker', 0, { phase: 'Failed', exitCode: 137, recreation: replaced });
    const decision = decide({ job, spec: specOf(job), pods: [failed], nowMs: NOW_MS });
    expect(isFailed(decision)).toBe(exceeded);
  });

  test('a replacement that was counted is not counted again while its pod is going', () => {
    const job = storedJob({ Worker: BY_EXIT_CODE }, { spec: { runPolicy: { backoffLimit: 1 } } });
    job.metadata.annotations = { 'katydid.dev/recreations': '{"worker-0":1}' };
    const going = replica('Worker', 0, { phase: 'Failed', exitCode: 137 });
    const decision = decide({ job, spec: specOf(job), pods: [going], nowMs: NOW_MS });
    expect(isFailed(decision)).toBe(false);
    expect(decision.recreations).toEqual({ 'worker-0': 1 });
  });

  test.each([
    [0, true],
    [2, false],
  ])('a deadline of %i seconds has passed at the start: %s', (activeDeadlineSeconds, passed) => {
    const decision = decideFor({
      ...{ name: '', replicas: ONE_WORKER, pods: pods('Worker', '0/0/1') },
      spec: { runPolicy: { activeDeadlineSeconds } },
    });
    expect(isFailed(decision)).toBe(passed);
    if (!passed) expect(decision.wakeAtMs).toBe(NOW_MS + 2_000);
  });
});

describe('time to live', () => {
  const finished = (completionTime: string): TfJobStatus => ({
    conditions: [{ type: 'Succeeded', status: 'True' }],
    completionTime,
  });
  const decideWith = (ttl: number | undefined, status: TfJobStatus, suspend = false): Decision => {
    const runPolicy = { suspend, ...(ttl !== undefined && { ttlSecondsAfterFinished: ttl }) };
    return decideFor({ name: '', replicas: ONE_WORKER, spec: { runPolicy }, pods: [] }, status);
  };

  test.each<[string, number | undefined, TfJobStatus, boolean]>([
    ['no limit', undefined, finished('2025-12-31T00:00:00Z'), false],
    ['180 s, finished yesterday', 180, finished('2025-12-31T00:00:00Z'), true],
    ['0 s, finished now', 0, finished('2026-01-01T00:00:00Z'), true],
    ['10 s, finished now', 10, finished('2026-01-01T00:00:00Z'), false],
    ['10 s, running', 10, {}, false],
  ])('%s', (_name, ttl, status, expired) => {
    expect(decideWith(ttl, status).isExpired).toBe(expired);
  });

  test('is not for suspended jobs', () => {
    expect(decideWith(10, {}, true)).toMatchObject({ isExpired: false, wakeAtMs: undefined });
  });

  test('begins now where somebody ended the job without saying when', () => {
    const decision = decideWith(10, { conditions: [{ type: 'Failed', status: 'True' }] });
    expect(decision.status.completionTime).toBe('2026-01-01T00:00:00Z');
    expect(decision.wakeAtMs).toBe(NOW_MS + 10_000);
  });
});

test('a resumed job waits until the pods of its suspension are gone', () => {
  const suspended: TfJobStatus = {
    conditions: [{ type: 'Suspended', status: 'True', reason: 'TFJobSuspended' }],
  };
  const going = [replica('Worker', 0, { phase: 'Running', isBeingDeleted: true })];
  const waiting = decideFor({ name: '', replicas: ONE_WORKER, pods: going }, suspended);
  expect(waiting.pods.mode).toBe('none');
  expect(describeConditions(waiting.status.conditions)).toEqual(['Suspended']);
  const resumed = decideFor({ name: '', replicas: ONE_WORKER, pods: [] }, suspended);
  expect(resumed.pods.mode).toBe('run');
  expect(describeConditions(resumed.status.conditions)).toEqual(['Suspended=False']);
});

describe('kubeflow.org/v1beta2', () => {
  test.each<[number | undefined, string]>([
    [130, 'Restarting'],
    [137, 'Restarting'],
    [138, 'Restarting'],
    [143, 'Restarting'],
    [128, 'Failed'],
    [139, 'Failed'],
    [255, 'Failed'],
    [undefined, 'Failed'],
  ])('under ExitCode, %s means %s', (exitCode, expected) => {
    const job = storedJob({ Worker: BY_EXIT_CODE }, { apiVersion: 'kubeflow.org/v1beta2' });
    const failed = replica('Worker', 0, { phase: 'Failed', ...(exitCode !== undefined && { exitCode }) });
    const { status } = decide({ job, spec: specOf(job), pods: [failed], nowMs: NOW_MS });
    expect(describeConditions(status.conditions)).toEqual([expected]);
  });

  test('a pod that failed as a whole is not replaced under OnFailure', () => {
    const replicas = { Worker: { restartPolicy: 'OnFailure' } };
    const job = storedJob(replicas, { apiVersion: 'kubeflow.org/v1beta2' });
    const failed = replica('Worker', 0, { phase: 'Failed' });
    const { status } = decide({ job, spec: specOf(job), pods: [failed], nowMs: NOW_MS });
    expect(describeConditions(status.conditions)).toEqual(['Failed']);
  });
});

test.each([128, 129, 130, 137, 138, 139, 143, 255])(
  'exit code %i is worth another attempt in v1',
  (exitCode) => {
    const failed = [replica('Worker', 0, { phase: 'Failed', exitCode })];
    const { status } = decideFor({ name: '', replicas: { Worker: BY_EXIT_CODE }, pods: failed });
    expect(describeConditions(status.conditions)).toEqual(['Restarting']);
  },
);

test.each([1, 2, 3, 126, 127])('exit code %i is not', (exitCode) => {
  const failed = [replica('Worker', 0, { phase: 'Failed', exitCode })];
  const { status } = decideFor({ name: '', replicas: { Worker: BY_EXIT_CODE }, pods: failed });
  expect(describeConditions(status.conditions)).toEqual(['Failed']);
});
