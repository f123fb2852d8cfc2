import { describe, expect, test } from 'vitest';
import type { Attempt, BatchJobStatus } from '../../../operators/batch-job/types.ts';
import { attempt, type AttemptState, decideFor, describeConditions, NOW_MS, storedJob } from './fixtures.ts';

const running: AttemptState = { phase: 'Running' };
const succeeded: AttemptState = { phase: 'Succeeded' };
const failed: AttemptState = { phase: 'Failed' };

function attempts(...states: AttemptState[]): Attempt[] {
  return states.map((state, number) => attempt(number, state));
}

interface Case {
  name: string;
  spec?: Record<string, unknown>;
  status?: BatchJobStatus;
  pods: AttemptState[];
  conditions?: string[];
  counts?: Partial<Pick<BatchJobStatus, 'active' | 'succeeded' | 'failed' | 'terminating'>>;
  /** Numbers of the pods that are started. */
  start?: number[];
  stop?: number[];
}

const onFailure = {
  template: { spec: { restartPolicy: 'OnFailure', containers: [{ name: 'train', image: 'i' }] } },
};

const CASES: Case[] = [
  { name: 'a new job starts one pod', pods: [], start: [0] },
  { name: 'a pod runs', pods: [running], counts: { active: 1 } },
  { name: 'a pending pod is active', pods: [{ phase: 'Pending' }], counts: { active: 1 } },
  {
    name: 'the pod succeeded',
    pods: [succeeded],
    counts: { succeeded: 1 },
    conditions: ['Complete CompletionsReached'],
  },
  { name: 'the pod failed some time ago', pods: [failed], counts: { failed: 1 }, start: [1] },
  {
    name: 'the limit of failures is six',
    pods: [failed, failed, failed, failed, failed, failed],
    counts: { failed: 6 },
    start: [6],
  },
  {
    name: 'the seventh failure is too many',
    pods: [failed, failed, failed, failed, failed, failed, failed],
    counts: { failed: 7 },
    conditions: ['Failed BackoffLimitExceeded'],
  },
  {
    name: 'no failure is allowed',
    spec: { backoffLimit: 0 },
    pods: [failed],
    counts: { failed: 1 },
    conditions: ['Failed BackoffLimitExceeded'],
  },
  {
    name: 'parallel pods start together',
    spec: { completions: 5, parallelism: 3 },
    pods: [],
    start: [0, 1, 2],
  },
  {
    name: 'no more pods start than completions are missing',
    spec: { completions: 4, parallelism: 3 },
    pods: [succeeded, succeeded, running],
    counts: { active: 1, succeeded: 2 },
    start: [3],
  },
  {
    name: 'fewer parallel pods are wanted: the youngest go',
    spec: { completions: 9, parallelism: 1 },
    pods: [running, running, running],
    counts: { active: 1 },
    stop: [2, 1],
  },
  { name: 'a paused job starts nothing', spec: { parallelism: 0, completions: 1 }, pods: [] },
  {
    name: 'a work queue goes on while no pod has succeeded',
    spec: { parallelism: 2 },
    pods: [running],
    counts: { active: 1 },
    start: [1],
  },
  {
    name: 'a work queue starts nothing after the first success',
    spec: { parallelism: 2 },
    pods: [succeeded, running],
    counts: { active: 1, succeeded: 1 },
  },
  {
    name: 'a work queue is done when the others have ended too',
    spec: { parallelism: 2 },
    pods: [succeeded, succeeded],
    counts: { succeeded: 2 },
    conditions: ['Complete CompletionsReached'],
  },
  {
    name: 'a pod that somebody deletes has failed and is replaced',
    pods: [{ phase: 'Running', isBeingDeleted: true }],
    counts: { failed: 1 },
    start: [1],
  },
  {
    name: 'a pod that is only on its way out is waited for on request',
    spec: { podReplacementPolicy: 'Failed' },
    pods: [{ phase: 'Running', isBeingDeleted: true }],
    counts: { terminating: 1 },
  },
  {
    name: 'a failed pod that is gone still counts',
    status: { failed: 2, startTime: '2026-01-01T00:00:00Z' },
    pods: [],
    counts: { failed: 2 },
    start: [2],
  },
  {
    name: 'an active pod that is gone has failed',
    status: { active: 1, startTime: '2026-01-01T00:00:00Z' },
    pods: [],
    counts: { failed: 1 },
    start: [1],
  },
  {
    name: 'a succeeded pod that is gone still counts',
    spec: { completions: 2 },
    status: { succeeded: 1, startTime: '2026-01-01T00:00:00Z' },
    pods: [],
    counts: { succeeded: 1 },
    start: [1],
  },
  {
    name: 'restarts in place count under OnFailure',
    spec: { ...onFailure, backoffLimit: 3 },
    pods: [{ phase: 'Running', restarts: 3 }],
    conditions: ['Failed BackoffLimitExceeded'],
    stop: [0],
  },
  {
    name: 'fewer restarts do not end the job',
    spec: { ...onFailure, backoffLimit: 3 },
    pods: [{ phase: 'Running', restarts: 2 }],
    counts: { active: 1 },
  },
  {
    name: 'the deadline has passed',
    spec: { activeDeadlineSeconds: 60 },
    status: { active: 1, startTime: '2025-12-31T23:59:00Z' },
    pods: [running],
    conditions: ['Failed DeadlineExceeded'],
    stop: [0],
  },
  {
    name: 'what the node refuses is not repeated',
    pods: [{ phase: 'Failed', reason: 'LOCAL_NO_COMMAND' }],
    counts: { failed: 1 },
    conditions: ['Failed LOCAL_NO_COMMAND'],
  },
  {
    name: 'a port that was taken may be free next time',
    pods: [{ phase: 'Failed', reason: 'LOCAL_PORT_IN_USE' }],
    counts: { failed: 1 },
    start: [1],
  },
];

