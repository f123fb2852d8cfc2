import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../core/clock.ts';
import { withDefaults } from '../../core/defaults.ts';
import type { Experiment, StoredExperiment } from '../../core/experiment.ts';
import { controllerReference, type KubeObject } from '../../core/kubernetes-object.ts';
import { TRIAL_FINALIZER } from '../../core/labels.ts';
import { SpecError } from '../../core/errors.ts';
import { UNLIMITED_SPACE } from '../../core/disk-space.ts';
import { silentLogger } from '../../core/logger.ts';
import type { StoredSuggestion, SuggestionStatus } from '../../core/suggestion.ts';
import type { StoredTrial, Trial } from '../../core/trial.ts';
import { createExperimentReconciler } from '../../controller/experiment/reconcile.ts';
import { trialIndexes } from '../../controller/owned-trials.ts';
import { createSuggestionReconciler } from '../../controller/suggestion/reconcile.ts';
import { podIndexes } from '../../controller/trial/context.ts';
import { createTrialReconciler } from '../../controller/trial/reconcile.ts';
import { openSqliteObservationStore } from '../../db/sqlite/sqlite-observation-store.ts';
import { EventRecorder } from '../../kube/event-recorder.ts';
import { EXPERIMENTS, JOBS, PODS, SUGGESTIONS, TRIALS } from '../../kube/resource.ts';
import { openObjectStore, type ObjectStore } from '../../local/object-store/object-store.ts';
import type { SuggestReply } from '../../suggestion/suggestion-service.ts';
import { lenientCatalog } from '../support/experiment-document.ts';
import { condition, experimentSpec, JOB_TEMPLATE, suggestion, trial } from '../support/experiment-objects.ts';
import { staticCache } from '../support/experiment-static-cache.ts';

/*
 * Caches are always some moments behind the API. These tests show the reconcilers caches that are wrong in the worst
 * way and look at what the API has afterwards.
 */

let store: ObjectStore;
let experiment: StoredExperiment;
const observations = openSqliteObservationStore({ path: ':memory:', logger: silentLogger });
const clock = systemClock;
const signal = new AbortController().signal;

function events(): EventRecorder {
  return new EventRecorder({ client: store.client, component: 'test', clock, logger: silentLogger });
}

beforeEach(async () => {
  store = openObjectStore({ path: ':memory:', clock, logger: silentLogger });
  const document: Experiment = {
    apiVersion: 'kubeflow.org/v1beta1',
    kind: 'Experiment',
    metadata: { name: 'exp', namespace: 'default' },
    spec: experimentSpec({ maxTrialCount: 2 }),
  };
  experiment = await store.client.create(EXPERIMENTS, withDefaults(document));
});

afterEach(() => store.close());

async function createTrial(
  index: number,
  status?: Trial['status'],
  more: Partial<Trial['spec']> = {},
): Promise<StoredTrial> {
  const { metadata, ...fixture } = trial({ index, spec: more });
  const { name, labels } = metadata;
  const created = await store.client.create(TRIALS, {
    ...fixture,
    metadata: {
      name,
      namespace: 'default',
      ...(labels && { labels }),
      finalizers: [TRIAL_FINALIZER],
      ownerReferences: [controllerReference(experiment)],
    },
  });
  return status ? store.client.updateStatus(TRIALS, { ...created, status }) : created;
}

async function createSuggestion(requests: number, given = requests): Promise<StoredSuggestion> {
  const { kind, apiVersion, spec } = suggestion({});
  const created = await store.client.create(SUGGESTIONS, {
    kind,
    apiVersion,
    spec: { ...spec, requests },
    metadata: { name: 'exp', namespace: 'default', ownerReferences: [controllerReference(experiment)] },
  });
  return store.client.updateStatus(SUGGESTIONS, {
    ...created,
    status: { suggestionCount: given, suggestions: [] },
  });
}

