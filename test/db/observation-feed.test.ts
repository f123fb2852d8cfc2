import { expect, it } from 'vitest';
import type { Observation, ObservationSink } from '../../core/observation.ts';
import { tapObservations } from '../../db/observation-feed.ts';

const SOURCE = { trialUid: 'uid', source: 'pod/main' };
const BATCH: Observation[] = [{ metric: 'loss', value: 1, step: 1, timeMs: 1, sequence: 0 }];
const REPORT = { read: 1, found: {}, otherNames: {}, notNumbers: {}, problems: [] };

/** Notes what it was asked to do, and refuses it where told to. */
function recordingSink(notes: string[], refuses = false): ObservationSink {
  const note = (what: string) => (): Promise<void> => {
    notes.push(what);
    return refuses ? Promise.reject(new Error('full')) : Promise.resolve();
  };
  return { report: note('report'), finish: note('finish'), discard: note('discard') };
}

it('tells what was stored and what was forgotten, after it was', async () => {
  const notes: string[] = [];
  const { sink, feed } = tapObservations(recordingSink(notes));
  const unsubscribe = feed.subscribe(
    (batch) => notes.push(`told ${JSON.stringify(batch)}`),
    (source) => notes.push(`forgotten ${source.source}`),
  );
  feed.subscribe(() => notes.push('told too'));
  await sink.report(SOURCE, BATCH);
  await sink.finish(SOURCE, REPORT);
  await sink.discard(SOURCE);
  expect(notes).toEqual([
    'report',
    `told ${JSON.stringify({ ...SOURCE, observations: BATCH })}`,
    'told too',
    'finish',
    'discard',
    'forgotten pod/main',
  ]);
  unsubscribe();
  notes.length = 0;
  await sink.report(SOURCE, BATCH);
  await sink.discard(SOURCE);
  expect(notes).toEqual(['report', 'told too', 'discard']);
});

it('tells nothing of what was refused', async () => {
  const notes: string[] = [];
  const { sink, feed } = tapObservations(recordingSink(notes, true));
  feed.subscribe(
    () => notes.push('told'),
    () => notes.push('forgotten'),
  );
  await expect(sink.report(SOURCE, BATCH)).rejects.toThrow('full');
  await expect(sink.discard(SOURCE)).rejects.toThrow('full');
  expect(notes).toEqual(['report', 'discard']);
});
