import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReplayView } from '../../../experiments/replay.ts';
import { EXPERIMENTS, TRIALS } from '../../../kube/resource.ts';
import { condition, NOW } from '../../support/experiment-objects.ts';
import { resultsFixture, type ResultsFixture } from '../results-fixture.ts';
import { experimentObject, storeTrial } from '../world.ts';

let fixture: ResultsFixture;
beforeAll(async () => {
  fixture = await resultsFixture();
  // exp-0 has 1, 0.5, 0.25 at the times 0, 1 and 2 s.
  const curves: [number, number[]][] = [
    [3, [2, 1.5, 1, 0.8]],
    [4, [9, 8, 7, 0.1]],
  ];
  for (const [index, losses] of curves) {
    const { metadata } = await storeTrial(fixture.world, {
      index,
      state: 'Succeeded',
      loss: losses.at(-1) ?? 0,
    });
    await fixture.world.observations.report(
      { trialUid: metadata.uid, source: 'pod/main' },
      losses.map((value, step) => ({
        metric: 'loss',
        value,
        step,
        timeMs: 5_000 + step * 1_000,
        sequence: step,
      })),
    );
  }
});
afterAll(() => fixture.remove());

async function replayed(...args: string[]): Promise<ReplayView[]> {
  const { code, stdout, stderr } = await fixture.katydid('replay', 'exp', '-o', 'json', ...args);
  expect(code, stderr).toBe(0);
  return (JSON.parse(stdout) as { replays: ReplayView[] }).replays;
}

describe('katydid replay', () => {
  it('tells which trials a rule would have stopped, and where', async () => {
    const [replay] = await replayed('--rule', 'threshold', '--set', 'worse_than=5', '--set', 'start_step=2');
    expect(replay).toMatchObject({
      rule: 'threshold',
      settings: { worse_than: '5', start_step: '2' },
      trials: 3,
      stopped: 1,
      reports: 11,
      reportsSaved: 2,
      secondsSaved: 2,
      best: { trial: 'exp-4', value: 0.1, stoppedAtStep: 1 },
      isBestLost: true,
      bestValue: 0.25,
      stops: [
        {
          trial: 'exp-4',
          step: 1,
          value: 8,
          threshold: 5,
          peers: 0,
          reason: 'loss 8 is worse than 5.',
          reports: 4,
          reportsSaved: 2,
          secondsSaved: 2,
          finalValue: 0.1,
        },
      ],
    });
  });

  it('says it in words', async () => {
    const { stdout } = await fixture.katydid('replay', 'exp', '--rule', 'threshold', '--set', 'worse_than=5');
    expect(stdout.split('\n')).toEqual([
      'threshold would have stopped 1 of 3 trials and saved 3 of 11 reports (27 %), 3s of training.',
      'The best trial, exp-4 (loss = 0.1), would have been lost at step 0; the best would be 0.25.',
      '',
      'TRIAL   STEP   SAVED   IN THE END   WHY',
      'exp-4   0      3/4     0.1          loss 9 is worse than 5.',
    ]);
  });

  it('says that nothing would have been stopped', async () => {
    const { stdout } = await fixture.katydid('replay', 'exp', '--rule', 'medianstop');
    expect(stdout.split('\n')).toEqual([
      'medianstop would have stopped 0 of 3 trials and saved 0 of 11 reports (0 %), <1s of training.',
      'The best trial, exp-4 (loss = 0.1), would still be the best.',
    ]);
  });

  it('compares all rules that need no setting where none is named', async () => {
    const { stdout } = await fixture.katydid('replay', 'exp');
    const [header, ...rows] = stdout.split('\n');
    expect(header).toMatch(/^RULE +STOPPED +REPORTS SAVED +TIME SAVED +BEST TRIAL +LOSS$/);
    expect(rows.map((row) => row.split(' ')[0])).toEqual(['medianstop', 'asha', 'percentile', 'plateau']);
    expect(rows[1]).toMatch(/^asha +2\/3 +\d\/11 .* lost +0.25$/);
  });

  it.each([
    [['--rule', 'guess'], /medianstop/],
    [['--rule', 'asha', '--set', 'eta'], /"eta" is not of the form name=value/],
    [['--rule', 'asha', '--set', 'eta=1'], /eta is "1"\. It must be a whole number, 2 or more/],
    [['--rule', 'asha', '--set', 'etha=3'], /Did you mean "eta"/],
    [['--rule', 'threshold'], /Neither worse_than nor good_enough is set/],
    [['--set', 'eta=3'], /--set needs --rule/],
  ])('refuses %j', async (args, message) => {
    const { code, stderr } = await fixture.katydid('replay', 'exp', ...args);
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
  });
});

describe('an experiment with early stopping', () => {
  it('is described with its rule', async () => {
    const algorithmSettings = [{ name: 'eta', value: '4' }];
    const earlyStopping = { algorithmName: 'asha', algorithmSettings };
    await fixture.world.client.create(EXPERIMENTS, experimentObject('stopping', { earlyStopping }));
    expect((await fixture.katydid('describe', 'stopping')).stdout).toMatch(/^Stops by +asha \(eta = 4\)$/m);
    expect((await fixture.katydid('describe', 'experiment/exp')).stdout).not.toContain('Stops by');
  });
});

describe('a trial that was stopped early', () => {
  it('is described with what was found', async () => {
    const { client } = fixture.world;
    const stored = await client.get(TRIALS, { namespace: 'default', name: 'exp-3' });
    const record = {
      rule: 'medianstop',
      metric: 'loss',
      step: 4,
      value: '3',
      peers: 7,
      reason: 'Because.',
      time: NOW,
    };
    const status = {
      ...stored.status,
      conditions: [
        condition('EarlyStopped', 'True', 'TrialEarlyStopped', 'Trial is early stopped: because.'),
      ],
      earlyStopping: { ...record, threshold: '2.5' },
    };
    await client.updateStatus(TRIALS, { ...stored, status });
    const { stdout } = await fixture.katydid('describe', 'exp-3');
    expect(stdout).toContain('Status       EarlyStopped: Trial is early stopped: because.');
    expect(stdout).toMatch(
      /^Stopped +by medianstop at step 4: value 3, threshold 2.5, compared with 7 other trials$/m,
    );
  });
});
