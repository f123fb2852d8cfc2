import { expect, it } from 'vitest';
import { barProgress } from '../../../cli/progress/bar-progress.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { fakeTerminal } from '../fake-terminal.ts';
import { bestTrial, experimentSummary, trialSummary } from '../summaries.ts';

it('shows share, counts, best value and what running trials reported', () => {
  const terminal = fakeTerminal(160);
  const progress = barProgress(terminal, new FakeClock());
  const experiment = experimentSummary({
    counts: { running: 2, succeeded: 4, failed: 1 },
    best: bestTrial('exp-1', 0.25),
  });
  progress.update(experiment, [
    { name: 'exp-5', value: 0.75 },
    { name: 'exp-6', value: null },
  ]);
  expect(terminal.screen()).toEqual([
    'exp [████████████░░░░░░░░░░░░] 5/10  2 running, 4 succeeded, 1 failed  best loss=0.25 (exp-1)  exp-5 0.75, exp-6 -',
  ]);
});

it('estimates the time that is left from the trials of this run', async () => {
  const clock = new FakeClock();
  const terminal = fakeTerminal(160);
  const progress = barProgress(terminal, clock);
  progress.update(experimentSummary({ counts: { running: 2, succeeded: 4 } }), []);
  expect(terminal.screen()[0]).not.toContain('ETA');
  await clock.advance(10_000);
  progress.update(experimentSummary({ counts: { running: 2, succeeded: 6 } }), []);
  expect(terminal.screen()[0]).toContain('ETA 20s');
});

it('draws a line for each experiment, also for two of one name, until it is finished', () => {
  const terminal = fakeTerminal(60);
  const progress = barProgress(terminal, new FakeClock());
  progress.update(experimentSummary({ counts: { running: 1 } }), []);
  progress.update(experimentSummary({ namespace: 'other', counts: { running: 2 } }), []);
  expect(terminal.screen()).toEqual([
    'exp [░░░░░░░░░░] 0/10  1 running, 0 succeeded',
    'exp [░░░░░░░░░░] 0/10  2 running, 0 succeeded',
  ]);
  progress.update(experimentSummary({ state: 'Succeeded', counts: { succeeded: 10 } }), []);
  expect(terminal.screen()).toEqual(['exp [░░░░░░░░░░] 0/10  2 running, 0 succeeded']);
});

it('lets finished trials and notes scroll past above the bars', () => {
  const terminal = fakeTerminal(120);
  const progress = barProgress(terminal, new FakeClock());
  const experiment = experimentSummary({ counts: { succeeded: 1 }, best: bestTrial('exp-0', 0.5) });
  progress.update(experiment, []);
  progress.note('a note');
  progress.trialFinished(experiment, trialSummary({ parameters: [] }), 1);
  progress.trialFinished(experiment, trialSummary({ name: 'exp-1', parameters: [] }), 2);
  expect(terminal.screen().slice(0, 3)).toEqual([
    'a note',
    '[1/10] exp-0 Succeeded loss=0.5 | best so far',
    '[2/10] exp-1 Succeeded loss=0.5',
  ]);
  progress.end();
  expect(terminal.screen()).toHaveLength(3);
});

it('has a bar for an experiment without a limit, and for one beyond it', () => {
  const terminal = fakeTerminal(60);
  const progress = barProgress(terminal, new FakeClock());
  progress.update(experimentSummary({ maxTrials: null, counts: { succeeded: 3 } }), []);
  expect(terminal.screen()[0]).toBe('exp [░░░░░░░░░░] 3/?  0 running, 3 succeeded');
  progress.update(experimentSummary({ maxTrials: 2, counts: { succeeded: 3 } }), []);
  expect(terminal.screen()[0]).toBe('exp [██████████] 3/2  0 running, 3 succeeded');
});
