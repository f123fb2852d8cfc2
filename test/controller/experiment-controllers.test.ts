import { afterEach, describe, expect, it, vi } from 'vitest';
import { KatydidError } from '../../core/errors.ts';
import type { ExperimentStatus } from '../../core/experiment.ts';
import { COLLECTOR_CONTAINER, TRIAL_LABEL } from '../../core/labels.ts';
import { trialState } from '../../core/trial.ts';
import { CONFIG_MAPS, EVENTS, EXPERIMENTS, JOBS, PODS, TRIALS } from '../../kube/resource.ts';
import { RETRY_DELAYS_MS } from '../../controller/trial/retry.ts';
import { changeDesiredState } from '../../experiments/verbs/change-desired-state.ts';
import { JOB_TEMPLATE } from '../support/experiment-objects.ts';
import { FakeDiskSpace } from '../support/fake-disk-space.ts';
import { ExperimentWorld, type WorldOptions } from '../support/experiment-world.ts';

const open: (() => Promise<void>)[] = [];

/** A world with its controllers running, both ended after the test. */
function startWorld(options?: WorldOptions): ExperimentWorld {
  const world = new ExperimentWorld(options);
  const stop = world.start();
  open.push(async () => {
    await stop();
    await world.close();
  });
  return world;
}

afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

const REF = { namespace: 'default', name: 'exp' };
/** What the kubelet leaves of a trial whose metrics could not be stored. */
async function leavePodOfFailedCollector({ client }: ExperimentWorld, trial: string): Promise<void> {
  const terminated = { exitCode: 1, message: 'The metrics collector failed: the disk is full' };
  const collector = { name: COLLECTOR_CONTAINER, restartCount: 0, state: { terminated } };
  const pod = await client.create(PODS, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `${trial}-pod`, namespace: 'default', labels: { [TRIAL_LABEL]: trial } },
    spec: { containers: [{ name: 'training' }] },
  });
  await client.updateStatus(PODS, {
    ...pod,
    status: { phase: 'Succeeded', initContainerStatuses: [collector] },
  });
}

const NEVER = { state: 'Never' } as const;

