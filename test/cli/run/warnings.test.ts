import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { experimentWarnings, isTelling, trialWarnings } from '../../../experiments/warnings.ts';
import { boundedTeller, tellWarnings } from '../../../cli/run/warnings.ts';
import type { KubeEvent } from '../../../kube/resource.ts';
import { experiment, trial } from '../../support/experiment-objects.ts';
import { eventually } from '../../support/eventually.ts';
import { storeWarning, world, type World } from '../world.ts';

let here: World;
beforeEach(() => (here = world()));
afterEach(() => here.close());

describe('while it runs', () => {
  it('only warnings from then on are told', async () => {
    await storeWarning(here, { kind: 'Pod', name: 'exp-0-0' }, 'LOCAL_PATH_UNMAPPED', 'old');
    await here.clock.advance(5000);
    const lines: string[] = [];
    const stop = new AbortController();
    const tell = (line: string): void => void lines.push(line);
    const end = tellWarnings({ client: here.client, clock: here.clock, signal: stop.signal, tell });
    await storeWarning(here, { kind: 'Pod', name: 'exp-1-0' }, 'LOCAL_PATH_UNMAPPED', 'new\nwith details');
    await eventually(() => expect(lines).toEqual(['Warning LOCAL_PATH_UNMAPPED: new']));
    stop.abort();
    await end;
  });

  it.each([3_600_000, -3_600_000])('those after the clock was set by %i ms are told', async (byMs) => {
    const lines: string[] = [];
    const stop = new AbortController();
    const tell = (line: string): void => void lines.push(line);
    const end = tellWarnings({ client: here.client, clock: here.clock, signal: stop.signal, tell });
    await here.clock.advance(5000);
    here.clock.set(byMs);
    await storeWarning(here, { kind: 'Pod', name: 'exp-1-0' }, 'LOCAL_PATH_UNMAPPED', 'new');
    await eventually(() => expect(lines).toEqual(['Warning LOCAL_PATH_UNMAPPED: new']));
    stop.abort();
    await end;
  });

  it('one code with many messages does not fill the screen', () => {
    const lines: string[] = [];
    const tell = boundedTeller((line) => void lines.push(line));
    for (let pod = 0; pod < 1000; pod++) tell({ reason: 'BackOff', message: `pod ${pod}` });
    for (let pod = 0; pod < 1000; pod++) tell({ reason: 'BackOff', message: 'pod 1' });
    expect(lines).toEqual([
      'Warning BackOff: pod 0',
      'Warning BackOff: pod 1',
      'Warning BackOff: pod 2',
      'Further warnings BackOff are in the log only.',
    ]);
  });
});

it.each<[boolean, Partial<KubeEvent>]>([
  [true, { type: 'Warning', reason: 'LOCAL_PATH_UNMAPPED', involvedObject: { kind: 'Pod' } }],
  [true, { type: 'Warning', reason: 'SuggestionFailed', involvedObject: { kind: 'Experiment' } }],
  [false, { type: 'Normal', reason: 'LOCAL_IMAGE_IGNORED', involvedObject: { kind: 'Pod' } }],
  [false, { type: 'Warning', reason: 'JobFailed', involvedObject: { kind: 'Trial' } }],
  [false, { type: 'Warning', reason: 'BackoffLimitExceeded', involvedObject: { kind: 'Job' } }],
  [false, { type: 'Warning', reason: 'ReconcileError', involvedObject: { kind: 'Suggestion' } }],
])('telling is %s for %j', (expected, event) => {
  expect(isTelling({ apiVersion: 'v1', kind: 'Event', metadata: {}, involvedObject: {}, ...event })).toBe(
    expected,
  );
});

describe('afterwards', () => {
  it('an experiment and a trial have their own, each once', async () => {
    const about: [string, string, string][] = [
      ['Pod', 'exp-1-0', 'a job pod of trial 1'],
      ['Pod', 'exp-1-worker-0', 'a worker of trial 1'],
      ['Pod', 'exp-1-worker-1', 'a worker of trial 1'],
      ['Job', 'exp-1', 'the job of trial 1'],
      ['Pod', 'exp-10-0', 'a pod of trial 10'],
      ['Pod', 'exp-1-0-0', 'a pod of trial 0 of experiment exp-1'],
      ['Experiment', 'exp', 'the experiment'],
      ['Experiment', 'exp-1', 'another experiment'],
      ['Pod', 'other-0-0', 'a pod of another experiment'],
    ];
    for (const [kind, name, message] of about) await storeWarning(here, { kind, name }, 'W', message);
    const ofTrial = await trialWarnings(here.client, trial({ index: 1 }));
    expect(ofTrial.map(({ message }) => message).sort()).toEqual([
      'a job pod of trial 1',
      'a worker of trial 1',
      'the job of trial 1',
    ]);
    const ofExperiment = (await experimentWarnings(here.client, experiment())).map(({ message }) => message);
    expect(ofExperiment).toContain('the experiment');
    expect(ofExperiment).toContain('a pod of trial 10');
    expect(ofExperiment).not.toContain('another experiment');
    expect(ofExperiment).not.toContain('a pod of another experiment');
  });
});
