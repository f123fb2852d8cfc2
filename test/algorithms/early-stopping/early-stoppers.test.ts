import { describe, expect, it } from 'vitest';
import { asha } from '../../../algorithms/early-stopping/asha.ts';
import type {
  CurveReport,
  EarlyStopper,
  StoppingDecision,
} from '../../../algorithms/early-stopping/early-stopper.ts';
import { medianStop } from '../../../algorithms/early-stopping/medianstop.ts';
import { percentileStop } from '../../../algorithms/early-stopping/percentile.ts';
import { plateauStop } from '../../../algorithms/early-stopping/plateau.ts';
import { EARLY_STOPPERS, earlyStopper } from '../../../algorithms/early-stopping/registry.ts';
import { thresholdStop } from '../../../algorithms/early-stopping/threshold.ts';
import type { Settings } from '../../../algorithms/search-algorithm.ts';
import { decisionsOf, earlyStopperContract, LOSS, type StopperCase } from '../../contract/early-stopper.ts';

const SUBJECTS: StopperCase[] = [
  { stopper: medianStop, settings: { min_trials_required: '2', start_step: '2' }, isRelative: true },
  { stopper: medianStop, settings: {}, isRelative: true },
  { stopper: asha, settings: { eta: '2' }, isRelative: true },
  { stopper: asha, settings: { brackets: '2', max_resource: '9' }, isRelative: true },
  {
    stopper: percentileStop,
    settings: { percentile: '50', min_trials_required: '1', start_step: '1' },
    isRelative: true,
  },
  { stopper: percentileStop, settings: {}, isRelative: true },
  {
    stopper: thresholdStop,
    settings: { worse_than: '16', good_enough: '-48', start_step: '2' },
    mapped: (map) => ({ worse_than: String(map(16)), good_enough: String(map(-48)), start_step: '2' }),
    isRelative: false,
  },
  { stopper: plateauStop, settings: { patience: '2' }, isRelative: false },
];

for (const subject of SUBJECTS)
  describe(`${subject.stopper.name} ${JSON.stringify(subject.settings)}`, () =>
    earlyStopperContract(subject));

describe('the registry', () => {
  it('finds each early stopper by its name', () => {
    for (const stopper of EARLY_STOPPERS) expect(earlyStopper(stopper.name)).toBe(stopper);
    expect(earlyStopper('hyperband')).toBeUndefined();
  });
});

/** A curve from step 1 on. */
function curve(trial: string, ...values: number[]): CurveReport[] {
  return values.map((value, index) => ({ trial, step: index + 1, value }));
}

/** Where the last of the trials is stopped and by which threshold; null where it is not. */
function stopOf(stopper: EarlyStopper, settings: Settings, reports: CurveReport[]): object | null {
  const last = reports.at(-1)?.trial;
  const decisions = decisionsOf({ stopper, settings }, reports);
  const stop = decisions.find((decision, index) => reports[index]?.trial === last && decision?.stop === true);
  return stop ? { step: stop.step, value: stop.value, threshold: stop.threshold, peers: stop.peers } : null;
}

const OTHERS = [...curve('a', 1, 1, 1, 1, 1), ...curve('b', 2, 2, 2, 2, 2), ...curve('c', 9, 9, 9, 9, 9)];

describe('medianstop', () => {
  it.each<[string, Settings, CurveReport[], object | null]>([
    [
      'stops what is worse than the median of the averages, which is not their mean',
      {},
      [...OTHERS, ...curve('t', 3, 3, 3, 3)],
      { step: 4, value: 3, threshold: 2, peers: 3 },
    ],
    ['lets go on what equals the median', {}, [...OTHERS, ...curve('t', 2, 2, 2, 2, 2)], null],
    ['looks at the best value so far', {}, [...OTHERS, ...curve('t', 1.5, 30, 30, 30, 30)], null],
    [
      'compares with averages up to the same step, not up to the end',
      { start_step: '2', min_trials_required: '1' },
      [...curve('a', 8, 4, 0, 0), ...curve('t', 7, 7)],
      { step: 2, value: 7, threshold: 6, peers: 1 },
    ],
    [
      'takes the middle between two',
      { min_trials_required: '2', start_step: '1' },
      [...curve('a', 1), ...curve('b', 4), ...curve('t', 3)],
      { step: 1, value: 3, threshold: 2.5, peers: 2 },
    ],
    ['waits for enough trials', {}, [...OTHERS.slice(0, 10), ...curve('t', 9, 9, 9, 9, 9)], null],
    ['waits for the start step', {}, [...OTHERS, ...curve('t', 99, 99, 99)], null],
    [
      'looks at every report from the start step on',
      { start_step: '2' },
      [...OTHERS, ...curve('d', 2, 2, 2, 1, 0, 0), ...curve('t', 2, 2, 2, 2, 2)],
      { step: 4, value: 2, threshold: 1.875, peers: 4 },
    ],
    [
      'stops what never was a number',
      {},
      [...OTHERS, ...curve('t', NaN, NaN, NaN, NaN)],
      { step: 4, value: NaN, threshold: 2, peers: 3 },
    ],
  ])('%s', (_, settings, reports, expected) =>
    expect(stopOf(medianStop, settings, reports)).toEqual(expected),
  );

  it('counts trials that are still running', () => {
    const running = ['a', 'b', 'c'].flatMap((name) => curve(name, 1, 1, 1, 1));
    expect(stopOf(medianStop, {}, [...running, ...curve('t', 2, 2, 2, 2)])).toMatchObject({
      step: 4,
      peers: 3,
    });
  });

  it('says why in a sentence', () => {
    const decisions = decisionsOf({ stopper: medianStop, settings: {} }, [
      ...OTHERS,
      ...curve('t', 3, 3, 3, 3),
    ]);
    expect(decisions.at(-1)?.reason).toBe(
      'loss 3 is worse than 2, the median of the running averages of 3 other trials.',
    );
  });
});

