import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ExperimentSpec } from '../../../core/experiment.ts';
import type { Condition } from '../../../core/kubernetes-object.ts';
import { RESUMED_AT_ANNOTATION } from '../../../core/labels.ts';
import { changeDesiredState } from '../../../experiments/verbs/change-desired-state.ts';
import { extendExperiment, type Extension } from '../../../experiments/verbs/extend-experiment.ts';
import { EXPERIMENTS } from '../../../kube/resource.ts';
import { createAdmission } from '../../../local/admission/admission.ts';
import { openStoreFixture, type StoreFixture } from '../../local/object-store-fixture.ts';
import { lenientCatalog } from '../../support/experiment-document.ts';
import { condition, experimentSpec } from '../../support/experiment-objects.ts';

const REF = { namespace: 'default', name: 'exp' };
const USED_UP = condition('Succeeded', 'True', 'ExperimentMaxTrialsReached', 'max trial count has reached');

let fixture: StoreFixture;
beforeEach(() => {
  fixture = openStoreFixture(createAdmission(lenientCatalog));
});
afterEach(() => fixture.store.close());

/** An experiment of 6 trials, 2 at once, that has run 6 of them. */
async function given(spec: Partial<ExperimentSpec>, ...conditions: Condition[]): Promise<void> {
  const { client } = fixture;
  const metadata = { name: 'exp', namespace: 'default' };
  const apiVersion = 'kubeflow.org/v1beta1';
  const created = await client.create(EXPERIMENTS, {
    apiVersion,
    kind: 'Experiment',
    metadata,
    spec: experimentSpec(spec),
  });
  await client.updateStatus(EXPERIMENTS, { ...created, status: { trials: 6, conditions } });
}

describe('extending an experiment', () => {
  it.each<[string, Partial<ExperimentSpec>, Condition[], Extension, Partial<ExperimentSpec>, string]>([
    [
      'that runs',
      {},
      [],
      { maxTrials: { by: 4 }, parallelTrials: 3 },
      { maxTrialCount: 10, parallelTrialCount: 3 },
      'It goes on with the new counts.',
    ],
    [
      'that is paused',
      { desiredState: 'Paused' },
      [],
      { parallelTrials: 3 },
      { parallelTrialCount: 3, desiredState: 'Paused' },
      'It is paused; when it is resumed, it goes on with the new counts.',
    ],
    [
      'that is being stopped',
      { desiredState: 'Stopped' },
      [],
      { parallelTrials: 3 },
      { parallelTrialCount: 3, desiredState: 'Stopped' },
      'It is being stopped; resume it to go on.',
    ],
    [
      'that used up its trials and never goes on by itself',
      {},
      [USED_UP],
      { maxTrials: { to: 9 } },
      { maxTrialCount: 9, resumePolicy: 'LongRunning' },
      'It takes up work again.',
    ],
    [
      'that was stopped',
      { desiredState: 'Stopped' },
      [condition('Succeeded', 'True', 'ExperimentStopped', 'Experiment was stopped')],
      { maxTrials: { to: 9 } },
      { maxTrialCount: 9, desiredState: 'Stopped' },
      'It has ended: Experiment was stopped. Resume it to go on.',
    ],
  ])('%s', async (_, spec, conditions, extension, expected, left) => {
    await given(spec, ...conditions);
    const result = await extendExperiment(fixture.client, REF, extension);
    expect(result).toMatchObject({ changed: true, experiment: { spec: expected }, left: [left] });
  });

  it('as it is already changes nothing', async () => {
    await given({});
    const result = await extendExperiment(fixture.client, REF, { maxTrials: { to: 6 } });
    expect(result).toMatchObject({ changed: false, did: [], left: ['Its counts were so already.'] });
  });

  it.each<[Extension, string]>([
    [{}, 'EXTENSION_EMPTY'],
    [{ parallelTrials: 0 }, 'EXTENSION_INVALID'],
    [{ maxTrials: { by: 1.5 } }, 'EXTENSION_INVALID'],
  ])('by %j is refused', async (extension, code) => {
    await given({});
    await expect(extendExperiment(fixture.client, REF, extension)).rejects.toMatchObject({ code });
  });

  it('by a number needs a limit to raise', async () => {
    await given({ maxTrialCount: undefined });
    await expect(extendExperiment(fixture.client, REF, { maxTrials: { by: 1 } })).rejects.toMatchObject({
      code: 'EXPERIMENT_HAS_NO_LIMIT',
    });
  });
});

describe('resuming an experiment', () => {
  it('whose trials failed alike says when, so that older failures do not count again', async () => {
    await given({ maxTrialCount: 9 }, condition('Failed', 'True', 'ExperimentTrialsFailAlike'));
    const { changed, experiment } = await changeDesiredState(fixture.client, REF, 'resume');
    expect(changed).toBe(true);
    expect(experiment.metadata.annotations?.[RESUMED_AT_ANNOTATION]).toMatch(/^\d{4}-.*Z$/);
  });

  it('that used up its trials says to extend it', async () => {
    await given({}, USED_UP);
    await expect(changeDesiredState(fixture.client, REF, 'resume')).rejects.toMatchObject({
      code: 'EXPERIMENT_HAS_ENDED',
      remedy: 'Extend it: raise maxTrialCount.',
    });
  });

  it('that runs changes nothing', async () => {
    await given({});
    expect(await changeDesiredState(fixture.client, REF, 'resume')).toMatchObject({ changed: false });
  });
});
