import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../core/logger.ts';
import type { CollectionReport, Observation } from '../../core/observation.ts';
import {
  createObservationReporter,
  type ObservationReporter,
} from '../../metrics-collector/observation-reporter.ts';
import { FakeClock, settle } from '../support/fake-clock.ts';
import { RecordingSink } from './recording-sink.ts';

const REPORT: CollectionReport = { read: 0, found: {}, otherNames: {}, notNumbers: {}, problems: [] };

function observations(from: number, to: number): Observation[] {
  return Array.from({ length: to - from }, (_, at) => ({
    metric: 'loss',
    value: from + at,
    step: null,
    timeMs: 0,
    sequence: from + at,
  }));
}

function setUp(): {
  sink: RecordingSink;
  clock: FakeClock;
  reporter: ObservationReporter;
  abort: AbortController;
} {
  const sink = new RecordingSink();
  const clock = new FakeClock();
  const abort = new AbortController();
  const source = { trialUid: 'uid', source: 'pod/training' };
  const { signal } = abort;
  const reporter = createObservationReporter({ source, sink, clock, logger: silentLogger, signal });
  return { sink, clock, reporter, abort };
}

const sizes = (sink: RecordingSink): number[] => sink.batches.map((batch) => batch.length);

describe('createObservationReporter', () => {
  it('gathers observations for half a second', async () => {
    const { sink, clock, reporter } = setUp();
    await reporter.add(observations(0, 3));
    await clock.advance(300);
    await reporter.add(observations(3, 5));
    await clock.advance(199);
    expect(sizes(sink)).toEqual([]);
    await clock.advance(1);
    expect(sizes(sink)).toEqual([5]);
  });

  it('sends at once when a batch is full, and the rest after the interval', async () => {
    const { sink, clock, reporter } = setUp();
    await reporter.add(observations(0, 2_500));
    await settle();
    expect(sizes(sink)).toEqual([1_000, 1_000]);
    await clock.advance(500);
    expect(sizes(sink)).toEqual([1_000, 1_000, 500]);
  });

  it('sends everything at once at the end, then the report', async () => {
    const { sink, clock, reporter } = setUp();
    await reporter.add(observations(0, 2));
    await reporter.finish(REPORT);
    expect(sink.calls).toEqual(['report', 'finish']);
    expect(sink.finished).toEqual([REPORT]);
    expect(clock.pending).toBe(0);
  });

  it('sends the report only when the sink has taken what is under way', async () => {
    const { sink, clock, reporter } = setUp();
    sink.refusals = 1;
    await reporter.add(observations(0, 1_000));
    const finished = reporter.finish(REPORT);
    await settle();
    expect(sink.calls).toEqual(['report']);
    await clock.advance(500);
    await finished;
    expect(sink.calls).toEqual(['report', 'report', 'finish']);
  });

  it('reports also where nothing was observed', async () => {
    const { sink, reporter } = setUp();
    await reporter.finish(REPORT);
    expect(sink.calls).toEqual(['finish']);
  });

  it('repeats what was refused, after growing pauses, in order and without loss', async () => {
    const { sink, clock, reporter } = setUp();
    sink.refusals = 3;
    await reporter.add(observations(0, 1_500));
    await clock.advance(499);
    expect(sink.calls).toHaveLength(1);
    await clock.advance(1);
    expect(sink.calls).toHaveLength(2);
    await reporter.add(observations(1_500, 1_600));
    await clock.advance(1_000);
    expect(sink.calls).toHaveLength(3);
    await clock.advance(10_000);
    expect(sink.observations).toEqual(observations(0, 1_600));
  });

  it('pauses no longer than half a minute', async () => {
    const { sink, clock, reporter } = setUp();
    sink.refusals = 1_000;
    await reporter.add(observations(0, 1));
    await clock.advance(10 * 60_000);
    const calls = sink.calls.length;
    await clock.advance(30_000);
    expect(sink.calls).toHaveLength(calls + 1);
  });

  it('asks a full disk every second', async () => {
    const { sink, clock, reporter } = setUp();
    sink.refusals = 1_000;
    sink.refusal = Object.assign(new Error('the disk is full'), { code: 'DB_FULL' });
    await reporter.add(observations(0, 1));
    await clock.advance(10 * 60_000);
    const calls = sink.calls.length;
    await clock.advance(30_000);
    expect(sink.calls).toHaveLength(calls + 30);
    sink.refusals = 0;
    await clock.advance(1_000);
    expect(sink.observations).toEqual(observations(0, 1));
  });

  it('repeats a refused report of the end', async () => {
    const { sink, clock, reporter } = setUp();
    sink.refusals = 2;
    const finished = reporter.finish(REPORT);
    await clock.advance(5_000);
    await finished;
    expect(sink.finished).toHaveLength(1);
  });

  it('makes its caller wait while ten thousand are unsent', async () => {
    const { sink, clock, reporter } = setUp();
    sink.refusals = 4;
    await reporter.add(observations(0, 9_999));
    let added = false;
    const adding = reporter.add(observations(9_999, 10_050)).then(() => {
      added = true;
    });
    await clock.advance(3_000);
    expect(added).toBe(false);
    await clock.advance(60_000);
    await adding;
    await reporter.finish(REPORT);
    expect(sink.observations).toEqual(observations(0, 10_050));
  });

  it.each(['add', 'finish', 'discard'] as const)('stops waiting in %s when it is aborted', async (method) => {
    const { sink, clock, reporter, abort } = setUp();
    sink.refusals = Infinity;
    const waiting = {
      add: () => reporter.add(observations(0, 10_001)),
      finish: () => reporter.finish(REPORT),
      discard: () => reporter.discard(),
    }[method]();
    const rejected = expect(waiting).rejects.toThrow();
    await clock.advance(2_000);
    abort.abort();
    await rejected;
    const calls = sink.calls.length;
    await clock.advance(60_000);
    expect(sink.calls).toHaveLength(calls);
    expect(clock.pending).toBe(0);
  });
});
