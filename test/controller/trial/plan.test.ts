import { describe, expect, it } from 'vitest';
import type { KubeObject, Stored } from '../../../core/kubernetes-object.ts';
import type { StoredTrial } from '../../../core/trial.ts';
import { nextStep, STOP_GRACE_MS, type TrialStep } from '../../../controller/trial/plan.ts';
import { RETRY_DELAYS_MS } from '../../../controller/trial/retry.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import {
  condition,
  NOW,
  NOW_MS,
  STOPPING_RECORD,
  trial,
  type TrialFixture,
} from '../../support/experiment-objects.ts';

const CONDITIONS = {
  successCondition: 'status.conditions.#(type=="Complete")#|#(status=="True")#',
  failureCondition: 'status.conditions.#(type=="Failed")#|#(status=="True")#',
};

function job(type?: 'Complete' | 'Failed', leaving = false): Stored<KubeObject> {
  const status = { conditions: type ? [{ type, status: 'True', reason: 'R', message: 'M' }] : [] };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: 'exp-0',
      uid: 'uid-job',
      resourceVersion: '1',
      creationTimestamp: NOW,
      ...(leaving && { deletionTimestamp: NOW }),
    },
    ...{ status },
  };
}

function subject(fixture: Partial<TrialFixture>): StoredTrial {
  return trial({ index: 0, ...fixture, spec: { ...CONDITIONS, ...fixture.spec } });
}

const done = (state: string): NonNullable<TrialFixture['status']> => ({
  completionTime: NOW,
  conditions: [condition('Running', 'False'), condition(state)],
});
const retried = (time: string, jobUid = 'uid-job'): Partial<TrialFixture> => ({
  status: {
    conditions: [condition('Running')],
    retries: [{ jobUid, code: 'TRIAL_EVICTED', message: 'The node went away.', time }],
  },
});
const deleted = { deletionTimestamp: NOW };

