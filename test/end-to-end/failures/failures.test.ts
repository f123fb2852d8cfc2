import { once } from 'node:events';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StoredTrial } from '../../../core/trial.ts';
import { katydid, ROOT, startKatydid, temporaryFolder, type Started } from '../../support/command.ts';
import { faults, type Fault } from './faults.ts';

/** What REST says of a trial. */
interface TrialAnswer {
  status: string;
  failure: { code: string; cause: string; remedy: string } | null;
  manifest: StoredTrial;
}

const folder = temporaryFolder();
const dataDir = join(folder.path, 'data');
const neighbour: Server = createServer();
/** The port is of no meaning before the tests run; names, codes and causes are. */
const documented = faults({ notExecutable: '', notAProgram: '', takenPort: 0 });
let injected: Fault[] = [];
let serving: Started;
let url = '';
let authorization = '';

beforeAll(async () => {
  neighbour.listen(0, '127.0.0.1');
  await once(neighbour, 'listening');
  injected = faults({
    notExecutable: file('train.sh', '#!/bin/sh\necho loss=1\n', 0o644),
    notAProgram: file('train.bin', Buffer.from([0, 1, 2, 3, 0, 255, 254]), 0o755),
    takenPort: (neighbour.address() as AddressInfo).port,
  });
  serving = startKatydid(['serve', '--data-dir', dataDir, '--cpu-slots', '4']);
  await untilServing();
  for (const [index, fault] of injected.entries()) await submit(index, fault);
});

afterAll(async () => {
  neighbour.close();
  serving.process.kill('SIGTERM');
  await serving.finished;
  folder[Symbol.dispose]();
});

function file(name: string, contents: string | Buffer, mode: number): string {
  const path = join(folder.path, name);
  writeFileSync(path, contents);
  chmodSync(path, mode);
  return path;
}

async function untilServing(): Promise<void> {
  let said = '';
  const ready = new Promise<void>((resolve) => {
    serving.process.stdout?.on('data', (text: string) => {
      said += text;
      if (said.includes('KATYDID_TOKEN')) resolve();
    });
  });
  await Promise.race([ready, serving.finished.then(({ stderr }) => Promise.reject(new Error(stderr)))]);
  const { rest } = JSON.parse(readFileSync(join(dataDir, 'server.json'), 'utf8')) as { rest: string };
  url = `${rest}/api/v1/namespaces/default`;
  authorization = `Bearer ${readFileSync(join(dataDir, 'token'), 'utf8').trim()}`;
}

function experimentOf(index: number, fault: Fault): unknown {
  const { container, pod, job, collector, metricStrategies } = fault;
  const main = {
    name: 'main',
    image: 'none',
    env: [{ name: 'X', value: '${trialParameters.x}' }],
    ...container,
  };
  return {
    apiVersion: 'kubeflow.org/v1beta1',
    kind: 'Experiment',
    metadata: { name: `fault-${index}` },
    spec: {
      objective: {
        type: 'minimize',
        objectiveMetricName: 'loss',
        ...(metricStrategies && { metricStrategies }),
      },
      algorithm: { algorithmName: 'random' },
      parallelTrialCount: 1,
      maxTrialCount: 1,
      maxFailedTrialCount: 1,
      parameters: [{ name: 'x', parameterType: 'double', feasibleSpace: { min: '0', max: '1' } }],
      ...(collector && { metricsCollectorSpec: collector }),
      trialTemplate: {
        primaryContainerName: 'main',
        trialParameters: [{ name: 'x', reference: 'x' }],
        trialSpec: {
          apiVersion: 'batch/v1',
          kind: 'Job',
          spec: {
            backoffLimit: 0,
            ...job,
            template: { spec: { restartPolicy: 'Never', ...pod, containers: [main] } },
          },
        },
      },
    },
  };
}

async function submit(index: number, fault: Fault): Promise<void> {
  const answer = await fetch(`${url}/experiments`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify(experimentOf(index, fault)),
  });
  expect(answer.status, `${fault.name}: ${await answer.text()}`).toBe(201);
}

async function trialOf(index: number): Promise<TrialAnswer | undefined> {
  const answer = await fetch(`${url}/experiments/fault-${index}/trials/fault-${index}-0`, {
    headers: { authorization },
  });
  return answer.ok ? ((await answer.json()) as TrialAnswer) : undefined;
}

async function untilExplained(
  index: number,
  isExplained: (trial: TrialAnswer) => boolean,
): Promise<TrialAnswer> {
  for (;;) {
    const trial = await trialOf(index);
    if (trial && isExplained(trial)) return trial;
    await pause(200);
  }
}

describe('an injected fault', () => {
  it.each(
    documented
      .map(({ name, isRetried }, index) => ({ name, index, isRetried }))
      .filter((row) => !row.isRetried),
  )('is explained in REST, on the command line and in a condition: $name', async ({ index }) => {
    const { code, cause } = injected[index] as Fault;
    const trial = await untilExplained(index, ({ manifest }) => manifest.status?.completionTime != null);
    expect(trial.failure?.code).toBe(code);
    expect(trial.failure?.cause).toMatch(cause);
    expect(trial.failure?.remedy.length).toBeGreaterThan(20);
    const condition = trial.manifest.status?.conditions?.at(-1);
    expect(condition?.message).toContain(`[${code}]`);
    expect(condition?.message).toMatch(cause);
    const { stdout } = await katydid(['describe', `fault-${index}-0`, '--data-dir', dataDir]);
    expect(stdout).toContain(code);
    expect(stdout).toContain(trial.failure?.remedy.split(/(?<=[.:]) /)[0]);
  });

  it.each(
    documented
      .map(({ name, isRetried }, index) => ({ name, index, isRetried }))
      .filter((row) => row.isRetried),
  )('of the infrastructure is explained, and the trial started over: $name', async ({ index }) => {
    const { code, cause } = injected[index] as Fault;
    const trial = await untilExplained(index, ({ manifest }) => (manifest.status?.retries?.length ?? 0) >= 2);
    expect(trial.status).toBe('Running');
    const [retry] = trial.manifest.status?.retries ?? [];
    expect(retry?.code).toBe(code);
    expect(retry?.message).toMatch(cause);
    const { stdout } = await katydid(['describe', `fault-${index}-0`, '--data-dir', dataDir]);
    expect(stdout).toContain('Attempt 2 of 4');
    expect(stdout).toContain(code);
  });

  it('is one of those that docs/failures.md lists', () => {
    const page = readFileSync(join(ROOT, 'docs/failures.md'), 'utf8');
    const rows = Array.from(page.matchAll(/^\| ([^|`]+?) +\| `([A-Z_]+)`/gm), ([, name, code]) => ({
      name,
      code,
    }));
    expect(rows).toEqual(documented.map(({ name, code }) => ({ name, code })));
  });
});