describe('asha', () => {
  it.each<[string, Settings, CurveReport[], object | null]>([
    ['lets the first go on', {}, curve('t', 5, 5, 5), null],
    [
      'lets only the best third go on',
      {},
      [
        ...curve('a', 1),
        ...curve('b', 2),
        ...curve('c', 3),
        ...curve('d', 4),
        ...curve('e', 5),
        ...curve('t', 3),
      ],
      { step: 1, value: 3, threshold: 2, peers: 5 },
    ],
    [
      'lets one of five go on, not two',
      {},
      [...curve('a', 1), ...curve('b', 3), ...curve('c', 4), ...curve('d', 5), ...curve('t', 2)],
      { step: 1, value: 2, threshold: 1, peers: 4 },
    ],
    [
      'lets as good ones go on',
      {},
      [
        ...curve('a', 1),
        ...curve('b', 2),
        ...curve('c', 3),
        ...curve('d', 4),
        ...curve('e', 5),
        ...curve('t', 2),
      ],
      null,
    ],
    [
      'decides at rungs alone',
      { min_resource: '2' },
      [...curve('a', 1, 1, 1, 1, 1, 1), ...curve('t', 9, 1, 1, 1, 1, 9)],
      null,
    ],
    [
      'decides at the first report behind a rung',
      { min_resource: '3' },
      [...curve('a', 1, 1, 1, 1), { trial: 't', step: 2, value: 7 }, { trial: 't', step: 5, value: 7 }],
      { step: 5, value: 7, threshold: 1, peers: 1 },
    ],
    [
      'decides nothing where the training ends',
      { max_resource: '3' },
      [...curve('a', 5, 1, 1), ...curve('t', 5, 5, 5)],
      null,
    ],
    ['stops what is not a number', {}, curve('t', NaN), { step: 1, value: NaN, threshold: null, peers: 0 }],
  ])('%s', (_, settings, reports, expected) => expect(stopOf(asha, settings, reports)).toEqual(expected));

  it('compares trials of one bracket only, about a quarter of them in the second', () => {
    const names = Array.from({ length: 400 }, (_, index) => `exp-${index}`);
    const reports = names.flatMap((name) => curve(name, 1));
    const decided = decisionsOf({ stopper: asha, settings: { brackets: '2' } }, reports).filter(
      (decision) => decision !== null,
    );
    // The second bracket has no rung at step 1.
    expect(400 - decided.length).toBeGreaterThan(70);
    expect(400 - decided.length).toBeLessThan(130);
    expect(decided.at(-1)?.peers).toBe(decided.length - 1);
  });

  it('says why in a sentence', () => {
    const [, decision] = decisionsOf({ stopper: asha, settings: {} }, [...curve('a', 1), ...curve('t', 2)]);
    expect(decision?.reason).toBe(
      'loss 2 is worse than 1: not among the best 1 of the 2 trials that came to rung 1.',
    );
  });

  it.each<[Settings, RegExp]>([
    [{ max_resource: '1' }, /max_resource is 1, which is not beyond the first rung of the last bracket, 1:/],
    [{ brackets: '3', max_resource: '9' }, /not beyond the first rung of the last bracket, 9:/],
    [{ brackets: '11' }, /brackets is 11/],
  ])('refuses %j', (settings, problem) => expect(asha.problems(settings).join()).toMatch(problem));
});

