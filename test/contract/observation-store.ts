import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CollectionReport, LogTail, Observation } from '../../core/observation.ts';
import type { ObservationStore, StoredObservation, TrialEvent } from '../../db/observation-store.ts';

const TRIAL = 'trial-uid';
const SOURCE = { trialUid: TRIAL, source: 'pod-0/training' };
const OTHER_SOURCE = { trialUid: TRIAL, source: 'pod-1/training' };
const START_MS = Date.UTC(2026, 0, 1);

const REPORT: CollectionReport = {
  read: 3,
  found: { loss: 2, accuracy: 0 },
  otherNames: { 'val/accuracy': 12 },
  notNumbers: { accuracy: 'tensor' },
  problems: ['damaged record'],
};

/** An observation of `loss`; one second passes with each sequence. */
function loss(sequence: number, value: number, changes: Partial<Observation> = {}): Observation {
  return {
    metric: 'loss',
    value,
    step: sequence,
    timeMs: START_MS + 1_000 * sequence,
    sequence,
    ...changes,
  };
}

function logTail(changes: Partial<LogTail> = {}): LogTail {
  return {
    trialUid: TRIAL,
    pod: 'pod-0',
    container: 'training',
    restartCount: 0,
    exitCode: 1,
    reason: 'Error',
    text: 'Traceback\nValueError: no data',
    timeMs: START_MS,
    ...changes,
  };
}

const EVENT: TrialEvent = {
  trialUid: TRIAL,
  timeMs: START_MS,
  type: 'Warning',
  reason: 'TrialFailed',
  message: 'exit code 1',
};