describe('an experiment', () => {
  it('asks a search again that waited, whenever a trial has ended', async () => {
    const running = ({ trials }: { trials: readonly { state: string }[] }): number =>
      trials.filter(({ state }) => state === 'running').length;
    const world = startWorld({ waits: (request) => running(request) > 0, durationOf: (index) => 20 * index });
    await world.submit({ parallelTrialCount: 4 });
    await world.untilReason('ExperimentMaxTrialsReached');
    expect(world.trialsSeen.size).toBe(6);
  });

  it('runs as many trials as it asks for and finds the best', async () => {
    const world = startWorld({ endOf: (index) => ({ state: 'Complete', value: Math.abs(index - 3) }) });
    await world.submit();
    const { status } = await world.untilReason('ExperimentMaxTrialsReached');
    expect(status).toMatchObject({
      trials: 6,
      trialsSucceeded: 6,
      currentOptimalTrial: { bestTrialName: 'exp-3' },
    });
    expect(status?.conditions?.map(({ type }) => type)).toEqual(['Created', 'Running', 'Succeeded']);
    const trials = await world.trials();
    expect(trials.map(({ metadata }) => metadata.name).toSorted()).toEqual(
      [0, 1, 2, 3, 4, 5].map((index) => `exp-${index}`),
    );
    expect(trials[0]?.status?.conditions?.map(({ type, status: state }) => `${type}=${state}`)).toEqual([
      'Created=True',
      'Running=False',
      'Succeeded=True',
    ]);
  });

  it('renders the assignments into the job and adds the collector', async () => {
    const world = startWorld({ endOf: () => NEVER });
    await world.submit({ maxTrialCount: 1, parallelTrialCount: 1 });
    await world.until(async () => (await world.jobs()).length === 1);
    const [job] = await world.jobs();
    expect(JSON.stringify(job)).toContain('--x=0');
    expect(JSON.stringify(job)).toContain('metrics-logger-and-collector');
  });

  it('removes the jobs of ended trials, and keeps them where asked to', async () => {
    const world = startWorld();
    await world.submit();
    await world.untilReason('ExperimentMaxTrialsReached');
    await world.until(async () => (await world.jobs()).length === 0);
    const retaining = startWorld();
    const { trialTemplate } = (await world.experiment()).spec;
    await retaining.submit({ trialTemplate: { ...trialTemplate, retain: true } });
    await retaining.untilReason('ExperimentMaxTrialsReached');
    expect(await retaining.jobs()).toHaveLength(6);
  });

  it('fails at the failure that is one too many, and says why', async () => {
    const world = startWorld({ endOf: () => ({ state: 'Failed', message: 'backoff limit' }) });
    await world.submit({ maxFailedTrialCount: 2, parallelTrialCount: 1 });
    const { status } = await world.untilReason('ExperimentFailed');
    expect(status).toMatchObject({ trialsFailed: 2 });
    const [trial] = await world.trials();
    expect(trial?.status?.conditions?.at(-1)?.message).toMatch(
      /^Trial has failed\. Job message: backoff limit \[TRIAL_JOB_FAILED\]/,
    );
  });

  it('stops at once where all trials fail alike, says why, and goes on when it is told to', async () => {
    const world = startWorld({
      endOf: (index) =>
        index < 4 ? { state: 'Complete', value: null } : { state: 'Complete', value: index },
    });
    await world.submit({ maxTrialCount: 12, parallelTrialCount: 1 });
    const { status } = await world.untilReason('ExperimentTrialsFailAlike');
    expect(status).toMatchObject({ trials: 3, trialMetricsUnavailable: 3 });
    expect(status?.conditions?.at(-1)?.message).toContain('METRICS_OTHER_NAMES_SEEN, for example trial exp-');
    await changeDesiredState(world.client, REF, 'resume');
    expect((await world.untilReason('ExperimentMaxTrialsReached')).status).toMatchObject({
      trials: 12,
      trialMetricsUnavailable: 4,
    });
  });

  it('starts a trial over that the infrastructure ended, without eating the budget', async () => {
    const world = startWorld({
      endOf: (index, attempt) =>
        index === 1 && attempt < 3 ? { state: 'Evicted' } : { state: 'Complete', value: index },
    });
    await world.submit({ maxTrialCount: 3, maxFailedTrialCount: 0 });
    const { status } = await world.untilReason('ExperimentMaxTrialsReached');
    expect(status).toMatchObject({ trials: 3, trialsSucceeded: 3 });
    const { metadata, status: of } = await world.client.get(TRIALS, { ...REF, name: 'exp-1' });
    expect(of?.retries?.map(({ code }) => code)).toEqual(['TRIAL_EVICTED', 'TRIAL_EVICTED']);
    expect(of?.observation?.metrics).toEqual([{ name: 'loss', min: '1', max: '1', latest: '1' }]);
    expect(world.jobsSeen.get(metadata.uid)).toBe(3);
    const told = (await world.observations.events(metadata.uid)).filter(
      ({ reason }) => reason === 'JobRetried',
    );
    expect(told.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^Attempt 2 of 4 starts in 5 s: .*low on memory/),
      expect.stringMatching(/^Attempt 3 of 4 starts in 20 s: .*low on memory/),
    ]);
  });

  it.each(['discardTrial', 'recordEvent'] as const)(
    'starts and starts over its trials when the store has room for %s again, and fails none',
    async (call) => {
      const world = startWorld({
        endOf: (index, attempt) =>
          index === 1 && attempt < 2 ? { state: 'Evicted' } : { state: 'Complete', value: index },
      });
      const full = vi
        .spyOn(world.observations, call)
        .mockRejectedValue(new KatydidError('DB_FULL', 'The disk is full.'));
      await world.submit({ maxTrialCount: 3, maxFailedTrialCount: 0 });
      await world.until(() => Promise.resolve(full.mock.calls.length >= 2));
      full.mockRestore();
      const { status } = await world.untilReason('ExperimentMaxTrialsReached');
      expect(status).toMatchObject({ trials: 3, trialsSucceeded: 3 });
    },
  );

  it('gives a trial up that the infrastructure ends again and again', async () => {
    const world = startWorld({ endOf: () => ({ state: 'Evicted' }) });
    await world.submit({ maxTrialCount: 1, parallelTrialCount: 1, maxFailedTrialCount: 0 });
    await world.untilReason('ExperimentFailed');
    const [trial] = await world.trials();
    expect(world.jobsSeen.get(trial?.metadata.uid ?? '')).toBe(1 + RETRY_DELAYS_MS.length);
    expect(trial?.status?.conditions?.at(-1)).toMatchObject({
      type: 'Failed',
      message: expect.stringContaining('[TRIAL_EVICTED]') as string,
    });
  });

  it('pauses, goes on, and ends when it is stopped', async () => {
    const world = startWorld({ durationOf: () => 5 });
    const statusOf = async (): Promise<ExperimentStatus> => (await world.experiment()).status ?? {};
    await world.submit({ maxTrialCount: 1_000, parallelTrialCount: 2 });
    await world.until(async () => ((await statusOf()).trialsSucceeded ?? 0) > 2);
    await changeDesiredState(world.client, REF, 'pause');
    await world.until(async () => {
      const { conditions, trialsRunning, trialsPending } = await statusOf();
      return conditions?.at(-1)?.type === 'Paused' && !trialsRunning && !trialsPending;
    });
    const { trials: whenPaused = 0 } = await statusOf();
    await changeDesiredState(world.client, REF, 'resume');
    await world.until(async () => ((await statusOf()).trials ?? 0) > whenPaused);
    await changeDesiredState(world.client, REF, 'stop');
    const { status } = await world.untilReason('ExperimentStopped');
    expect(status?.trialsSucceeded).toBe(status?.trials);
  });

  it('kills what runs when it is cancelled, and may be resumed', async () => {
    const world = startWorld({
      endOf: (index) => (index < 2 ? { state: 'Never' } : { state: 'Complete', value: 1 }),
    });
    await world.submit({ maxTrialCount: 5, parallelTrialCount: 2 });
    await world.until(async () => (await world.experiment()).status?.trialsRunning === 2);
    await changeDesiredState(world.client, REF, 'cancel');
    expect((await world.untilReason('ExperimentCancelled')).status).toMatchObject({ trialsKilled: 2 });
    await world.until(async () => (await world.jobs()).length === 0);
    await changeDesiredState(world.client, REF, 'resume');
    expect((await world.untilReason('ExperimentMaxTrialsReached')).status).toMatchObject({
      trials: 5,
      trialsKilled: 2,
      trialsSucceeded: 3,
    });
  });

  it('never starts more trials than its limit, also where metrics are missing', async () => {
    // One has a result, so that the others are no reason to stop.
    const world = startWorld({ endOf: (index) => ({ state: 'Complete', value: index === 3 ? 1 : null }) });
    await world.submit({ maxTrialCount: 4 });
    const { status } = await world.untilReason('ExperimentMaxTrialsReached');
    expect(status).toMatchObject({ trials: 4, trialMetricsUnavailable: 3 });
    expect(world.trialsSeen.size).toBe(4);
    const [trial] = await world.trials();
    expect(trial?.status?.conditions?.at(-1)?.message).toContain(
      '[METRICS_OTHER_NAMES_SEEN] "loss" was never reported',
    );
    expect(trial?.status?.observation?.metrics).toEqual([
      { name: 'loss', min: 'unavailable', max: 'unavailable', latest: 'unavailable' },
    ]);
  });

  it('says of a trial whose objective is NaN why it has no result', async () => {
    const world = startWorld({ endOf: () => ({ state: 'Complete', value: NaN }) });
    await world.submit({ maxTrialCount: 1, parallelTrialCount: 1 });
    await world.until(async () => (await world.trials()).some((trial) => trialState(trial) === 'Succeeded'));
    const [trial] = await world.trials();
    expect(trial?.status?.conditions?.at(-1)?.message).toMatch(
      /^Trial has succeeded \[METRICS_NAN\] "loss" has no value: none of its 1 reports was a number, and the last was NaN\. What to do: Look for/,
    );
  });

  it('is not held up by NaN, which never is the best', async () => {
    const world = startWorld({
      endOf: (index) => ({ state: 'Complete', value: index === 4 ? 2 : Number.NaN }),
    });
    await world.submit();
    const { status } = await world.untilReason('ExperimentMaxTrialsReached');
    expect(status).toMatchObject({ trialsSucceeded: 6, currentOptimalTrial: { bestTrialName: 'exp-4' } });
  });

  it('does not wait for ever for a collector that never finishes', async () => {
    const world = startWorld({ endOf: (index) => ({ state: 'Silent', value: index === 0 ? 1 : null }) });
    await world.submit({ maxTrialCount: 2 });
    const { status } = await world.untilReason('ExperimentMaxTrialsReached');
    expect(status).toMatchObject({ trialsSucceeded: 1, trialMetricsUnavailable: 1 });
  });

  it('passes on why a collector never finished', async () => {
    const world = startWorld({ endOf: (index) => ({ state: 'Silent', value: index === 0 ? 1 : null }) });
    for (const name of ['exp-0', 'exp-1']) await leavePodOfFailedCollector(world, name);
    await world.submit({ maxTrialCount: 2 });
    await world.untilReason('ExperimentMaxTrialsReached');
    const [whole, missing] = await world.trials();
    const events = await world.observations.events(whole?.metadata.uid ?? '');
    expect(events).toContainEqual(
      expect.objectContaining({
        reason: 'MetricsIncomplete',
        message: expect.stringContaining('the disk is full') as string,
      }),
    );
    expect(JSON.stringify(missing?.status?.conditions)).toContain(
      'its collector never finished. The metrics collector failed: the disk is full',
    );
  });

  it('says on the trial that its observations cannot be read, and goes on when they can', async () => {
    const world = startWorld();
    const broken = vi
      .spyOn(world.observations, 'summaries')
      .mockRejectedValue(new KatydidError('DB_FULL', 'The disk is full.'));
    await world.submit({ maxTrialCount: 1, parallelTrialCount: 1 });
    await world.until(async () => {
      const { items } = await world.client.list(EVENTS, { namespace: 'default' });
      return items.some(
        ({ reason, involvedObject, message = '' }) =>
          reason === 'ReconcileError' &&
          involvedObject.kind === 'Trial' &&
          message.includes('The disk is full.'),
      );
    });
    broken.mockRestore();
    const { status } = await world.untilReason('ExperimentMaxTrialsReached');
    expect(status).toMatchObject({ trialsSucceeded: 1 });
  });

  it('ends well when the search space is used up', async () => {
    const world = startWorld({ points: 3 });
    await world.submit();
    const { status } = await world.untilReason('ExperimentSuggestionEndReached');
    expect(status).toMatchObject({ trials: 3, trialsSucceeded: 3 });
  });

  it('goes on when the limit is raised and its policy allows it', async () => {
    const world = startWorld();
    await world.submit({ maxTrialCount: 2, resumePolicy: 'FromVolume' });
    await world.untilReason('ExperimentMaxTrialsReached');
    await world.client.patch(EXPERIMENTS, REF, { type: 'merge', body: { spec: { maxTrialCount: 5 } } });
    await world.until(async () => (await world.experiment()).status?.trialsSucceeded === 5);
    const { status } = await world.untilReason('ExperimentMaxTrialsReached');
    expect(status?.conditions?.map(({ type }) => type)).toEqual([
      'Created',
      'Restarting',
      'Running',
      'Succeeded',
    ]);
    await world.until(
      async () => (await world.suggestion()).status?.conditions?.at(-1)?.type === 'Succeeded',
    );
  });

  it('takes away the newest active trials when fewer may run, and replaces them under new names', async () => {
    let hold = true;
    const world = startWorld({ endOf: () => (hold ? NEVER : { state: 'Complete', value: 1 }) });
    await world.submit({ parallelTrialCount: 4, maxTrialCount: 4 });
    await world.until(async () => (await world.experiment()).status?.trialsRunning === 4);
    hold = false;
    await world.client.patch(EXPERIMENTS, REF, { type: 'merge', body: { spec: { parallelTrialCount: 1 } } });
    await world.until(async () => (await world.trials()).length === 1);
    expect((await world.trials()).map(({ metadata }) => metadata.name)).toEqual(['exp-0']);
    await world.client.patchStatus(
      JOBS,
      { namespace: 'default', name: 'exp-0' },
      { type: 'merge', body: { status: { conditions: [{ type: 'Failed', status: 'True' }] } } },
    );
    await world.untilReason('ExperimentMaxTrialsReached');
    expect((await world.trials()).map(({ metadata }) => metadata.name).toSorted()).toEqual([
      'exp-0',
      'exp-4',
      'exp-5',
      'exp-6',
    ]);
  });

  async function submitWithConfigMap(world: ExperimentWorld, template: object): Promise<void> {
    await world.client.create(CONFIG_MAPS, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'templates', namespace: 'default' },
      data: { 'job.json': JSON.stringify(template) },
    });
    const configMap = { configMapName: 'templates', configMapNamespace: 'default', templatePath: 'job.json' };
    const conditions = {
      successCondition: 'status.conditions.#(type=="Complete")#|#(status=="True")#',
      failureCondition: 'status.conditions.#(type=="Failed")#|#(status=="True")#',
    };
    await world.submit({
      trialTemplate: {
        configMap,
        ...conditions,
        primaryContainerName: 'training',
        trialParameters: [{ name: 'x', reference: 'x' }],
      },
    });
  }

  it('fails with all that is wrong with a template that it reads from a ConfigMap', async () => {
    const world = startWorld();
    const labels = { 'katib.kubeflow.org/trial': 'mine' };
    await submitWithConfigMap(world, { ...JOB_TEMPLATE, metadata: { name: 'mine', labels } });
    const { status } = await world.untilReason('ExperimentInvalid');
    const message = status?.conditions?.at(-1)?.message;
    expect(message).toContain('spec.trialTemplate.configMap.metadata.name: The template sets metadata.name');
    expect(message).toContain('The label katib.kubeflow.org/trial is reserved');
    expect(await world.trials()).toEqual([]);
  });

  it('reads its template from a ConfigMap, with the defaults of the kind', async () => {
    const world = startWorld();
    await submitWithConfigMap(world, JOB_TEMPLATE);
    expect((await world.untilReason('ExperimentMaxTrialsReached')).status).toMatchObject({
      trialsSucceeded: 6,
    });
  });

  it('fails with all that is wrong where nobody has checked it before', async () => {
    const world = startWorld();
    await world.submit({ maxTrialCount: 0, algorithm: { algorithmName: 'rnadom' } });
    const { status } = await world.untilReason('ExperimentInvalid');
    const message = status?.conditions?.at(-1)?.message;
    expect(message).toContain('spec.maxTrialCount');
    expect(message).toContain('Did you mean "random"?');
    expect(await world.trials()).toEqual([]);
  });

  it('fails a trial of a kind that nothing runs, and names those that are', async () => {
    const world = startWorld();
    const trialSpec = {
      ...JOB_TEMPLATE,
      apiVersion: 'kubeflow.org/v1',
      kind: 'MPIJob',
      spec: { mpiReplicaSpecs: { Launcher: JOB_TEMPLATE.spec } },
    };
    const { trialTemplate } = {
      trialTemplate: {
        trialSpec,
        primaryContainerName: 'training',
        trialParameters: [{ name: 'x', reference: 'x' }],
      },
    };
    await world.submit({ trialTemplate, maxFailedTrialCount: 1, parallelTrialCount: 1 });
    const { status } = await world.untilReason('ExperimentFailed');
    expect(status?.conditions?.at(-1)?.message).toContain('LOCAL_KIND_UNSUPPORTED');
    const [trial] = await world.trials();
    expect(trial?.status?.conditions?.at(-1)?.message).toContain(
      'Nothing here runs a MPIJob of kubeflow.org/v1; served are Job (batch/v1)',
    );
  });

  it('goes on when the search has failed for a while, and tells of it', async () => {
    let failures = 3;
    const world = startWorld({
      onSuggest: () => {
        if (failures-- > 0) throw new KatydidError('SUGGESTION_FAILED', 'the model is singular');
      },
    });
    await world.submit();
    await world.untilReason('ExperimentMaxTrialsReached');
    const { items } = await world.client.list(EVENTS, { namespace: 'default' });
    expect(items.some(({ message }) => message?.includes('the model is singular'))).toBe(true);
  });

  it('takes everything with it when it is deleted, the observations too', async () => {
    const world = startWorld();
    await world.submit();
    await world.untilReason('ExperimentMaxTrialsReached');
    const [trial] = await world.trials();
    const uid = trial?.metadata.uid ?? '';
    expect(await world.observations.summaries(uid)).toHaveLength(1);
    await world.client.delete(EXPERIMENTS, REF);
    await world.until(async () => (await world.trials()).length === 0);
    expect(await world.observations.summaries(uid)).toEqual([]);
  });

  it('may be deleted and submitted again under its name at once', async () => {
    const world = startWorld({ endOf: () => NEVER });
    const first = await world.submit();
    await world.until(async () => (await world.jobs()).length === 2);
    await world.client.delete(EXPERIMENTS, REF);
    const second = await world.submit();
    await world.until(async () => {
      const trials = await world.trials();
      return (
        trials.length === 2 &&
        trials.every(({ metadata }) => metadata.ownerReferences?.[0]?.uid === second.metadata.uid)
      );
    });
    expect(second.metadata.uid).not.toBe(first.metadata.uid);
  });
});

