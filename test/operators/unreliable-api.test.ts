import { describe, expect, test } from 'vitest';
import { randomStream } from '../../core/random.ts';
import { JOBS, TFJOBS } from '../../kube/resource.ts';
import { faultyClient } from '../support/faulty-client.ts';
import { useOperatorEnvironment } from './environment.ts';

const environment = useOperatorEnvironment();

const SEEDS = Array.from({ length: 8 }, (_, index) => `seed-${index}`);
const FAULTS = { refused: 0.15, unanswered: 0.15, brokenWatch: 0.2, expired: 0.2 };

/** Lets time pass until the job has ended, with an operator that is replaced by another now and then. */
async function runToTheEnd(hasEnded: () => Promise<boolean>, restart: () => void): Promise<void> {
  for (let round = 0; round < 200 && !(await hasEnded()); round++) {
    await environment.pass(30_000);
    if (round % 3 === 2) {
      await environment.stop();
      restart();
    }
  }
}

describe.each(SEEDS)('with an API whose calls fail at random (%s)', (seed) => {
  test('a TFJob is restarted exactly as often as its limit allows', async () => {
    const random = randomStream(seed);
    const started: string[] = [];
    const start = (): void => {
      const client = faultyClient(environment.client, random, FAULTS);
      environment.start(
        ({ metadata }) => {
          started.push(metadata.uid);
          return { exitCode: 137, afterMs: 1_000 };
        },
        { client },
      );
    };
    start();
    const template = { spec: { containers: [{ name: 'tensorflow', image: 'i' }] } };
    const manifest = {
      apiVersion: 'kubeflow.org/v1',
      kind: 'TFJob',
      metadata: { name: 'job', namespace: 'default' },
      spec: {
        tfReplicaSpecs: { Worker: { restartPolicy: 'ExitCode', template } },
        runPolicy: { backoffLimit: 3 },
      },
    };
    await environment.client.create(TFJOBS, manifest);
    await runToTheEnd(async () => (await environment.conditions(TFJOBS)).includes('Failed'), start);
    expect((await environment.conditions(TFJOBS)).at(-1)).toBe('Failed');
    // A node that was started anew sees a pod that runs already again: each pod counts once.
    expect(new Set(started).size).toBe(4);
  });

  test('a Job runs exactly as many pods as it may', async () => {
    const random = randomStream(seed);
    const started = new Set<string>();
    const start = (): void => {
      const client = faultyClient(environment.client, random, FAULTS);
      environment.start(
        ({ metadata }) => {
          started.add(metadata.uid);
          return { exitCode: 1, afterMs: 1_000 };
        },
        { client },
      );
    };
    start();
    const template = {
      spec: { restartPolicy: 'Never', containers: [{ name: 'train', image: 'i' }] },
    };
    const manifest = {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'job', namespace: 'default' },
      spec: { template, backoffLimit: 3 },
    };
    await environment.client.create(JOBS, manifest);
    await runToTheEnd(async () => (await environment.conditions(JOBS)).includes('Failed'), start);
    expect(await environment.conditions(JOBS)).toEqual(['Failed']);
    expect(started.size).toBe(4);
    expect((await environment.job(JOBS)).status).toMatchObject({ failed: 4 });
  });
});