describe('the experiment reconciler', () => {
  function reconcile(seen: readonly StoredTrial[], own: StoredSuggestion): Promise<unknown> {
    return createExperimentReconciler({
      client: store.client,
      experiments: staticCache(EXPERIMENTS, [experiment]),
      suggestions: staticCache(SUGGESTIONS, [own]),
      trials: staticCache(TRIALS, seen, trialIndexes),
      catalog: lenientCatalog,
      events: events(),
      space: UNLIMITED_SPACE,
      clock,
    })('default/exp', signal);
  }

  it('does not take trials that its cache does not show for lost ones', async () => {
    const own = await createSuggestion(2);
    await createTrial(0);
    await createTrial(1);
    await reconcile([], own);
    expect((await store.client.get(SUGGESTIONS, { namespace: 'default', name: 'exp' })).spec.requests).toBe(
      2,
    );
  });

  it('replaces trials that are lost indeed', async () => {
    const own = await createSuggestion(2);
    const left = await createTrial(0);
    await reconcile([left], own);
    expect((await store.client.get(SUGGESTIONS, { namespace: 'default', name: 'exp' })).spec.requests).toBe(
      3,
    );
  });

  it('leaves alone what belongs to a deleted experiment of the same name', async () => {
    const own = await createSuggestion(2);
    const foreign = {
      ...own,
      metadata: { ...own.metadata, ownerReferences: [{ ...controllerReference(experiment), uid: 'gone' }] },
    };
    expect(await reconcile([], foreign)).toEqual({ requeueAfterMs: 1_000 });
  });
});

describe('the suggestion reconciler', () => {
  const ref = { namespace: 'default', name: 'exp' };
  const stored = (): Promise<StoredSuggestion> => store.client.get(SUGGESTIONS, ref);
  const answerOf = (x: string): SuggestReply => ({
    assignments: [[{ name: 'x', value: x }]],
    exhausted: false,
  });
  const valuesOf = ({ suggestions }: SuggestionStatus = {}): string[][] =>
    (suggestions ?? []).map(({ name, parameterAssignments = [] }) => [
      name,
      ...parameterAssignments.map(({ value }) => value),
    ]);

  /** `meanwhile` happens while the search is thinking; the cache shows what was there before. */
  function reconcile(seen: StoredSuggestion, meanwhile: () => Promise<SuggestReply>): Promise<unknown> {
    return createSuggestionReconciler({
      client: store.client,
      experiments: staticCache(EXPERIMENTS, [experiment]),
      suggestions: staticCache(SUGGESTIONS, [seen]),
      trials: staticCache(TRIALS, [], trialIndexes),
      service: {
        validate: () => undefined,
        suggest: meanwhile,
        forget: () => undefined,
        close: () => Promise.resolve(),
      },
      events: events(),
      clock,
    })('default/exp', signal);
  }

  it('drops its answer where another process has answered meanwhile', async () => {
    const seen = await createSuggestion(1, 0);
    await expect(
      reconcile(seen, async () => {
        const other = await stored();
        await reconcile(other, () => Promise.resolve(answerOf('0.1')));
        return answerOf('0.9');
      }),
    ).rejects.toMatchObject({ reason: 'Conflict' });
    const { status } = await stored();
    expect(valuesOf(status)).toEqual([['exp-0', '0.1']]);
    expect(status?.suggestionCount).toBe(1);
  });

  it('drops an answer to what its cache no longer shows truly', async () => {
    const seen = await createSuggestion(1, 0);
    await reconcile(seen, () => Promise.resolve(answerOf('0.1')));
    const stale = reconcile(seen, () => Promise.resolve(answerOf('0.9')));
    await expect(stale).rejects.toMatchObject({ reason: 'Conflict' });
    expect(valuesOf((await stored()).status)).toEqual([['exp-0', '0.1']]);
  });

  it('keeps its answer where only the request was raised meanwhile', async () => {
    await reconcile(await createSuggestion(1, 0), async () => {
      await store.client.patch(SUGGESTIONS, ref, { type: 'merge', body: { spec: { requests: 2 } } });
      return answerOf('0.5');
    });
    const { spec, status } = await stored();
    expect(valuesOf(status)).toEqual([['exp-0', '0.5']]);
    expect(spec.requests).toBe(2);
  });

  it('does not answer for a suggestion that was deleted and made anew meanwhile', async () => {
    const seen = await createSuggestion(1, 0);
    const late = reconcile(seen, async () => {
      await store.client.delete(SUGGESTIONS, ref);
      await createSuggestion(1, 0);
      return answerOf('0.9');
    });
    await expect(late).rejects.toMatchObject({ reason: 'Conflict' });
    expect(valuesOf((await stored()).status)).toEqual([]);
  });

  it('fails for good where the search refuses the specification after all', async () => {
    const issue = { code: 'SPEC_SETTING_INVALID', path: ['spec'], message: 'Wrong.', remedy: 'Mend it.' };
    await reconcile(await createSuggestion(1, 0), () =>
      Promise.reject(new SpecError('The algorithm', [issue])),
    );
    const { status } = await stored();
    expect(status?.conditions?.map(({ type, status: state }) => `${type}=${state}`)).toEqual([
      'Created=True',
      'DeploymentReady=True',
      'Running=False',
      'Failed=True',
    ]);
    expect(status?.conditions?.at(-1)?.message).toContain('spec: Wrong. Mend it.');
  });
});