test.each(CASES)('$name', ({ spec, status, pods, conditions = [], counts = {}, start = [], stop = [] }) => {
  const decision = decideFor(storedJob(spec, status), attempts(...pods));
  expect(describeConditions(decision)).toEqual(conditions);
  const { active, succeeded: successes, failed: failures, terminating } = decision.status;
  const found = { active, succeeded: successes, failed: failures, terminating };
  expect(Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined))).toEqual(
    counts,
  );
  expect(decision.start.map(({ number }) => number)).toEqual(start);
  expect(decision.stop.map(({ number }) => number)).toEqual(stop);
  expect(decision.status.completionTime !== undefined).toBe(conditions[0]?.startsWith('Complete') ?? false);
});

describe('the wait before a failed pod is replaced', () => {
  test.each([
    ['after one failure', [5], 5_000],
    ['doubles with the second', [40, 5], 15_000],
    ['doubles with the third', [100, 40, 5], 35_000],
    ['ends at six minutes', Array.from({ length: 12 }, () => 0), 360_000],
  ])('%s', (_name, endedAgo, waitMs) => {
    const pods = attempts(...endedAgo.map((ago): AttemptState => ({ phase: 'Failed', endedAgo: ago })));
    const decision = decideFor(storedJob({ backoffLimit: 100 }), pods);
    expect(decision.start).toEqual([]);
    expect(decision.wakeAtMs).toBe(NOW_MS + waitMs);
  });

  test('begins anew after a success', () => {
    const pods = attempts(
      { phase: 'Failed', endedAgo: 100 },
      { phase: 'Failed', endedAgo: 90 },
      { phase: 'Succeeded', endedAgo: 50 },
      { phase: 'Failed', endedAgo: 4 },
    );
    expect(decideFor(storedJob({ completions: 2 }), pods).wakeAtMs).toBe(NOW_MS + 6_000);
  });

  test('does not hide the deadline', () => {
    const job = storedJob({ activeDeadlineSeconds: 3 });
    expect(decideFor(job, attempts({ phase: 'Failed', endedAgo: 1 })).wakeAtMs).toBe(NOW_MS + 3_000);
  });
});