/** What every observation store promises. `open` gives an empty store. */
export function testObservationStore(open: () => Promise<ObservationStore>): void {
  let store: ObservationStore;

  beforeEach(async () => {
    store = await open();
  });
  afterEach(async () => {
    await store.close();
  });

  const values = async (metric = 'loss', trialUid = TRIAL): Promise<number[]> =>
    (await store.series(trialUid, { metric })).map(({ value }) => value);

  describe('observations', () => {
    it('come back as they were reported, with their source', async () => {
      const reported = [
        loss(0, 0.5, { step: null }),
        loss(1, 0.25, { step: 1.5 }),
        loss(2, NaN, { text: 'Genotype(normal=[])' }),
      ];
      await store.report(SOURCE, reported);
      const read = await store.series(TRIAL, { metric: 'loss' });
      expect(read).toEqual(reported.map((observation) => ({ ...observation, source: SOURCE.source })));
    });

    it.each([0, -0.5, 1e-300, 1.7976931348623157e308, 0.1 + 0.2, Infinity, -Infinity, NaN])(
      'keep the value %d exactly',
      async (value) => {
        await store.report(SOURCE, [loss(0, value)]);
        expect(await values()).toEqual([value]);
      },
    );

    it('keep names and texts of any characters', async () => {
      const metric = "val/loss.f1@10 'ü' \u{1f642} --;";
      await store.report(SOURCE, [loss(0, NaN, { metric, text: 'näh\u{1f642}' })]);
      expect(await store.series(TRIAL, { metric })).toMatchObject([{ metric, text: 'näh\u{1f642}' }]);
      expect(await store.summaries(TRIAL)).toMatchObject([{ metric, latestText: 'näh\u{1f642}' }]);
    });

    it('keep fractions of milliseconds and large sequences', async () => {
      const observation = loss(0, 1, { timeMs: START_MS + 0.25, sequence: 2 ** 45 });
      await store.report(SOURCE, [observation]);
      expect(await store.series(TRIAL, { metric: 'loss' })).toMatchObject([observation]);
    });

    it('are given back as copies', async () => {
      const observation = loss(0, 1);
      await store.report(SOURCE, [observation]);
      observation.value = 2;
      for (const read of await store.series(TRIAL, { metric: 'loss' })) read.value = 3;
      expect(await values()).toEqual([1]);
    });

    it('of different trials are apart', async () => {
      await store.report(SOURCE, [loss(0, 1)]);
      await store.report({ ...SOURCE, trialUid: 'another' }, [loss(0, 2)]);
      expect(await values()).toEqual([1]);
      expect(await values('loss', 'another')).toEqual([2]);
    });

    it('with the same sequence in different metrics or sources are different', async () => {
      await store.report(SOURCE, [loss(0, 1), loss(0, 2, { metric: 'accuracy' })]);
      await store.report(OTHER_SOURCE, [loss(0, 3)]);
      expect(await values()).toEqual([1, 3]);
      expect(await values('accuracy')).toEqual([2]);
    });

    it('of an empty batch are none', async () => {
      await store.report(SOURCE, []);
      expect(await store.summaries(TRIAL)).toEqual([]);
    });

    it('of an unknown trial or metric are none', async () => {
      await store.report(SOURCE, [loss(0, 1)]);
      expect(await store.series('unknown', { metric: 'loss' })).toEqual([]);
      expect(await store.series(TRIAL, { metric: 'unknown' })).toEqual([]);
      expect(await store.series(TRIAL, { metric: 'unknown', maxPoints: 10 })).toEqual([]);
      expect(await store.summaries('unknown')).toEqual([]);
    });
  });

  describe('a repeated report', () => {
    it('changes nothing', async () => {
      const batch = [loss(0, 0.5), loss(1, NaN), loss(2, 0.25)];
      await store.report(SOURCE, batch);
      const before = await store.summaries(TRIAL);
      await store.report(SOURCE, batch);
      expect(await store.summaries(TRIAL)).toEqual(before);
      expect(await values()).toEqual([0.5, NaN, 0.25]);
    });

    it('inside one batch counts once', async () => {
      await store.report(SOURCE, [loss(0, 0.5), loss(0, 0.5)]);
      expect(await store.summaries(TRIAL)).toMatchObject([{ count: 1 }]);
    });

    it('with another value for the same sequence keeps the first', async () => {
      await store.report(SOURCE, [loss(0, 0.5)]);
      await store.report(SOURCE, [loss(0, 9), loss(1, 0.25)]);
      expect(await values()).toEqual([0.5, 0.25]);
      expect(await store.summaries(TRIAL)).toMatchObject([{ count: 2, max: 0.5 }]);
    });
  });

  describe('a series', () => {
    it('is in order of time, source, sequence', async () => {
      await store.report(OTHER_SOURCE, [loss(0, 1), loss(1, 2)]);
      await store.report(SOURCE, [
        loss(3, 5, { timeMs: START_MS }),
        loss(2, 4, { timeMs: START_MS }),
        loss(1, 3),
      ]);
      const read = await store.series(TRIAL, { metric: 'loss' });
      expect(read.map(({ source, sequence }) => [source, sequence])).toEqual([
        [SOURCE.source, 2],
        [SOURCE.source, 3],
        [OTHER_SOURCE.source, 0],
        [SOURCE.source, 1],
        [OTHER_SOURCE.source, 1],
      ]);
    });

    it.each([
      { bounds: {}, expected: [0, 1, 2, 3, 4] },
      { bounds: { fromMs: START_MS + 3_000 }, expected: [3, 4] },
      { bounds: { toMs: START_MS + 1_000 }, expected: [0, 1] },
      { bounds: { fromMs: START_MS + 1_000, toMs: START_MS + 2_999 }, expected: [1, 2] },
      { bounds: { fromMs: START_MS + 9_000 }, expected: [] },
    ])('is cut to the bounds $bounds, which are inclusive', async ({ bounds, expected }) => {
      await store.report(
        SOURCE,
        [0, 1, 2, 3, 4].map((at) => loss(at, at)),
      );
      const read = await store.series(TRIAL, { metric: 'loss', ...bounds });
      expect(read.map(({ value }) => value)).toEqual(expected);
    });

    it('that is short enough is not down-sampled', async () => {
      await store.report(
        SOURCE,
        [0, 1, 2, 3].map((at) => loss(at, at)),
      );
      expect(await store.series(TRIAL, { metric: 'loss', maxPoints: 4 })).toHaveLength(4);
    });

    it('keeps its ends and extremes when it is down-sampled', async () => {
      const curve = Array.from({ length: 1_000 }, (_, at) =>
        loss(at, at === 333 ? 99 : at === 667 ? -99 : at / 1_000),
      );
      await store.report(SOURCE, curve);
      const read = await store.series(TRIAL, { metric: 'loss', maxPoints: 20 });
      const sequences = read.map(({ sequence }) => sequence);
      expect(read.length).toBeLessThanOrEqual(20);
      expect(sequences).toEqual(expect.arrayContaining([0, 333, 667, 999]));
      expect(sequences).toEqual(sequences.toSorted((a, b) => a - b));
    });

    it('is down-sampled inside its bounds', async () => {
      await store.report(
        SOURCE,
        Array.from({ length: 100 }, (_, at) => loss(at, at)),
      );
      const query = { metric: 'loss', fromMs: START_MS + 50_000, toMs: START_MS + 59_000, maxPoints: 4 };
      expect((await store.series(TRIAL, query)).map(({ value }) => value)).toEqual([50, 59]);
    });
  });

  describe('pages of a metric', () => {
    const limit = 3;
    const readAll = async (metric: string): Promise<[string, number][]> => {
      const read: [string, number][] = [];
      let after: StoredObservation | null = null;
      for (;;) {
        const page: StoredObservation[] = await store.page(TRIAL, { metric, after, limit });
        expect(page.length).toBeLessThanOrEqual(limit);
        after = page.at(-1) ?? null;
        if (after === null) return read;
        read.push(...page.map(({ source, sequence }): [string, number] => [source, sequence]));
      }
    };

    it('bring every observation once, source by source in the order in which it was reported', async () => {
      await store.report(
        OTHER_SOURCE,
        [0, 1].map((at) => loss(at, at)),
      );
      await store.report(
        SOURCE,
        [0, 1, 2, 3, 4, 5, 9].map((at) => loss(at, at, { timeMs: START_MS - at })),
      );
      await store.report({ trialUid: TRIAL, source: 'pod-2/training' }, [loss(0, 1, { metric: 'accuracy' })]);
      expect(await readAll('loss')).toEqual([
        ...[0, 1, 2, 3, 4, 5, 9].map((sequence) => [SOURCE.source, sequence]),
        [OTHER_SOURCE.source, 0],
        [OTHER_SOURCE.source, 1],
      ]);
      expect(await readAll('accuracy')).toEqual([['pod-2/training', 0]]);
    });

    it('give what a series gives', async () => {
      await store.report(SOURCE, [
        loss(0, 0.5),
        loss(1, NaN, { text: 'nan', step: null }),
        loss(2, -Infinity),
      ]);
      const page = await store.page(TRIAL, { metric: 'loss', after: null, limit });
      expect(page).toEqual(await store.series(TRIAL, { metric: 'loss' }));
    });

    it('go on where they were although more was reported in between', async () => {
      await store.report(
        OTHER_SOURCE,
        [0, 1, 2, 3].map((at) => loss(at, at)),
      );
      const after = (await store.page(TRIAL, { metric: 'loss', after: null, limit })).at(-1) ?? null;
      await store.report(SOURCE, [loss(0, 7)]);
      await store.report(OTHER_SOURCE, [loss(4, 4)]);
      const next = await store.page(TRIAL, { metric: 'loss', after, limit });
      expect(next.map(({ sequence }) => sequence)).toEqual([3, 4]);
    });

    it('are empty for what was never reported', async () => {
      expect(await readAll('loss')).toEqual([]);
      await store.report(SOURCE, [loss(0, 1)]);
      expect(await readAll('accuracy')).toEqual([]);
      expect(await store.page('unknown', { metric: 'loss', after: null, limit })).toEqual([]);
    });
  });

  describe('summaries', () => {
    it('give count, min, max, latest and times of each metric in alphabetical order', async () => {
      await store.report(SOURCE, [
        loss(0, 0.5),
        loss(1, 0.125),
        loss(2, 0.25),
        loss(3, 7, { metric: 'acc' }),
      ]);
      const times = (first: number, latest: number) => ({
        firstTimeMs: START_MS + first * 1_000,
        latestTimeMs: START_MS + latest * 1_000,
      });
      expect(await store.summaries(TRIAL)).toEqual([
        { metric: 'acc', count: 1, min: 7, max: 7, latest: 7, latestText: null, ...times(3, 3) },
        { metric: 'loss', count: 3, min: 0.125, max: 0.5, latest: 0.25, latestText: null, ...times(0, 2) },
      ]);
    });

    it('follow Katib’s vector: the latest is the later row of equal times, not the last reported', async () => {
      const second = START_MS + 4_000;
      await store.report(SOURCE, [
        loss(0, 0.03),
        loss(1, 0.02),
        loss(2, 0.01),
        loss(3, 0.05, { timeMs: second }),
        loss(4, 0.06, { timeMs: second }),
        loss(5, 0.07, { timeMs: second }),
        loss(6, 0.1, { timeMs: START_MS - 86_400_000 }),
      ]);
      expect(await store.summaries(TRIAL)).toMatchObject([{ min: 0.01, max: 0.1, latest: 0.07 }]);
    });

    it('count NaN but never take it for an extreme', async () => {
      await store.report(SOURCE, [loss(0, NaN), loss(1, 0.5), loss(2, NaN)]);
      expect(await store.summaries(TRIAL)).toMatchObject([{ count: 3, min: 0.5, max: 0.5, latest: NaN }]);
    });

    it('have no extremes where every value is NaN', async () => {
      await store.report(SOURCE, [loss(0, NaN), loss(1, NaN, { text: 'diverged' })]);
      expect(await store.summaries(TRIAL)).toMatchObject([
        { count: 2, min: null, max: null, latest: NaN, latestText: 'diverged' },
      ]);
    });

    it('take infinities for extremes', async () => {
      await store.report(SOURCE, [loss(0, Infinity), loss(1, -Infinity), loss(2, 1)]);
      expect(await store.summaries(TRIAL)).toMatchObject([{ min: -Infinity, max: Infinity, latest: 1 }]);
    });

    it('forget the text when a number is the latest', async () => {
      await store.report(SOURCE, [loss(0, NaN, { text: 'starting' }), loss(1, 0.5)]);
      expect(await store.summaries(TRIAL)).toMatchObject([{ latest: 0.5, latestText: null }]);
    });

    it('go over all sources', async () => {
      await store.report(SOURCE, [loss(0, 3), loss(1, 1)]);
      await store.report(OTHER_SOURCE, [loss(0, 0.5), loss(1, 2)]);
      expect(await store.summaries(TRIAL)).toMatchObject([{ count: 4, min: 0.5, max: 3, latest: 2 }]);
    });

    it('are the same however the batches are ordered, split and repeated', async () => {
      const observation = fc.record({
        metric: fc.constantFrom('loss', 'accuracy'),
        value: fc.oneof(fc.double(), fc.constantFrom(NaN, Infinity, -Infinity, 0)),
        step: fc.constant(null),
        timeMs: fc.integer({ min: START_MS, max: START_MS + 3 }),
        source: fc.constantFrom(SOURCE.source, OTHER_SOURCE.source),
      });
      let run = 0;
      const property = fc.asyncProperty(
        fc.array(observation, { maxLength: 12 }),
        fc.array(fc.nat(), { maxLength: 40 }),
        async (written, order) => {
          run++;
          const numbered = written.map(({ source, ...rest }, sequence) => ({ source, ...rest, sequence }));
          const reportTo = async (trialUid: string, list: typeof numbered): Promise<void> => {
            for (const { source, ...one } of list) await store.report({ trialUid, source }, [one]);
          };
          await reportTo(`plain-${run}`, numbered);
          const mixed = order.flatMap((at) => numbered.slice(at % (numbered.length + 1)).slice(0, 1));
          await reportTo(`mixed-${run}`, [...mixed, ...numbered.toReversed()]);
          for (const { source } of [SOURCE, OTHER_SOURCE]) {
            const whole = numbered.filter((one) => one.source === source);
            await store.report({ trialUid: `whole-${run}`, source }, whole);
          }
          const plain = await store.summaries(`plain-${run}`);
          expect(await store.summaries(`mixed-${run}`)).toEqual(plain);
          expect(await store.summaries(`whole-${run}`)).toEqual(plain);
        },
      );
      await fc.assert(property, { numRuns: 30 });
    });
  });

  describe('discard', () => {
    it('forgets one source and leaves the others, also in the summaries', async () => {
      await store.report(SOURCE, [loss(0, -5), loss(1, 9)]);
      await store.report(OTHER_SOURCE, [loss(0, 1)]);
      await store.finish(SOURCE, REPORT);
      await store.discard(SOURCE);
      expect(await values()).toEqual([1]);
      expect(await store.summaries(TRIAL)).toMatchObject([{ count: 1, min: 1, max: 1, latest: 1 }]);
      expect(await store.collectionReports(TRIAL)).toEqual({});
    });

    it('lets the source begin again from sequence 0', async () => {
      await store.report(SOURCE, [loss(0, 1), loss(1, 2)]);
      await store.discard(SOURCE);
      await store.report(SOURCE, [loss(0, 7)]);
      expect(await values()).toEqual([7]);
    });

    it('of an unknown source changes nothing', async () => {
      await store.report(SOURCE, [loss(0, 1)]);
      await store.discard(OTHER_SOURCE);
      await store.discard({ trialUid: 'unknown', source: SOURCE.source });
      expect(await values()).toEqual([1]);
    });

    it('touches only the trial it names', async () => {
      await store.report(SOURCE, [loss(0, 1)]);
      await store.discard({ trialUid: 'another', source: SOURCE.source });
      expect(await values()).toEqual([1]);
    });
  });

  describe('collection reports', () => {
    it('are kept by source, and empty until one has finished', async () => {
      await store.report(SOURCE, [loss(0, 1)]);
      expect(await store.collectionReports(TRIAL)).toEqual({});
      await store.finish(SOURCE, REPORT);
      expect(await store.collectionReports(TRIAL)).toEqual({ [SOURCE.source]: REPORT });
    });

    it('exist also for a source that observed nothing', async () => {
      await store.finish(OTHER_SOURCE, REPORT);
      expect(await store.collectionReports(TRIAL)).toEqual({ [OTHER_SOURCE.source]: REPORT });
      expect(await store.summaries(TRIAL)).toEqual([]);
    });

    it('of the same source replace each other', async () => {
      await store.finish(SOURCE, REPORT);
      await store.finish(SOURCE, { ...REPORT, read: 4 });
      expect(await store.collectionReports(TRIAL)).toMatchObject({ [SOURCE.source]: { read: 4 } });
    });
  });

  describe('events', () => {
    it('come back oldest first, each once', async () => {
      const earlier = { ...EVENT, timeMs: START_MS - 1, reason: 'TrialCreated' };
      const sameTime = { ...EVENT, message: 'second' };
      for (const event of [EVENT, earlier, sameTime, EVENT]) await store.recordEvent(event);
      expect(await store.events(TRIAL)).toEqual([earlier, EVENT, sameTime]);
      expect(await store.events('unknown')).toEqual([]);
    });
  });

  describe('log tails', () => {
    it('come back oldest first, each once', async () => {
      const first = logTail({ timeMs: START_MS - 1, exitCode: null, reason: null });
      const restarted = logTail({ restartCount: 1 });
      for (const tail of [restarted, first, restarted]) await store.saveLogTail(tail);
      // `first` and `restarted` are different outputs of the same container.
      expect(await store.logTails(TRIAL)).toEqual([first, restarted]);
      expect(await store.logTails('unknown')).toEqual([]);
    });

    it('take a bounded space: the oldest give way', async () => {
      for (let at = 0; at < 8; at++) {
        await store.saveLogTail(
          logTail({ restartCount: at, timeMs: START_MS + at, text: `${at}`.repeat(64_000) }),
        );
      }
      const kept = await store.logTails(TRIAL);
      expect(kept.map(({ restartCount }) => restartCount)).toEqual([4, 5, 6, 7]);
    });

    it('longer than the space keep their end, in whole characters', async () => {
      await store.saveLogTail(logTail({ text: `${'ü'.repeat(300_000)}end` }));
      const [tail] = await store.logTails(TRIAL);
      expect(tail?.text).toMatch(/^ü+end$/);
      expect(tail?.text.length).toBeGreaterThan(100_000);
    });

    it('of another trial do not count', async () => {
      await store.saveLogTail(logTail());
      for (let at = 0; at < 8; at++) {
        await store.saveLogTail(logTail({ trialUid: 'another', restartCount: at, text: 'x'.repeat(64_000) }));
      }
      expect(await store.logTails(TRIAL)).toHaveLength(1);
    });
  });

  describe('discardTrial', () => {
    it('forgets what one trial reported, and keeps its events and all of another', async () => {
      for (const trialUid of [TRIAL, 'another']) {
        await store.report({ ...SOURCE, trialUid }, [loss(0, 1)]);
        await store.finish({ ...SOURCE, trialUid }, REPORT);
        await store.recordEvent({ ...EVENT, trialUid });
        await store.saveLogTail(logTail({ trialUid }));
      }
      await store.discardTrial(TRIAL);
      expect(await store.series(TRIAL, { metric: 'loss' })).toEqual([]);
      expect(await store.summaries(TRIAL)).toEqual([]);
      expect(await store.collectionReports(TRIAL)).toEqual({});
      expect(await store.logTails(TRIAL)).toEqual([]);
      expect(await store.events(TRIAL)).toHaveLength(1);
      expect(await store.summaries('another')).toHaveLength(1);
      expect(await store.logTails('another')).toHaveLength(1);
    });

    it('lets the same source report from the beginning again', async () => {
      await store.report(SOURCE, [loss(0, 1), loss(1, 2)]);
      await store.discardTrial(TRIAL);
      await store.report(SOURCE, [loss(0, 3)]);
      expect((await store.series(TRIAL, { metric: 'loss' })).map(({ value }) => value)).toEqual([3]);
    });

    it('of an unknown trial is no error', async () => {
      await expect(store.discardTrial('unknown')).resolves.toBeUndefined();
    });
  });

  describe('deleteTrial', () => {
    it('removes everything about one trial and nothing about another', async () => {
      for (const trialUid of [TRIAL, 'another']) {
        await store.report({ ...SOURCE, trialUid }, [loss(0, 1)]);
        await store.finish({ ...SOURCE, trialUid }, REPORT);
        await store.recordEvent({ ...EVENT, trialUid });
        await store.saveLogTail(logTail({ trialUid }));
      }
      const contents = (trialUid: string): Promise<unknown[]> =>
        Promise.all([
          store.series(trialUid, { metric: 'loss' }),
          store.summaries(trialUid),
          store.events(trialUid),
          store.logTails(trialUid),
          store.collectionReports(trialUid),
        ]);
      const other = await contents('another');
      await store.deleteTrial(TRIAL);
      expect(await contents(TRIAL)).toEqual([[], [], [], [], {}]);
      expect(await contents('another')).toEqual(other);
    });

    it('of an unknown trial is no error, also twice', async () => {
      await store.deleteTrial('unknown');
      await store.deleteTrial('unknown');
      expect(await store.summaries('unknown')).toEqual([]);
    });
  });

  it('rejects every call once it is closed, and may be closed again', async () => {
    await store.close();
    await store.close();
    const closed = { code: 'DB_CLOSED' };
    await expect(store.report(SOURCE, [loss(0, 1)])).rejects.toMatchObject(closed);
    await expect(store.summaries(TRIAL)).rejects.toMatchObject(closed);
    await expect(store.deleteTrial(TRIAL)).rejects.toMatchObject(closed);
  });
}