describe('a trial that was stopped early', () => {
  it('ends its job, keeps its metrics and counts as done', async () => {
    const world = startWorld({ endOf: () => NEVER });
    await world.submit({ maxTrialCount: 1, parallelTrialCount: 1 });
    await world.until(async () => (await world.experiment()).status?.trialsRunning === 1);
    const [trial] = await world.trials();
    if (!trial) throw new Error('no trial');
    const source = { trialUid: trial.metadata.uid, source: 'p/training' };
    await world.observations.report(source, [{ metric: 'loss', value: 7, step: 1, timeMs: 1, sequence: 0 }]);
    const stopped = {
      type: 'EarlyStopped',
      status: 'True',
      reason: 'TrialEarlyStopped',
      message: 'Trial is early stopped',
    } as const;
    await world.client.updateStatus(TRIALS, {
      ...trial,
      status: { ...trial.status, conditions: [...(trial.status?.conditions ?? []), stopped] },
    });
    const { status } = await world.untilReason('ExperimentMaxTrialsReached');
    expect(status).toMatchObject({ trialsEarlyStopped: 1 });
    await world.until(async () => (await world.jobs()).length === 0);
    await world.until(async () => (await world.trials())[0]?.status?.completionTime !== undefined);
    const [ended] = await world.trials();
    expect(ended && trialState(ended)).toBe('EarlyStopped');
    expect(ended?.status?.observation?.metrics?.[0]?.latest).toBe('7');
    expect(ended?.status?.conditions?.find(({ type }) => type === 'Running')?.status).toBe('False');
  });
});

