import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Progress } from '../../../cli/progress/progress.ts';
import { followExperiments } from '../../../cli/run/follow.ts';
import { EXPERIMENTS, TRIALS } from '../../../kube/resource.ts';
import { condition } from '../../support/experiment-objects.ts';
import {
  ALL_DONE,
  experimentObject,
  RUNNING,
  storeStatus,
  storeTrial,
  storeWarning,
  world,
  type World,
} from '../world.ts';

let here: World;
let told: string[];
let stop: AbortController;
beforeEach(() => {
  here = world();
  told = [];
  stop = new AbortController();
});
afterEach(async () => {
  stop.abort();
  await here.close();
});

const progress: Progress = {
  showsLiveTrials: true,
  update: ({ name, state }, live) =>
    void told.push(
      `${name} ${state} ${live.map((trial) => `${trial.name}:${trial.value}`).join(' ')}`.trim(),
    ),
  trialFinished: (_, { name, state }, place) => void told.push(`${place} ${name} ${state}`),
  note: (line) => void told.push(line),
  end: () => undefined,
};

function follow(...keys: string[]): Promise<boolean> {
  const { client, observations, clock } = here;
  return followExperiments({ client, observations, clock, keys, progress, signal: stop.signal });
}

/** What was told about ended trials. */
const endings = (): string[] => told.filter((line) => /^\d/.test(line));

async function running(): ReturnType<typeof storeStatus> {
  const stored = await here.client.create(EXPERIMENTS, experimentObject());
  return storeStatus(here, stored, { conditions: [RUNNING], trials: 2, trialsRunning: 2 });
}

describe('an experiment that is followed', () => {
  it('is over when it is finished and its trials have ended', async () => {
    const experiment = await running();
    const stored = await storeTrial(here, { index: 0, state: 'Running' });
    const end = follow('default/exp');
    await here.clock.advance(2000);
    await storeStatus(here, experiment, { conditions: [ALL_DONE], trials: 6, trialsSucceeded: 6 });
    await here.clock.advance(2000);
    expect(told.at(-1), 'the last trial still runs').toBe('exp Succeeded exp-0:null');
    await here.client.updateStatus(TRIALS, { ...stored, status: { conditions: [condition('Succeeded')] } });
    await here.clock.advance(2000);
    await expect(end).resolves.toBe(true);
  });

  it('is over at once when it was finished before, and tells nothing of old trials', async () => {
    const stored = await here.client.create(EXPERIMENTS, experimentObject());
    await storeStatus(here, stored, { conditions: [ALL_DONE], trials: 1, trialsSucceeded: 1 });
    await storeTrial(here, { index: 0, state: 'Succeeded', loss: 1 });
    await expect(follow('default/exp')).resolves.toBe(true);
    expect(endings()).toEqual([]);
  });

  it('is not over when it was extended a moment ago', async () => {
    const extended = experimentObject('exp', { resumePolicy: 'LongRunning', maxTrialCount: 7 });
    const stored = await here.client.create(EXPERIMENTS, extended);
    await storeStatus(here, stored, { conditions: [ALL_DONE], trials: 6, trialsSucceeded: 6 });
    const end = follow('default/exp');
    await here.clock.advance(5000);
    expect(told.at(-1)).toBe('exp Restarting');
    stop.abort();
    await here.clock.advance(2000);
    await expect(end).resolves.toBe(false);
  });

  it('counts its trials up one by one, however many end at once, and after those of an earlier run', async () => {
    await running();
    await storeTrial(here, { index: 0, state: 'Succeeded', loss: 1 });
    await storeTrial(here, { index: 1, state: 'Failed' });
    const end = follow('default/exp');
    await here.clock.advance(1000);
    for (const index of [12, 3, 2]) await storeTrial(here, { index, state: 'Succeeded', loss: 1 });
    await here.clock.advance(1000);
    await storeTrial(here, { index: 4, state: 'EarlyStopped', loss: 1 });
    await here.clock.advance(2000);
    expect(endings()).toEqual([
      '3 exp-2 Succeeded',
      '4 exp-3 Succeeded',
      '5 exp-12 Succeeded',
      '6 exp-4 EarlyStopped',
    ]);
    stop.abort();
    await here.clock.advance(2000);
    await end;
  });

  it('shows what running trials reported last', async () => {
    await running();
    const { metadata } = await storeTrial(here, { index: 0, state: 'Running' });
    const end = follow('default/exp');
    const observation = { metric: 'loss', step: 1, timeMs: 1, value: 0.5, sequence: 0 };
    await here.observations.report({ trialUid: metadata.uid, source: 'pod/main' }, [observation]);
    await here.clock.advance(1500);
    expect(told.at(-1)).toBe('exp Running exp-0:0.5');
    stop.abort();
    await here.clock.advance(2000);
    await end;
  });

  it('tells warnings once', async () => {
    await running();
    const end = follow('default/exp');
    await here.clock.advance(1000);
    for (const name of ['exp-0-0', 'exp-1-0'])
      await storeWarning(here, { kind: 'Pod', name }, 'LOCAL_PATH_UNMAPPED', 'Path /x does not exist.');
    await here.clock.advance(1500);
    expect(told.filter((line) => line.startsWith('Warning'))).toEqual([
      'Warning LOCAL_PATH_UNMAPPED: Path /x does not exist.',
    ]);
    stop.abort();
    await here.clock.advance(2000);
    await end;
  });
});

it('a signal that came before anything ends it at once', async () => {
  await running();
  stop.abort();
  const end = follow('default/exp');
  await here.clock.advance(2000);
  await expect(end).resolves.toBe(false);
});