describe('nextStep', () => {
  it.each<[string, StoredTrial, Stored<KubeObject> | undefined, TrialStep]>([
    ['a new trial gets its job', subject({}), undefined, { type: 'createJob' }],
    [
      'a trial made by somebody else gets the finalizer first',
      subject({ meta: { finalizers: [] } }),
      undefined,
      { type: 'addFinalizer' },
    ],
    ['a job that is there makes it running', subject({}), job(), { type: 'markRunning' }],
    ['a running one goes on', subject({ state: 'Running' }), job(), { type: 'nothing' }],
    ['a lost job is made again', subject({ state: 'Running' }), undefined, { type: 'createJob' }],
    ['a job that is going is waited for', subject({}), job(undefined, true), { type: 'nothing' }],
    [
      'a finished job is a result',
      subject({ state: 'Running' }),
      job('Complete'),
      { type: 'conclude', jobUid: 'uid-job', outcome: { state: 'succeeded', reason: 'R', message: 'M' } },
    ],
    [
      'a failed job too',
      subject({ state: 'Running' }),
      job('Failed'),
      { type: 'conclude', jobUid: 'uid-job', outcome: { state: 'failed', reason: 'R', message: 'M' } },
    ],
    [
      'a job that finished unseen too',
      subject({}),
      job('Complete'),
      { type: 'conclude', jobUid: 'uid-job', outcome: { state: 'succeeded', reason: 'R', message: 'M' } },
    ],
    [
      'a done trial lets its job go',
      subject({ status: done('Succeeded') }),
      job('Complete'),
      { type: 'deleteJob' },
    ],
    ['a failed trial too', subject({ status: done('Failed') }), job('Failed'), { type: 'deleteJob' }],
    [
      'a retained job stays',
      subject({ status: done('Succeeded'), spec: { retainRun: true } }),
      job('Complete'),
      { type: 'nothing' },
    ],
    [
      'a job is deleted once',
      subject({ status: done('Succeeded') }),
      job('Complete', true),
      { type: 'nothing' },
    ],
    [
      'the job of a done trial is never made again',
      subject({ status: done('MetricsUnavailable') }),
      undefined,
      { type: 'nothing' },
    ],
    [
      'a job that the infrastructure ended stays for a while',
      subject(retried(NOW)),
      job('Failed'),
      { type: 'wait', ms: RETRY_DELAYS_MS[0] ?? 0 },
    ],
    [
      'a job that the infrastructure ended makes room for the next',
      subject(retried('2026-01-01T11:00:00Z')),
      job('Failed'),
      { type: 'deleteJob' },
    ],
    [
      'a job that makes room is deleted once',
      subject(retried('2026-01-01T11:00:00Z')),
      job('Failed', true),
      { type: 'nothing' },
    ],
    [
      'the next job is made when the one that the infrastructure ended is gone',
      subject(retried('2026-01-01T11:00:00Z')),
      undefined,
      { type: 'createJob' },
    ],
    [
      'the next job is judged by itself',
      subject(retried('2026-01-01T11:00:00Z', 'uid-earlier')),
      job('Complete'),
      { type: 'conclude', jobUid: 'uid-job', outcome: { state: 'succeeded', reason: 'R', message: 'M' } },
    ],
    [
      'a wrong clock makes no attempt wait longer',
      subject(retried('2026-01-01T13:00:00Z')),
      job('Failed'),
      { type: 'wait', ms: RETRY_DELAYS_MS[0] ?? 0 },
    ],
    ['a stopped trial has its job ended', subject({ state: 'EarlyStopped' }), job(), { type: 'deleteJob' }],
    [
      'a stopped trial keeps its metrics before the job goes',
      subject({ state: 'EarlyStopped' }),
      job('Complete'),
      { type: 'closeStopped' },
    ],
    [
      'a stopped trial keeps its metrics after the job is gone',
      subject({ state: 'EarlyStopped' }),
      undefined,
      { type: 'closeStopped' },
    ],
    [
      'a failed job does not fail a stopped trial',
      subject({ state: 'EarlyStopped' }),
      job('Failed'),
      { type: 'closeStopped' },
    ],
    [
      'a stopped trial that retains its job lets it end',
      subject({ state: 'EarlyStopped', spec: { retainRun: true } }),
      job(),
      { type: 'wait', ms: STOP_GRACE_MS },
    ],
    [
      'a trial that an early stopper ended here has nobody who ends its retained job',
      subject({
        spec: { retainRun: true },
        status: {
          conditions: [condition('EarlyStopped')],
          earlyStopping: STOPPING_RECORD,
        },
      }),
      job(),
      { type: 'deleteJob' },
    ],
    ['a deleted trial lets its job go first', subject({ meta: deleted }), job(), { type: 'deleteJob' }],
    [
      'a deleted trial waits for its job',
      subject({ meta: deleted }),
      job(undefined, true),
      { type: 'wait', ms: STOP_GRACE_MS },
    ],
    ['a deleted trial goes when its job is gone', subject({ meta: deleted }), undefined, { type: 'release' }],
    [
      'a released trial is left alone',
      subject({ meta: { ...deleted, finalizers: [] } }),
      undefined,
      { type: 'nothing' },
    ],
  ])('%s', (_, own, ownJob, step) =>
    expect(nextStep({ trial: own, job: ownJob, nowMs: NOW_MS })).toEqual(step),
  );

  it('waits for no job longer than the grace', () => {
    const later = NOW_MS + STOP_GRACE_MS;
    const stopped = subject({ state: 'EarlyStopped', spec: { retainRun: true } });
    expect(nextStep({ trial: stopped, job: job(), nowMs: later })).toEqual({ type: 'deleteJob' });
    expect(nextStep({ trial: subject({ meta: deleted }), job: job(undefined, true), nowMs: later })).toEqual({
      type: 'release',
    });
  });

  it('waits no longer where the clock was set back', () => {
    const early = NOW_MS - 3_600_000;
    const stopped = subject({ state: 'EarlyStopped', spec: { retainRun: true } });
    expect(nextStep({ trial: stopped, job: job(), nowMs: early })).toEqual({
      type: 'wait',
      ms: STOP_GRACE_MS,
    });
  });
});

describe('waits of a trial while the clock is set, or the service is stopped', () => {
  const HOUR_MS = 3_600_000;
  const [, delayMs = 0] = RETRY_DELAYS_MS;
  const written = (clock: FakeClock): string => new Date(clock.now()).toISOString();
  const leftOf = (step: TrialStep): number => (step.type === 'wait' ? step.ms : 0);

  it.each<[string, (clock: FakeClock) => unknown]>([
    ['nothing happens', () => undefined],
    ['it is set forward', (clock) => clock.set(HOUR_MS)],
    ['it is set back', (clock) => clock.set(-HOUR_MS)],
    ['it is stopped', (clock) => clock.standStill(HOUR_MS)],
  ])('are as long as ever when %s', async (_, turn) => {
    const clock = new FakeClock();
    const retries = ['one', 'uid-job'].map((jobUid) => ({
      jobUid,
      code: 'TRIAL_EVICTED',
      message: '',
      time: written(clock),
    }));
    const waiting = subject({ status: { conditions: [condition('Running')], retries } });
    const killed = subject({ state: 'Killed', spec: { retainRun: true } });
    for (const each of killed.status?.conditions ?? []) each.lastTransitionTime = written(clock);
    const leftMs = (subjects: StoredTrial): number =>
      leftOf(
        nextStep({
          trial: subjects,
          job: job(),
          nowMs: clock.now(),
          momentOf: (timeMs) => clock.momentOf(timeMs),
        }),
      );
    await clock.advance(4_000);
    await turn(clock);
    clock.now();
    await clock.advance(1_000);
    expect(leftMs(waiting)).toBe(delayMs - 5_000);
    expect(leftMs(killed)).toBe(STOP_GRACE_MS - 5_000);
    await clock.advance(30_000);
    expect([leftMs(waiting), leftMs(killed)]).toEqual([0, 0]);
  });
});
