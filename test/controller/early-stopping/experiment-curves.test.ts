import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ExperimentCurves } from '../../../controller/early-stopping/experiment-curves.ts';
import { SpecError } from '../../../core/errors.ts';
import { silentLogger } from '../../../core/logger.ts';
import type { Observation } from '../../../core/observation.ts';
import type { TrialStatus } from '../../../core/trial.ts';
import type { ObservationStore } from '../../../db/observation-store.ts';
import { openSqliteObservationStore } from '../../../db/sqlite/sqlite-observation-store.ts';
import type { StoppingDecision } from '../../../suggestion/early-stopping.ts';
import { experiment, NOW, trial } from '../../support/experiment-objects.ts';

const MEDIAN = {
  algorithmName: 'medianstop',
  algorithmSettings: [
    { name: 'min_trials_required', value: '1' },
    { name: 'start_step', value: '1' },
  ],
};

let store: ObservationStore;
let curves: ExperimentCurves;
beforeEach(() => {
  store = openSqliteObservationStore({ path: ':memory:', logger: silentLogger });
  curves = newCurves();
});
afterEach(() => store.close());

const newCurves = (): ExperimentCurves => new ExperimentCurves(experiment({ earlyStopping: MEDIAN }), store);
const trialWith = (index: number, status?: TrialStatus): ReturnType<typeof trial> =>
  trial({ index, state: 'Running', ...(status && { status }) });

function batchOf(first: number, ...losses: number[]): Observation[] {
  return losses.map((value, at) => ({
    metric: 'loss',
    value,
    step: first + at,
    timeMs: first + at,
    sequence: first + at,
  }));
}

/** Stores as a collector does, then tells. */
async function report(
  index: number,
  observations: Observation[],
  { status, source = 'p/training' }: { status?: TrialStatus; source?: string } = {},
): Promise<StoppingDecision | null> {
  const reporter = { trialUid: `uid-exp-${index}`, source };
  await store.report(reporter, observations);
  return curves.take(trialWith(index, status), { ...reporter, observations });
}

describe('the curves of an experiment', () => {
  it('decide at the report that shows it', async () => {
    await report(0, batchOf(1, 1, 1, 1));
    for (const index of [1, 2]) expect(await report(index, batchOf(1, 1))).toBeNull();
    expect(await report(3, [])).toBeNull();
    expect(await report(3, batchOf(1, 1, 5, 0))).toBeNull();
    expect(await report(4, batchOf(1, 5, 0))).toMatchObject({ stop: true, step: 1, threshold: 1, peers: 4 });
  });

  it('count what comes twice once', async () => {
    const without = (first: number, loss: number): Observation[] =>
      batchOf(first, loss).map((observation) => ({ ...observation, step: null }));
    await report(0, without(1, 1));
    await report(0, without(1, 1));
    await report(1, without(1, 1));
    await report(1, without(2, 0));
    await report(2, without(1, 1));
    // Nobody but exp-1 has reported twice.
    expect(await report(2, without(2, 9))).toMatchObject({ step: 2, peers: 1, threshold: 0.5 });
  });

  it('leave other metrics alone', async () => {
    await report(0, batchOf(1, 1, 1));
    await report(1, batchOf(1, 1));
    const other = batchOf(2, 99).map((observation) => ({ ...observation, metric: 'accuracy' }));
    expect(await report(1, other)).toBeNull();
    expect(await report(1, batchOf(3, 1))).toBeNull();
  });

  it('are the same when they are read anew', async () => {
    await report(0, batchOf(1, 3, 3, 3));
    await report(1, batchOf(1, 1, 1, 1));
    const probe = batchOf(3, 4);
    const before = await report(2, probe);
    curves = newCurves();
    for (const index of [0, 1]) await curves.read(trialWith(index));
    expect(await report(2, probe)).toEqual(before);
    expect(before).toMatchObject({ stop: true, peers: 2, threshold: 2 });
  });

  it('know nothing of earlier jobs of a trial that was started over', async () => {
    await report(0, batchOf(1, 1));
    await report(0, batchOf(2, 1));
    await store.discardTrial('uid-exp-0');
    const retries = [{ jobUid: 'j', code: 'C', message: '', time: NOW }];
    await report(0, batchOf(1, 7), { status: { retries } });
    expect(await report(1, batchOf(1, 8))).toMatchObject({ threshold: 7, peers: 1 });
    await report(2, batchOf(1, 7));
    expect(await report(2, batchOf(2, 9))).toBeNull();
  });

  it('leave out what a trial reported after it was stopped', async () => {
    await store.report({ trialUid: 'uid-exp-0', source: 'p/training' }, batchOf(1, 1, 1, 1));
    const record = { rule: 'r', metric: 'loss', step: 2, value: '1', peers: 0, reason: '', time: NOW };
    await curves.read(trialWith(0, { earlyStopping: record }));
    // At step 3 nobody is there to compare with.
    expect(await report(1, batchOf(3, 9))).toBeNull();
    expect(await report(2, batchOf(2, 9))).toMatchObject({ stop: true, peers: 1 });
  });

  it('count sources of one trial together', async () => {
    await report(0, batchOf(1, 1, 1), { source: 'a/training' });
    await report(0, batchOf(1, 3, 3), { source: 'b/training' });
    await report(1, batchOf(1, 1));
    expect(await report(1, batchOf(2, 1))).toBeNull();
  });

  it('cannot be judged by a rule that does not exist', () => {
    const unknown = experiment({ earlyStopping: { algorithmName: 'guess' } });
    expect(() => new ExperimentCurves(unknown, store)).toThrow(SpecError);
  });
});
