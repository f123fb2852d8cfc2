import { describe, expect, it } from 'vitest';
import { finishedLine } from '../../../cli/progress/finished-line.ts';
import {
  formatBest,
  formatCounts,
  formatEta,
  formatParameters,
  formatValue,
} from '../../../cli/progress/format.ts';
import { bestTrial, experimentSummary, MODULE_MISSING, trialSummary } from '../summaries.ts';

it.each([
  [null, '-'],
  [0.97222222, '0.972222'],
  [1, '1'],
  [123456789, '123457000'],
  [1.23e-9, '1.23e-9'],
  [Number.NaN, 'NaN'],
  [-Infinity, '-Infinity'],
])('the value %d reads %s', (value, text) => {
  expect(formatValue(value)).toBe(text);
});

it('shortens fractions of parameters and nothing else', () => {
  const parameters = ['0.10909517206580406', '1e-7', '1234567890', '0.10', 'sgd', '1.2.3', '-0.123456789e-5'];
  const named = parameters.map((value) => ({ name: 'p', value }));
  expect(formatParameters(named)).toBe('p=0.109095 p=1e-7 p=1234567890 p=0.1 p=sgd p=1.2.3 p=-0.00000123457');
});

it('names rare states only where there are any', () => {
  expect(formatCounts(experimentSummary({ counts: { running: 2, succeeded: 5 } }))).toBe(
    '2 running, 5 succeeded',
  );
  const counts = { failed: 1, metricsUnavailable: 2, earlyStopped: 3, killed: 4, pending: 5 };
  expect(formatCounts(experimentSummary({ counts }))).toBe(
    '0 running, 0 succeeded, 1 failed, 2 without metrics, 3 stopped early, 4 killed, 5 waiting',
  );
});

it('names the best trial as soon as there is one', () => {
  expect(formatBest(experimentSummary())).toBe('');
  expect(formatBest(experimentSummary({ best: bestTrial('exp-3', 0.25) }))).toBe('best loss=0.25 (exp-3)');
});

it('says nothing about time that it cannot know', () => {
  expect([formatEta(null), formatEta(0), formatEta(65_000)]).toEqual(['', 'ETA <1s', 'ETA 1m 05s']);
});

describe('the line of a finished trial', () => {
  const experiment = experimentSummary({ maxTrials: 8 });

  it('has its place, state, value and parameters, and how the experiment stands', () => {
    expect(finishedLine(experiment, trialSummary(), 3, 'best loss=0.25 (exp-1)')).toBe(
      '[3/8] exp-0 Succeeded loss=0.5 lr=0.123457 layers=1234567 optimizer=sgd | best loss=0.25 (exp-1)',
    );
    expect(finishedLine(experimentSummary({ maxTrials: null }), trialSummary(), 3, '')).toMatch(
      /^\[3\/\?\].*sgd$/,
    );
  });

  it('says why a trial has no result, on one line', () => {
    const failed = trialSummary({ state: 'Failed', value: null, parameters: [], message: MODULE_MISSING });
    expect(finishedLine(experiment, failed, 1, 'best …')).toBe(
      '[1/8] exp-0 Failed | TRIAL_MODULE_MISSING: Container main of pod exp-0-0 needs the module "nothere", ' +
        'which is not installed.',
    );
  });

  it('stays of bounded length, whatever the message', () => {
    const failed = trialSummary({ state: 'Failed', message: 'x'.repeat(5000) });
    expect(finishedLine(experiment, failed, 1, '').length).toBeLessThan(400);
  });
});
