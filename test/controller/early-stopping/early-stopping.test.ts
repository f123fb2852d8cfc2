import { afterEach, describe, expect, it } from 'vitest';
import type { AlgorithmSpec, ExperimentSpec } from '../../../core/experiment.ts';
import { randomStream } from '../../../core/random.ts';
import { trialState, type EarlyStoppingRecord, type StoredTrial } from '../../../core/trial.ts';
import { STOP_GRACE_MS } from '../../../controller/trial/plan.ts';
import { EVENTS, TRIALS } from '../../../kube/resource.ts';
import { faultyClient } from '../../support/experiment-faults.ts';
import { experimentSpec } from '../../support/experiment-objects.ts';
import { ExperimentWorld } from '../../support/experiment-world.ts';

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

const NEVER = { state: 'Never' } as const;
const MEDIAN: AlgorithmSpec = {
  algorithmName: 'medianstop',
  algorithmSettings: [
    { name: 'min_trials_required', value: '2' },
    { name: 'start_step', value: '2' },
  ],
};
const WORSE_THAN_FIVE: AlgorithmSpec = {
  algorithmName: 'threshold',
  algorithmSettings: [{ name: 'worse_than', value: '5' }],
};

function newWorld(): ExperimentWorld {
  const world = new ExperimentWorld({ endOf: () => NEVER });
  open.push(() => world.close());
  return world;
}

/** Ends the service; may be repeated. */
function start(world: ExperimentWorld): () => Promise<void> {
  const stop = world.start();
  open.push(stop);
  return stop;
}

/** An experiment of which so many trials run, none of which ends by itself. */
async function submit(world: ExperimentWorld, trials: number, spec: Partial<ExperimentSpec>): Promise<void> {
  await world.submit({ maxTrialCount: trials, parallelTrialCount: trials, ...spec });
  await world.until(async () => (await world.experiment()).status?.trialsRunning === trials);
}

async function trialOf(world: ExperimentWorld, index: number): Promise<StoredTrial> {
  return world.client.get(TRIALS, { namespace: 'default', name: `exp-${index}` });
}

/** Reports losses for the steps from 1 on, after those that were reported before. */
async function report(world: ExperimentWorld, index: number, ...losses: number[]): Promise<void> {
  const { uid } = (await trialOf(world, index)).metadata;
  const done = (await world.observations.series(uid, { metric: 'loss' })).length;
  const batch = losses.map((value, at) => ({
    metric: 'loss',
    value,
    step: done + at + 1,
    timeMs: (done + at) * 1_000,
    sequence: done + at,
  }));
  await world.tap.sink.report({ trialUid: uid, source: `exp-${index}/training` }, batch);
}

/** Longer than a decision takes. */
const aWhile = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50));

const isClosed = (world: ExperimentWorld, index: number) => async (): Promise<boolean> =>
  (await trialOf(world, index)).status?.completionTime != null;

describe('a trial that is worse than the others', () => {
  it('is stopped at the step where that shows, with a record, and ends with its metrics', async () => {
    const world = newWorld();
    start(world);
    await submit(world, 3, { earlyStopping: MEDIAN });
    await report(world, 0, 1, 1, 1);
    await report(world, 1, 2, 2, 2);
    await report(world, 2, 4);
    await report(world, 2, 3, 9);
    await world.until(isClosed(world, 2));
    const { status } = await trialOf(world, 2);
    expect(status?.earlyStopping).toEqual({
      rule: 'medianstop',
      metric: 'loss',
      step: 2,
      value: '3',
      threshold: '1.5',
      peers: 2,
      reason: 'loss 3 is worse than 1.5, the median of the running averages of 2 other trials.',
      time: expect.stringMatching(/^2026-.*Z$/) as string,
    });
    expect(
      status?.conditions?.map(({ type, status: is, reason }) => `${type} ${is} ${reason ?? ''}`),
    ).toEqual([
      'Created True TrialCreated',
      'Running False TrialRunning',
      'EarlyStopped True TrialEarlyStopped',
    ]);
    expect(status?.conditions?.at(-1)?.message).toBe(
      'Trial is early stopped at step 2 by medianstop: loss 3 is worse than 1.5, the median of the running averages of 2 other trials.',
    );
    expect(status?.observation?.metrics).toEqual([{ name: 'loss', min: '3', max: '9', latest: '9' }]);
    await world.until(async () => (await world.experiment()).status?.trialsEarlyStopped === 1);
    expect((await world.experiment()).status).toMatchObject({
      trialsRunning: 2,
      earlyStoppedTrialList: ['exp-2'],
    });
    expect((await world.jobs()).map(({ metadata }) => metadata.name).toSorted()).toEqual(['exp-0', 'exp-1']);
    const events = await world.observations.events((await trialOf(world, 2)).metadata.uid);
    expect(events.filter(({ reason }) => reason === 'TrialEarlyStopped')).toHaveLength(1);
    const { items } = await world.client.list(EVENTS, { namespace: 'default' });
    expect(items.map(({ reason }) => reason)).toContain('TrialEarlyStopped');
  });

  it('ends its job at once though jobs are retained', async () => {
    const world = newWorld();
    start(world);
    const trialTemplate = { ...experimentSpec().trialTemplate, retain: true };
    await submit(world, 1, { earlyStopping: WORSE_THAN_FIVE, trialTemplate });
    await report(world, 0, 6);
    await world.until(isClosed(world, 0));
    const { earlyStopping, completionTime } = (await trialOf(world, 0)).status ?? {};
    const tookMs = Date.parse(completionTime ?? '') - Date.parse(earlyStopping?.time ?? '');
    expect(tookMs).toBeLessThan(STOP_GRACE_MS);
    expect(await world.jobs()).toEqual([]);
  });

  it('makes room for the next trial', async () => {
    const world = newWorld();
    start(world);
    await world.submit({ maxTrialCount: 2, parallelTrialCount: 1, earlyStopping: WORSE_THAN_FIVE });
    for (const index of [0, 1]) {
      await world.until(async () => (await world.trials()).length > index);
      await world.until(async () => trialState(await trialOf(world, index)) === 'Running');
      await report(world, index, 6 + index);
    }
    const { status } = await world.untilReason('ExperimentMaxTrialsReached');
    // The end of the experiment waits for what they report last.
    for (const { status: of } of await world.trials()) expect(of?.completionTime).toBeTypeOf('string');
    expect(status).toMatchObject({
      trials: 2,
      trialsEarlyStopped: 2,
      currentOptimalTrial: { bestTrialName: 'exp-0' },
    });
  });
});