describe('percentile', () => {
  const six = ['a', 'b', 'c', 'd', 'e'].flatMap((name, index) => curve(name, index, index, index, index));
  it.each<[string, Settings, CurveReport[], object | null]>([
    [
      'lets the best quarter go on',
      {},
      [...six, ...curve('t', 2, 2, 2, 2)],
      { step: 4, value: 2, threshold: 1, peers: 5 },
    ],
    [
      'compares with the best values of the others, not with averages',
      { min_trials_required: '1', start_step: '2', percentile: '100' },
      [...curve('a', 9, 1), ...curve('t', 3, 3)],
      { step: 2, value: 3, threshold: 1, peers: 1 },
    ],
  ])('%s', (_, settings, reports, expected) =>
    expect(stopOf(percentileStop, settings, reports)).toEqual(expected),
  );
});

describe('threshold', () => {
  it.each<[string, Settings, CurveReport[], object | null]>([
    [
      'stops what is worse than the bound',
      { worse_than: '5' },
      curve('t', 5, 6),
      { step: 2, value: 6, threshold: 5, peers: 0 },
    ],
    ['waits for the start step', { worse_than: '5', start_step: '3' }, curve('t', 9, 9, 5), null],
    [
      'stops what is good enough',
      { good_enough: '0.5' },
      curve('t', 2, 0.5),
      { step: 2, value: 0.5, threshold: 0.5, peers: 0 },
    ],
    [
      'stops what is not a number',
      { worse_than: '5' },
      curve('t', 1, NaN),
      { step: 2, value: NaN, threshold: 5, peers: 0 },
    ],
    ['waits for something good enough', { good_enough: '0.5' }, curve('t', 2, NaN, 0.6), null],
  ])('%s', (_, settings, reports, expected) =>
    expect(stopOf(thresholdStop, settings, reports)).toEqual(expected),
  );

  it('needs a bound', () =>
    expect(thresholdStop.problems({}).join()).toMatch(/Neither worse_than nor good_enough/));
});

describe('plateau', () => {
  it.each<[string, Settings, CurveReport[], object | null]>([
    [
      'stops after so many reports without improvement',
      { patience: '3' },
      curve('t', 5, 4, 4, 4.5, 4, 1),
      { step: 5, value: 4, threshold: 4, peers: 0 },
    ],
    ['goes on while there is improvement', { patience: '2' }, curve('t', 5, 5, 4, 4, 3, 3, 2), null],
    [
      'wants improvements of some size',
      { patience: '2', min_delta: '1' },
      curve('t', 5, 4.5, 4),
      { step: 3, value: 4, threshold: 4, peers: 0 },
    ],
    [
      'adds small improvements up',
      { patience: '3', min_delta: '1' },
      curve('t', 5, 4.5, 3.9, 3.5, 2.8),
      null,
    ],
    [
      'takes what is not a number for no improvement',
      { patience: '2' },
      curve('t', NaN, NaN),
      { step: 2, value: NaN, threshold: null, peers: 0 },
    ],
    [
      'waits for the start step',
      { patience: '2', start_step: '6' },
      curve('t', 5, 5, 5, 5, 5, 5),
      { step: 6, value: 5, threshold: 5, peers: 0 },
    ],
  ])('%s', (_, settings, reports, expected) =>
    expect(stopOf(plateauStop, settings, reports)).toEqual(expected),
  );
});

describe('a metric of which the latest value counts', () => {
  it('is compared by its latest value', () => {
    const rule = medianStop.create(
      { ...LOSS, standing: 'latest' },
      { start_step: '2', min_trials_required: '1' },
    );
    for (const report of curve('a', 2, 2)) rule.report(report);
    const [, second] = curve('t', 1, 3).map((report) => rule.report(report));
    expect(second).toMatchObject({ stop: true, value: 3, threshold: 2 });
  });
});

describe('settings', () => {
  it.each([
    [medianStop, 'min_trials_required', '0'],
    [medianStop, 'start_step', 'four'],
    [asha, 'eta', '1'],
    [percentileStop, 'percentile', '101'],
    [percentileStop, 'percentile', ''],
    [thresholdStop, 'worse_than', 'NaN'],
    [plateauStop, 'min_delta', '-1'],
  ])('$name refuses %s %s', (stopper, name, value) =>
    expect(stopper.settings.find((setting) => setting.name === name)?.check(value)).toMatch(/^It must be/),
  );
});

describe('many trials', () => {
  it('takes a hundred reports of each of two thousand trials in', () => {
    const rule = medianStop.create(LOSS, {});
    const decisions: (StoppingDecision | null)[] = [];
    for (let trial = 0; trial < 2_000; trial++)
      for (let step = 1; step <= 100; step++)
        decisions.push(rule.report({ trial: `t-${trial}`, step, value: ((trial * 7919) % 1000) / step }));
    expect(decisions.filter((decision) => decision?.stop)).not.toEqual([]);
    expect(decisions.at(-1)).toMatchObject({ step: 100, peers: 1_999 });
  });
});
