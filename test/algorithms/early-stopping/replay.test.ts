import { expect, it } from 'vitest';
import { replay, type PastTrial } from '../../../algorithms/early-stopping/replay.ts';
import { thresholdStop } from '../../../algorithms/early-stopping/threshold.ts';
import { medianStop } from '../../../algorithms/early-stopping/medianstop.ts';
import { LOSS } from '../../contract/early-stopper.ts';

function past(name: string, startMs: number, ...values: number[]): PastTrial {
  return {
    name,
    reports: values.map((value, index) => ({ step: index + 1, value, timeMs: startMs + index * 1000 })),
  };
}

const worseThanFive = (): ReturnType<typeof thresholdStop.create> =>
  thresholdStop.create(LOSS, { worse_than: '5', start_step: '2' });

it('tells what would have been saved, and that the best trial stays', () => {
  const found = replay(worseThanFive(), LOSS, [past('a', 0, 3, 2, 1), past('b', 0, 9, 8, 7, 6)]);
  expect(found).toMatchObject({
    reports: 7,
    reportsSaved: 2,
    msSaved: 2000,
    isBestLost: false,
    bestValue: 1,
  });
  expect(found.best?.name).toBe('a');
  expect(found.trials[1]).toMatchObject({ reports: 4, reportsSaved: 2, value: 6, valueAtStop: 8 });
  expect(found.trials[1]?.decision).toMatchObject({ step: 2, value: 8 });
});

it('tells that the best trial would have been lost', () => {
  const found = replay(worseThanFive(), LOSS, [past('a', 0, 3, 3), past('late', 0, 9, 8, 1)]);
  expect(found).toMatchObject({ isBestLost: true, bestValue: 3 });
  expect(found.best).toMatchObject({ name: 'late', value: 1, valueAtStop: 8 });
});

it('puts reports in the order of their times', () => {
  const rule = { start_step: '1', min_trials_required: '1' };
  const early = past('early', 0, 1, 1);
  const late = past('late', 10_000, 2, 2);
  for (const trials of [
    [early, late],
    [late, early],
  ]) {
    const found = replay(medianStop.create(LOSS, rule), LOSS, trials);
    expect(found.trials.filter(({ decision }) => decision).map(({ name }) => name)).toEqual(['late']);
  }
});

it('has nothing to say where nothing was reported', () => {
  const none: PastTrial[] = [];
  expect(replay(worseThanFive(), LOSS, none)).toMatchObject({
    best: null,
    isBestLost: false,
    reports: 0,
    msSaved: 0,
  });
  const [trial] = replay(worseThanFive(), LOSS, [past('mute', 0)]).trials;
  expect(trial).toMatchObject({ decision: null, reports: 0, reportsSaved: 0, value: NaN });
});
