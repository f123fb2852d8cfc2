import { describe, expect, it } from 'vitest';
import { createTrialKeeper } from '../../controller/kept-trial.ts';
import { jobCacheOf } from '../../controller/trial/context.ts';
import { nextStep } from '../../controller/trial/plan.ts';
import { trialFacts } from '../../controller/trial-facts.ts';
import { JOBS } from '../../kube/resource.ts';
import { condition, NOW, NOW_MS, trial } from '../support/experiment-objects.ts';

const finished = (index: number, state = 'Succeeded'): ReturnType<typeof trial> =>
  trial({
    index,
    spec: { retainRun: true, successCondition: 'status.done', failureCondition: 'status.failed' },
    status: {
      completionTime: NOW,
      conditions: [condition('Created'), condition(state)],
      observation: { metrics: [{ name: 'loss', min: '1', max: '1', latest: '1' }] },
    },
  });

describe('what is kept of a trial', () => {
  it.each(['Pending', 'Running', 'Killed'] as const)(
    'is all of it while its end is not settled: %s',
    (state) => {
      const own = trial({ index: 0, state });
      expect(createTrialKeeper()(own)).toBe(own);
    },
  );

  it('is little of the job once it has finished', () => {
    const own = finished(0);
    const kept = createTrialKeeper()(own);
    expect(kept.spec.runSpec).toEqual({ apiVersion: 'batch/v1', kind: 'Job' });
    expect(JSON.stringify(kept).length).toBeLessThan(JSON.stringify(own).length);
  });

  it('is enough to decide about it as before', () => {
    const own = finished(0);
    const kept = createTrialKeeper()(own);
    expect(trialFacts(kept)).toEqual(trialFacts(own));
    expect(kept.status?.observation).toEqual(own.status?.observation);
    expect(kept.status?.conditions?.map(({ type }) => type)).toEqual(['Succeeded']);
    const jobs = [{ resource: JOBS }] as never;
    expect(jobCacheOf({ jobs } as never, kept)?.resource).toBe(JOBS);
    const job = { ...own, kind: 'Job', status: { done: {} } };
    expect(nextStep({ trial: kept, job, nowMs: NOW_MS })).toEqual(
      nextStep({ trial: own, job, nowMs: NOW_MS }),
    );
  });

  it('is where it was stopped, and why in the condition', () => {
    const own = finished(0, 'EarlyStopped');
    const record = { rule: 'asha', metric: 'loss', step: 3, value: '2', peers: 4, reason: 'Why.', time: NOW };
    const kept = createTrialKeeper()({ ...own, status: { ...own.status, earlyStopping: record } });
    expect(kept.status?.earlyStopping).toEqual({ ...record, reason: '' });
    expect(createTrialKeeper()(own).status).not.toHaveProperty('earlyStopping');
  });

  it('shares what trials have in common', () => {
    const keep = createTrialKeeper();
    const [first, second] = [keep(finished(0)), keep(finished(1))];
    expect(second.spec.objective).toBe(first.spec.objective);
    expect(second.metadata.labels).toBe(first.metadata.labels);
    expect(second.spec.runSpec).toBe(first.spec.runSpec);
    expect(second.spec.parameterAssignments).not.toBe(first.spec.parameterAssignments);
  });
});