describe('the trial reconciler', () => {
  function reconcile(seen: StoredTrial): Promise<unknown> {
    return createTrialReconciler({
      client: store.client,
      trials: staticCache(TRIALS, [seen]),
      jobs: [staticCache(JOBS, [])],
      pods: staticCache(PODS, [], podIndexes),
      observations,
      events: events(),
      clock,
    })(`default/${seen.metadata.name}`, signal);
  }

  const lastMessage = async (name: string): Promise<string | undefined> =>
    (await store.client.get(TRIALS, { namespace: 'default', name })).status?.conditions?.at(-1)?.message;

  const otherJob = (metadata: Partial<KubeObject['metadata']> = {}): KubeObject => ({
    ...JOB_TEMPLATE,
    metadata: { name: 'exp-0', namespace: 'default', ...metadata },
  });

  it('does not start the job of a trial again that has ended in the meantime', async () => {
    const seen = await createTrial(0);
    await store.client.updateStatus(TRIALS, { ...seen, status: { conditions: [condition('Succeeded')] } });
    await reconcile(seen);
    expect((await store.client.list(JOBS)).items).toEqual([]);
  });

  it('does not start the job of a trial that is gone', async () => {
    const seen = await createTrial(0);
    await store.client.update(TRIALS, { ...seen, metadata: { ...seen.metadata, finalizers: [] } });
    await store.client.delete(TRIALS, { namespace: 'default', name: 'exp-0' });
    expect(await reconcile(seen)).toBeUndefined();
    expect((await store.client.list(JOBS)).items).toEqual([]);
  });

  it('takes its job for its own where the cache does not show it yet', async () => {
    const seen = await createTrial(0);
    await store.client.create(JOBS, otherJob({ ownerReferences: [controllerReference(seen)] }));
    await reconcile(seen);
    expect(await lastMessage('exp-0')).toBe('Trial is running');
  });

  it('waits for the job of an earlier trial of the same name to go', async () => {
    const seen = await createTrial(0);
    const earlier = await createTrial(9);
    await store.client.create(JOBS, otherJob({ ownerReferences: [controllerReference(earlier)] }));
    expect(await reconcile(seen)).toEqual({ requeueAfterMs: 1_000 });
  });

  it('fails where somebody else has a job of that name', async () => {
    await store.client.create(JOBS, otherJob());
    await reconcile(await createTrial(0));
    expect(await lastMessage('exp-0')).toContain('[TRIAL_JOB_NAME_TAKEN] Job exp-0 exists already');
  });

  it('fails where the primary container is missing, with the names there are', async () => {
    await reconcile(await createTrial(0, undefined, { primaryContainerName: 'main' }));
    expect(await lastMessage('exp-0')).toContain(
      'There is no container "main" in the primary pod: its containers are training.',
    );
  });
});
