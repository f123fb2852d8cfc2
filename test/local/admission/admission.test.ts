import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Experiment, StoredExperiment } from '../../../core/experiment.ts';
import type { KubeClient } from '../../../kube/client.ts';
import { EXPERIMENTS, JOBS, TFJOBS } from '../../../kube/resource.ts';
import { createAdmission } from '../../../local/admission/admission.ts';
import { type Changes, experimentDocument, lenientCatalog } from '../../support/experiment-document.ts';
import { openStoreFixture, type StoreFixture } from '../object-store-fixture.ts';

let fixture: StoreFixture;
let client: KubeClient;

beforeEach(() => {
  fixture = openStoreFixture(createAdmission(lenientCatalog));
  ({ client } = fixture);
});

afterEach(() => fixture.store.close());

function submit(changes: Changes = {}): Promise<StoredExperiment> {
  return client.create(EXPERIMENTS, experimentDocument(changes) as unknown as Experiment);
}

describe('an Experiment', () => {
  it('is refused with everything that is wrong with it', async () => {
    const changes = { 'spec.maxTrialCount': 0, 'spec.trialTemplate.trialSpec.kind': 'CronJob' };
    await expect(submit(changes)).rejects.toMatchObject({
      reason: 'Invalid',
      message: expect.stringContaining('Experiment "digits" is invalid: ') as string,
      causes: expect.arrayContaining([
        expect.objectContaining({ field: 'spec.maxTrialCount' }),
        expect.objectContaining({ field: 'spec.trialTemplate.trialSpec.kind' }),
      ]) as unknown,
    });
  });

  it('may change its counts and nothing else', async () => {
    const stored = await submit();
    const raised = await client.update(EXPERIMENTS, {
      ...stored,
      spec: { ...stored.spec, maxTrialCount: 20 },
    });
    const changed = { ...raised, spec: { ...raised.spec, objective: { ...raised.spec.objective, goal: 1 } } };
    await expect(client.update(EXPERIMENTS, changed)).rejects.toMatchObject({
      causes: [expect.objectContaining({ field: 'spec.objective' })],
    });
  });

  it('that is being deleted may lose its finalizers, whatever the rules have become', async () => {
    const stored = await submit({ 'metadata.finalizers': ['example.com/hold'] });
    const ref = { namespace: 'default', name: 'digits' };
    await client.delete(EXPERIMENTS, ref);
    await client.patch(EXPERIMENTS, ref, {
      type: 'merge',
      body: { metadata: { finalizers: null }, spec: { maxTrialCount: 0 } },
    });
    await expect(client.get(EXPERIMENTS, ref)).rejects.toMatchObject({ reason: 'NotFound' });
    expect(stored.metadata.finalizers).toEqual(['example.com/hold']);
  });
});

describe('a job', () => {
  const tfJob = (managedBy: string): Parameters<typeof client.create>[1] => ({
    apiVersion: 'kubeflow.org/v1',
    kind: 'TFJob',
    metadata: { name: 'job', namespace: 'default' },
    ...{ spec: { runPolicy: { managedBy } } },
  });

  it('is refused where it waits for a manager that is not here, and not left waiting', async () => {
    await expect(client.create(TFJOBS, tfJob('kueue.x-k8s.io/multikueue'))).rejects.toMatchObject({
      reason: 'Invalid',
      causes: [expect.objectContaining({ field: 'spec.runPolicy.managedBy' })],
    });
  });

  it('passes where it names its usual manager', async () => {
    const created = await client.create(TFJOBS, tfJob('kubeflow.org/training-operator'));
    expect(created.metadata.name).toBe('job');
  });
});

describe('a batch Job', () => {
  const batchJob = (spec: Record<string, unknown>): Parameters<typeof client.create>[1] => ({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'job', namespace: 'default' },
    ...{ spec },
  });

  it('gets the selector of its pods, and keeps it where it is replaced without one', async () => {
    const created = await client.create(JOBS, batchJob({}));
    const spec = {
      selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': created.metadata.uid } },
    };
    expect(created).toMatchObject({ spec });
    expect(await client.update(JOBS, batchJob({ backoffLimit: 1 }))).toMatchObject({ spec });
  });

  it.each([{ selector: { matchLabels: { a: 'b' } }, manualSelector: true }, { manualSelector: true }])(
    'keeps what it says itself: %j',
    async (spec) => {
      expect(await client.create(JOBS, batchJob(spec))).toHaveProperty('spec', spec);
    },
  );
});