describe('the policy for failed pods', () => {
  const policy = (...rules: object[]): object => ({ podFailurePolicy: { rules } });
  const onCode = (action: string, values: number[], more: object = {}): object => ({
    action,
    onExitCodes: { operator: 'In', values, ...more },
  });

  test('ends the job at once and says by which rule', () => {
    const spec = policy(onCode('Ignore', [99]), onCode('FailJob', [3]));
    const decision = decideFor(storedJob({ ...spec }), attempts({ phase: 'Failed', exitCode: 3 }));
    expect(describeConditions(decision)).toEqual(['Failed PodFailurePolicy']);
    expect(decision.status.conditions?.[0]?.message).toBe(
      'Container train for pod ns/job-0 failed with exit code 3 matching FailJob rule at index 1',
    );
  });

  test.each<[string, object, AttemptState, number | undefined]>([
    ['ignores a code', onCode('Ignore', [99]), { phase: 'Failed', exitCode: 99 }, undefined],
    ['counts other codes', onCode('Ignore', [99]), { phase: 'Failed', exitCode: 1 }, 1],
    [
      'ignores codes that are not in a list',
      onCode('Ignore', [1], { operator: 'NotIn' }),
      { phase: 'Failed', exitCode: 99 },
      undefined,
    ],
    [
      'looks at one container only where it is told so',
      onCode('Ignore', [99], { containerName: 'other' }),
      { phase: 'Failed', exitCode: 99 },
      1,
    ],
    [
      'ignores pods that a disruption ended',
      { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget' }] },
      { phase: 'Failed', conditions: [{ type: 'DisruptionTarget', status: 'True' }] },
      undefined,
    ],
    ['takes the first rule that matches', onCode('Count', [99]), { phase: 'Failed', exitCode: 99 }, 1],
  ])('%s', (_name, rule, state, failures) => {
    const spec = policy(rule, onCode('Ignore', [], { operator: 'In', values: [99], containerName: 'none' }));
    const decision = decideFor(storedJob({ ...spec, backoffLimit: 1 }), attempts(state));
    expect(decision.status.failed).toBe(failures);
    expect([...decision.uncounted]).toEqual(failures === undefined ? [0] : []);
    expect(decision.start.map(({ number }) => number)).toEqual([1]);
  });
});

describe('suspending', () => {
  test('stops active pods, which are then no failures', () => {
    const job = storedJob({ suspend: true }, { active: 1, failed: 1, startTime: '2026-01-01T00:00:00Z' });
    const decision = decideFor(job, attempts(failed, running));
    expect(describeConditions(decision)).toEqual(['Suspended JobSuspended']);
    expect(decision.stop.map(({ number }) => number)).toEqual([1]);
    expect(decision.status).toMatchObject({ failed: 1 });
    expect(decision.status.active).toBeUndefined();
    expect([...decision.uncounted]).toEqual([1]);
  });

  test('ends with a new start time, and the stopped pods are still no failures when they are gone', () => {
    const job = storedJob(
      { backoffLimit: 0 },
      {
        startTime: '2025-12-31T00:00:00Z',
        conditions: [
          {
            ...{ type: 'Suspended', status: 'True', reason: 'JobSuspended', message: '' },
            ...{ lastProbeTime: '2026-01-01T00:00:00Z', lastTransitionTime: '2026-01-01T00:00:00Z' },
          },
        ],
      },
    );
    job.metadata.annotations = { 'katydid.dev/uncounted-attempts': '[0]' };
    const decision = decideFor(job, []);
    expect(describeConditions(decision)).toEqual(['Suspended=False JobResumed']);
    expect(decision.status.startTime).toBe('2026-01-01T00:00:00Z');
    expect(decision.status.failed).toBeUndefined();
    expect(decision.start.map(({ number }) => number)).toEqual([1]);
  });
});

describe('an indexed job', () => {
  const spec = { completionMode: 'Indexed', completions: 4, parallelism: 2 };

  test('starts a pod per index, the smallest first', () => {
    expect(decideFor(storedJob(spec), []).start).toEqual([
      { number: 0, completionIndex: 0 },
      { number: 1, completionIndex: 1 },
    ]);
  });

  test('repeats failed indexes and does not repeat those that are done', () => {
    const pods = [
      attempt(0, { phase: 'Succeeded', completionIndex: 0 }),
      attempt(1, { phase: 'Failed', completionIndex: 1 }),
      attempt(2, { phase: 'Running', completionIndex: 2 }),
    ];
    const decision = decideFor(storedJob(spec), pods);
    expect(decision.start).toEqual([{ number: 3, completionIndex: 1 }]);
    expect(decision.status).toMatchObject({ active: 1, succeeded: 1, failed: 1, completedIndexes: '0' });
  });

  test('remembers the indexes that are done when their pods are gone', () => {
    const job = storedJob(spec, { succeeded: 3, completedIndexes: '0-2', startTime: '2026-01-01T00:00:00Z' });
    expect(decideFor(job, []).start).toEqual([{ number: 3, completionIndex: 3 }]);
  });

  test('is complete when every index is done', () => {
    const pods = [0, 1, 2, 3].map((index) => attempt(index, { phase: 'Succeeded', completionIndex: index }));
    const decision = decideFor(storedJob(spec), pods);
    expect(describeConditions(decision)).toEqual(['Complete CompletionsReached']);
    expect(decision.status.completedIndexes).toBe('0-3');
  });
});

describe('time to live', () => {
  const ended = (type: 'Complete' | 'Failed'): BatchJobStatus => ({
    conditions: [
      {
        ...{ type, status: 'True', reason: 'r', message: 'm' },
        ...{ lastProbeTime: '2025-12-31T23:59:00Z', lastTransitionTime: '2025-12-31T23:59:00Z' },
      },
    ],
    ...(type === 'Complete' && { completionTime: '2025-12-31T23:59:00Z' }),
  });

  test.each([
    ['Complete', 30, true],
    ['Complete', 90, false],
    ['Failed', 30, true],
    ['Failed', 90, false],
  ] as const)(
    '%s a minute ago, kept for %i seconds: expired %s',
    (type, ttlSecondsAfterFinished, expired) => {
      expect(decideFor(storedJob({ ttlSecondsAfterFinished }, ended(type)), []).isExpired).toBe(expired);
    },
  );
});

test.each(CASES)('$name: deciding again changes nothing', ({ spec, status, pods }) => {
  const job = storedJob(spec, status);
  const first = decideFor(job, attempts(...pods));
  const uncounted = JSON.stringify([...first.uncounted]);
  const after = { ...job, status: first.status };
  after.metadata = { ...job.metadata, annotations: { 'katydid.dev/uncounted-attempts': uncounted } };
  const second = decideFor(after, attempts(...pods));
  expect(second.status).toEqual(first.status);
  expect(second.events).toEqual([]);
});