describe('what does not stop a trial', () => {
  it('is a report in an experiment that asks for no early stopping', async () => {
    const world = newWorld();
    start(world);
    await submit(world, 1, {});
    await report(world, 0, 1_000);
    await aWhile();
    expect(trialState(await trialOf(world, 0))).toBe('Running');
  });

  it('is a report that was forgotten since, as its process started over', async () => {
    const world = newWorld();
    const stop = start(world);
    await submit(world, 3, { earlyStopping: MEDIAN });
    await report(world, 0, 0, 0);
    await report(world, 1, 2);
    const { uid } = (await trialOf(world, 0)).metadata;
    await world.tap.sink.discard({ trialUid: uid, source: 'exp-0/training' });
    await report(world, 1, 2);
    await report(world, 2, 9, 9);
    await aWhile();
    await stop();
    expect(trialState(await trialOf(world, 2))).toBe('Running');
  });
});

describe('a service that starts', () => {
  it('decides about what was reported before it ended', async () => {
    const world = newWorld();
    const stop = start(world);
    await submit(world, 3, { earlyStopping: MEDIAN });
    await stop();
    await report(world, 0, 1, 1, 1);
    await report(world, 1, 2, 2, 2);
    await report(world, 2, 9, 9);
    start(world);
    await world.until(isClosed(world, 2));
    expect((await trialOf(world, 2)).status?.earlyStopping).toMatchObject({ step: 2, threshold: '1.5' });
    expect(trialState(await trialOf(world, 1))).toBe('Running');
  });

  it('compares with trials that were stopped before', async () => {
    const world = newWorld();
    const stop = start(world);
    await submit(world, 4, { earlyStopping: MEDIAN });
    await report(world, 0, 1, 1);
    await report(world, 1, 2, 2);
    await report(world, 2, 9, 9);
    await world.until(isClosed(world, 2));
    await stop();
    start(world);
    await report(world, 3, 8, 8);
    await world.until(isClosed(world, 3));
    expect((await trialOf(world, 3)).status?.earlyStopping).toMatchObject({ threshold: '2', peers: 3 });
  });
});

describe('a process that dies again and again', () => {
  it.each([0, 1, 2, 3, 4, 5])(
    'stops each trial that is to be stopped exactly once (seed %i)',
    async (seed) => {
      const world = newWorld();
      const setUp = start(world);
      await submit(world, 4, { earlyStopping: WORSE_THAN_FIVE });
      await setUp();
      const records = new Map<string, Set<string>>();
      const watching = new AbortController();
      const watched = (async () => {
        for await (const change of world.client.watch(TRIALS, { signal: watching.signal })) {
          if (change.type === 'BOOKMARK') continue;
          const record: EarlyStoppingRecord | undefined = change.object.status?.earlyStopping;
          const { name } = change.object.metadata;
          if (record) records.set(name, (records.get(name) ?? new Set()).add(JSON.stringify(record)));
        }
      })();
      for (const index of [0, 1]) await report(world, index, 6 + index);
      const random = randomStream(`deaths-${seed}`);
      for (let death = 0; death < 4; death++) {
        const { promise, resolve } = Promise.withResolvers<undefined>();
        const client = faultyClient(world.client, {
          random: random.fork(death),
          failureRate: 0.1,
          maxLagMs: 4,
          writesUntilDeath: 1 + random.integer(4),
          onDeath: () => resolve(undefined),
        });
        const stop = world.start(client);
        await Promise.race([promise, new Promise((done) => setTimeout(done, 300))]);
        await stop();
      }
      start(world);
      for (const index of [0, 1]) await world.until(isClosed(world, index));
      for (const index of [2, 3]) await report(world, index, 1);
      await world.until(async () => (await world.jobs()).length === 2);
      watching.abort();
      await watched.catch(() => undefined);
      expect([...records].map(([name, seen]) => [name, seen.size]).toSorted()).toEqual([
        ['exp-0', 1],
        ['exp-1', 1],
      ]);
      expect((await trialOf(world, 1)).status?.observation?.metrics?.[0]?.latest).toBe('7');
      expect([...world.jobsSeen.values()]).toEqual([1, 1, 1, 1]);
      await world.until(async () => (await world.experiment()).status?.trialsEarlyStopped === 2);
    },
  );
});