describe('a disk that becomes full and has room again', () => {
  it('holds the trials of running experiments up, is told by condition and event, and nobody has to do a thing', async () => {
    const space = new FakeDiskSpace();
    const world = startWorld({ space, durationOf: () => 20 });
    await world.submit();
    await world.until(async () => (await world.trials()).length >= 2);
    space.set('no room');
    const held = await world.untilReason('DISK_FULL');
    expect(held.status?.conditions?.at(-1)).toMatchObject({ type: 'DiskPressure', message: 'no room' });
    await world.until(async () => ((await world.experiment()).status?.trialsRunning ?? 0) === 0);
    const { length } = await world.trials();
    expect(length).toBeLessThan(6);
    space.set(null);
    const { status } = await world.untilReason('ExperimentMaxTrialsReached');
    expect(status).toMatchObject({ trials: 6, trialsSucceeded: 6 });
    expect(status?.conditions?.map(({ type }) => type)).not.toContain('DiskPressure');
    const { items } = await world.client.list(EVENTS, { namespace: 'default' });
    const about = items.filter(({ involvedObject }) => involvedObject.kind === 'Experiment');
    expect(about.map(({ reason }) => reason)).toEqual(expect.arrayContaining(['DISK_FULL', 'DiskHasRoom']));
  });
});
