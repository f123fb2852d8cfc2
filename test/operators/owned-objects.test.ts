import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { controllerReference, type KubeObject, type Stored } from '../../core/kubernetes-object.ts';
import { silentLogger } from '../../core/logger.ts';
import { EventRecorder } from '../../kube/event-recorder.ts';
import { CONFIG_MAPS, JOBS } from '../../kube/resource.ts';
import { type ObjectStore, openObjectStore } from '../../local/object-store/object-store.ts';
import { isStillWanted, writeJob } from '../../operators/job-writer.ts';
import { applyPlan } from '../../operators/object-plan.ts';
import { createOwned, deleteOwned } from '../../operators/owned-objects.ts';
import { FakeClock } from '../support/fake-clock.ts';

interface Job extends KubeObject {
  status?: Record<string, unknown>;
}

let clock: FakeClock;
let store: ObjectStore;
let job: Stored<Job>;

beforeEach(async () => {
  clock = new FakeClock();
  store = openObjectStore({ path: ':memory:', clock, logger: silentLogger });
  job = await createJob('job');
});

afterEach(() => store.close());

function createJob(name: string): Promise<Stored<Job>> {
  const manifest: Job & { spec: object } = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, namespace: 'default' },
    spec: {},
  };
  return store.client.create(JOBS, manifest);
}

/** An object that the job would manage, held by a finalizer so that it stays while it is deleted. */
function childOf(owner: Stored<KubeObject> | undefined, name = 'child'): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name,
      namespace: 'default',
      finalizers: ['test/hold'],
      ...(owner && { ownerReferences: [controllerReference(owner)] }),
    },
  };
}

const CHILD = { namespace: 'default', name: 'child' };
const REF = { namespace: 'default', name: 'job' };

describe('creating an object under its one possible name', () => {
  test('creates it, and knows it again', async () => {
    expect(await createOwned(store.client, CONFIG_MAPS, childOf(job), job)).toBe('created');
    expect(await createOwned(store.client, CONFIG_MAPS, childOf(job), job)).toBe('exists');
  });

  test('waits for one that is being deleted', async () => {
    await createOwned(store.client, CONFIG_MAPS, childOf(job), job);
    await store.client.delete(CONFIG_MAPS, CHILD);
    expect(await createOwned(store.client, CONFIG_MAPS, childOf(job), job)).toBe('leaving');
  });

  test('waits for one whose owner was deleted and made anew under the same name', async () => {
    await createOwned(store.client, CONFIG_MAPS, childOf(job), job);
    const anew = { ...job, metadata: { ...job.metadata, uid: 'another' } };
    expect(await createOwned(store.client, CONFIG_MAPS, childOf(anew), anew)).toBe('leaving');
  });

  test.each(['nobody', 'another job'])('is refused where it belongs to %s', async (whose) => {
    const owner = whose === 'nobody' ? undefined : await createJob('other');
    await store.client.create(CONFIG_MAPS, childOf(owner));
    await expect(createOwned(store.client, CONFIG_MAPS, childOf(job), job)).rejects.toThrow(
      'ConfigMap child exists already and does not belong to Job job: delete it or give the Job another name',
    );
  });
});

describe('deleting an object', () => {
  test('says whether it was there', async () => {
    const child = await store.client.create(CONFIG_MAPS, childOf(job));
    expect(await deleteOwned(store.client, CONFIG_MAPS, child)).toBe(true);
    await store.client.patch(CONFIG_MAPS, CHILD, { type: 'merge', body: { metadata: { finalizers: null } } });
    expect(await deleteOwned(store.client, CONFIG_MAPS, child)).toBe(false);
  });

  test('leaves another alone that has taken its name', async () => {
    const child = await store.client.create(CONFIG_MAPS, childOf(job));
    const earlier = { ...child, metadata: { ...child.metadata, uid: 'earlier' } };
    expect(await deleteOwned(store.client, CONFIG_MAPS, earlier)).toBe(false);
    expect((await store.client.get(CONFIG_MAPS, CHILD)).metadata.deletionTimestamp).toBeUndefined();
  });
});

test('a plan stops at a name that is still taken, so that nothing later is made before it', async () => {
  const { client } = store;
  await client.create(CONFIG_MAPS, childOf(job));
  await client.delete(CONFIG_MAPS, CHILD);
  const recorder = new EventRecorder({ client, component: 'test', clock, logger: silentLogger });
  const events = { created: () => 'Created', failed: () => 'Failed', deleted: () => 'Deleted' };
  const creations = ['child', 'later'].map((name) => {
    return { resource: CONFIG_MAPS, object: childOf(job, name) };
  });
  expect(await applyPlan({ client, recorder, events }, job, { deletions: [], creations })).toBe(false);
  await expect(client.get(CONFIG_MAPS, { namespace: 'default', name: 'later' })).rejects.toThrow();
});

describe('writing a job', () => {
  test('sets status and annotations, and writes nothing where nothing has changed', async () => {
    const changes = { status: { active: 1 }, annotations: { note: 'kept' } };
    const written = await writeJob(store.client, JOBS, job, changes);
    expect(written).toMatchObject({ status: { active: 1 }, metadata: { annotations: { note: 'kept' } } });
    if (!written) throw new Error('the job is gone');
    expect(await writeJob(store.client, JOBS, written, changes)).toBe(written);
  });

  test('is refused on top of an old version', async () => {
    await store.client.patchStatus(JOBS, REF, { type: 'merge', body: { status: { active: 5 } } });
    await expect(writeJob(store.client, JOBS, job, { status: { active: 1 } })).rejects.toMatchObject({
      reason: 'Conflict',
    });
  });

  test('is over when the job is gone or going', async () => {
    await store.client.patch(JOBS, REF, { type: 'merge', body: { metadata: { finalizers: ['test/hold'] } } });
    const going = await store.client.delete(JOBS, REF);
    expect(await writeJob(store.client, JOBS, going, { status: { active: 1 } })).toBeUndefined();
    await store.client.patch(JOBS, REF, { type: 'merge', body: { metadata: { finalizers: null } } });
    expect(await writeJob(store.client, JOBS, going, { status: { active: 2 } })).toBeUndefined();
  });
});

test('a job is still wanted while it is there, the same and not being deleted', async () => {
  expect(await isStillWanted(store.client, JOBS, job)).toBe(true);
  const other = { ...job, metadata: { ...job.metadata, uid: 'another' } };
  expect(await isStillWanted(store.client, JOBS, other)).toBe(false);
  await store.client.patch(JOBS, REF, { type: 'merge', body: { metadata: { finalizers: ['test/hold'] } } });
  await store.client.delete(JOBS, REF);
  expect(await isStillWanted(store.client, JOBS, job)).toBe(false);
  await store.client.patch(JOBS, REF, { type: 'merge', body: { metadata: { finalizers: null } } });
  expect(await isStillWanted(store.client, JOBS, job)).toBe(false);
});
