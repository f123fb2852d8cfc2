import { describe, expect, it } from 'vitest';
import { JOBS, TFJOBS } from '../../kube/resource.ts';
import { useOperatorEnvironment, type OperatorEnvironment } from './environment.ts';

const environment = useOperatorEnvironment();
const HOUR_MS = 3_600_000;
const META = { name: 'job', namespace: 'default' };
const podTemplate = (container: string): object => ({
  spec: { restartPolicy: 'Never', containers: [{ name: container, image: 'train:1' }] },
});

async function createJob({ client }: OperatorEnvironment, spec: object): Promise<void> {
  const template = podTemplate('train');
  await client.create(JOBS, {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: META,
    ...{ spec: { template, ...spec } },
  });
}

async function createTfJob({ client }: OperatorEnvironment, runPolicy: object): Promise<void> {
  const tfReplicaSpecs = { Worker: { template: podTemplate('tensorflow') } };
  await client.create(TFJOBS, {
    apiVersion: 'kubeflow.org/v1',
    kind: 'TFJob',
    metadata: META,
    ...{ spec: { tfReplicaSpecs, runPolicy } },
  });
}

/** What happens to the clock half-way. */
const TURNS: [string, (environment: OperatorEnvironment) => void | Promise<void>][] = [
  ['nothing is done to the clock', () => undefined],
  ['the clock is set forward by an hour', ({ clock }) => clock.set(HOUR_MS)],
  ['the clock is set back by an hour', ({ clock }) => clock.set(-HOUR_MS)],
  ['the service is stopped for an hour', ({ clock }) => clock.standStill(HOUR_MS)],
];

interface Case {
  create: (environment: OperatorEnvironment) => Promise<void>;
  fate: Parameters<OperatorEnvironment['start']>[0];
  /** How long it takes until the thing happens. */
  dueMs: number;
  hasHappened: (environment: OperatorEnvironment) => Promise<boolean>;
}

const CASES: [string, Case][] = [
  [
    'the deadline of a Job',
    {
      create: (e) => createJob(e, { activeDeadlineSeconds: 60 }),
      fate: () => 'runs',
      dueMs: 60_000,
      hasHappened: async (e) => (await e.conditions(JOBS)).includes('Failed'),
    },
  ],
  [
    'the deadline of a TFJob',
    {
      create: (e) => createTfJob(e, { activeDeadlineSeconds: 60 }),
      fate: () => 'runs',
      dueMs: 60_000,
      hasHappened: async (e) => (await e.conditions(TFJOBS)).includes('Failed'),
    },
  ],
  [
    'the time to live of a finished Job',
    {
      create: (e) => createJob(e, { ttlSecondsAfterFinished: 60 }),
      fate: () => ({ exitCode: 0 }),
      dueMs: 60_000,
      hasHappened: async (e) => (await e.client.list(JOBS)).items.length === 0,
    },
  ],
  [
    'the time to live of a finished TFJob',
    {
      create: (e) => createTfJob(e, { ttlSecondsAfterFinished: 60 }),
      fate: () => ({ exitCode: 0 }),
      dueMs: 60_000,
      hasHappened: async (e) => (await e.client.list(TFJOBS)).items.length === 0,
    },
  ],
  [
    'the next attempt of a Job',
    {
      create: (e) => createJob(e, { backoffLimit: 3 }),
      fate: ({ metadata }) => (metadata.name === 'job-0' ? { exitCode: 1 } : 'runs'),
      dueMs: 10_000,
      hasHappened: async (e) => (await e.podNames()).includes('job-1'),
    },
  ],
];

describe.each(CASES)('%s', (_, { create, fate, dueMs, hasHappened }) => {
  it.each(TURNS)('comes after its time, no sooner and no later, when %s', async (__, turn) => {
    environment.start(fate);
    await create(environment);
    await environment.settle();
    await environment.pass(dueMs / 2);
    await turn(environment);
    // Somebody looks at the job: what was decided before the turn must not be all that counts.
    await touch(environment);
    await environment.pass(dueMs / 2 - 2_000);
    expect(await hasHappened(environment)).toBe(false);
    await environment.pass(4_000);
    expect(await hasHappened(environment)).toBe(true);
  });
});

async function touch(here: OperatorEnvironment): Promise<void> {
  const body = { metadata: { annotations: { looked: 'at' } } };
  for (const resource of [JOBS, TFJOBS])
    await here.client
      .patch(resource, { namespace: META.namespace, name: META.name }, { type: 'merge', body })
      .catch(() => undefined);
  await here.settle();
}
