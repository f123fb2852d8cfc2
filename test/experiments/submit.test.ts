import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { submitAll, type Submitted } from '../../experiments/submit.ts';
import type { Experiment } from '../../core/experiment.ts';
import { CONFIG_MAPS, EXPERIMENTS } from '../../kube/resource.ts';
import { condition } from '../support/experiment-objects.ts';
import { ALL_DONE, experimentObject, RUNNING, storeStatus, world, type World } from '../cli/world.ts';

let here: World;
beforeEach(() => (here = world()));
afterEach(() => here.close());

const submit = (...experiments: Experiment[]): Promise<Submitted[]> =>
  submitAll(here.client, experiments, []);

async function submissions(...experiments: Experiment[]): Promise<string[]> {
  return (await submit(...experiments)).map(({ submission }) => submission);
}

async function storedNames(): Promise<string[]> {
  return (await here.client.list(EXPERIMENTS)).items.map(({ metadata }) => metadata.name);
}

/** Stores `exp` as it is after its trials. */
async function storeFinished(spec: Partial<Experiment['spec']> = {}): Promise<void> {
  const stored = await here.client.create(EXPERIMENTS, experimentObject('exp', spec));
  await storeStatus(here, stored, { conditions: [ALL_DONE], trials: 6, trialsSucceeded: 6 });
}

describe('an experiment is', () => {
  it('created where there is none of its name', async () => {
    expect(await submissions(experimentObject('a'), experimentObject('b'))).toEqual(['created', 'created']);
    expect(await storedNames()).toEqual(['a', 'b']);
  });

  it('resumed where it is there already, whatever the order of its keys', async () => {
    const first = experimentObject();
    await submit(first);
    const reversed = Object.fromEntries(Object.entries(first.spec).reverse()) as Experiment['spec'];
    expect(await submissions({ ...first, spec: reversed })).toEqual(['resumed']);
  });

  it('changed where its budget differs', async () => {
    const [first] = await submit(experimentObject());
    if (first)
      await storeStatus(here, first.experiment, { conditions: [RUNNING], trials: 2, trialsRunning: 2 });
    expect(await submissions(experimentObject('exp', { maxTrialCount: 9 }))).toEqual(['changed']);
    const stored = await here.client.get(EXPERIMENTS, { namespace: 'default', name: 'exp' });
    expect(stored.spec.maxTrialCount).toBe(9);
    expect(stored.status?.trials, 'the status stays').toBe(2);
  });

  it('finished where nothing is left to do', async () => {
    await storeFinished();
    expect(await submissions(experimentObject())).toEqual(['finished']);
  });

  it('extended where its policy allows, and resumed when that is interrupted', async () => {
    await storeFinished({ resumePolicy: 'LongRunning' });
    const extended = experimentObject('exp', { resumePolicy: 'LongRunning', maxTrialCount: 8 });
    expect(await submissions(extended)).toEqual(['changed']);
    expect(await submissions(extended)).toEqual(['resumed']);
  });

  it('a new one each time where its name is generated', async () => {
    const unnamed = { ...experimentObject(), metadata: { generateName: 'try-', namespace: 'default' } };
    const submitted = [...(await submit(unnamed)), ...(await submit(unnamed))];
    expect(submitted.map(({ submission }) => submission)).toEqual(['created', 'created']);
    const names = submitted.map(({ experiment }) => experiment.metadata.name);
    expect(names.sort()).toEqual(await storedNames());
  });

  it('taken once where a file is given twice', async () => {
    expect(await submissions(experimentObject(), experimentObject())).toEqual(['created']);
  });
});

describe('an experiment is refused', () => {
  it('where one of its name is another one, naming the fields', async () => {
    await submit(experimentObject());
    const other = experimentObject('exp', {
      algorithm: { algorithmName: 'sobol' },
      objective: { type: 'maximize', objectiveMetricName: 'loss' },
      maxTrialCount: 1,
    });
    await expect(submit(other)).rejects.toMatchObject({
      code: 'EXPERIMENT_DIFFERS',
      message: 'There is another experiment "exp" already: it differs in objective, algorithm.',
      remedy: expect.stringContaining('another metadata.name') as string,
    });
  });

  it('where its policy does not let it go on', async () => {
    await storeFinished();
    await expect(submit(experimentObject('exp', { maxTrialCount: 9 }))).rejects.toMatchObject({
      code: 'EXPERIMENT_DIFFERS',
      message: expect.stringContaining('resumePolicy is Never') as string,
      remedy: expect.stringContaining('LongRunning') as string,
    });
  });

  it('where it has failed', async () => {
    const stored = await here.client.create(EXPERIMENTS, experimentObject());
    await storeStatus(here, stored, { conditions: [condition('Failed')], trials: 2, trialsFailed: 2 });
    await expect(submit(experimentObject('exp', { maxTrialCount: 9 }))).rejects.toThrow('has failed');
  });

  it('where it wants fewer trials than there are', async () => {
    await storeFinished({ resumePolicy: 'LongRunning' });
    const fewer = experimentObject('exp', { resumePolicy: 'LongRunning', maxTrialCount: 5 });
    await expect(submit(fewer)).rejects.toMatchObject({
      message: expect.stringContaining('6 trials exist already') as string,
      remedy: 'Write 7 or more.',
    });
  });

  it('where the files hold two different ones of one name', async () => {
    const two = submit(experimentObject(), experimentObject('exp', { maxTrialCount: 9 }));
    await expect(two).rejects.toThrow('two different experiments with the name "exp"');
  });

  it('before anything is stored', async () => {
    await storeFinished();
    const resource = CONFIG_MAPS;
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c', namespace: 'default' } };
    const bad = experimentObject('exp', { maxTrialCount: 9 });
    await expect(
      submitAll(here.client, [experimentObject('new'), bad], [{ resource, object }]),
    ).rejects.toThrow();
    expect(await storedNames()).toEqual(['exp']);
    expect((await here.client.list(CONFIG_MAPS)).items).toEqual([]);
  });
});

it('objects beside the experiments are stored, and replace older ones', async () => {
  const configMap = (text: string): Parameters<typeof submitAll>[2] => [
    {
      resource: CONFIG_MAPS,
      object: {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'c', namespace: 'default' },
        data: { text },
      } as never,
    },
  ];
  await submitAll(here.client, [], configMap('old'));
  await submitAll(here.client, [], configMap('new'));
  const stored = await here.client.get(CONFIG_MAPS, { namespace: 'default', name: 'c' });
  expect(stored.data).toEqual({ text: 'new' });
});
