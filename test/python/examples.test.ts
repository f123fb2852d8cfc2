import { delimiter } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { katydid, temporaryFolder, type Finished } from '../support/command.ts';
import type { Python } from './python.ts';

/* The Python examples, run with real frameworks as a user runs them: with the environment first in the PATH. */

const tensorFlow = inject('tensorFlow');
const torch = inject('torch');

interface Report {
  status: string;
  currentOptimalTrial: {
    bestTrialName: string;
    observation: { metrics: { name: string; min: string; max: string }[] };
  };
  trials: object;
}

interface Run {
  report: Report;
  /** What a pod of the best trial has printed. */
  logsOf(podOfTrial: string): Promise<string>;
}

async function run(python: Python, example: string, dataDir: string): Promise<Run> {
  if ('missing' in python) throw new Error(python.missing);
  const file = `examples/python/${example}/experiment.yaml`;
  const env = { PATH: [python.bin, process.env['PATH']].join(delimiter) };
  const onData = (args: string[]): Promise<Finished> => katydid([...args, '--data-dir', dataDir], { env });
  const { code, stdout, stderr } = await onData(['run', file, '-o', 'json', '--timeout', '5m']);
  expect(code, stderr).toBe(0);
  const report = JSON.parse(stdout) as Report;
  const best = report.currentOptimalTrial.bestTrialName;
  const logsOf = async (pod: string): Promise<string> =>
    (await onData(['logs', best, '--pod', `${best}-${pod}`])).stdout;
  return { report, logsOf };
}

function bestMetric({ report }: Run, name: string): { min: number; max: number } {
  const found = report.currentOptimalTrial.observation.metrics.find((metric) => metric.name === name);
  return { min: Number(found?.min), max: Number(found?.max) };
}

describe.skipIf('missing' in tensorFlow)('TFJobs with TensorFlow', () => {
  it('MultiWorkerMirroredStrategy: two workers meet at the addresses of TF_CONFIG and train one network', async () => {
    using folder = temporaryFolder();
    const example = await run(tensorFlow, 'multi-worker', folder.path);
    expect(example.report).toMatchObject({ status: 'Succeeded', trials: { total: 3, succeeded: 3 } });
    // A network that does not learn is right about half of the points.
    expect(bestMetric(example, 'accuracy').max).toBeGreaterThan(0.9);
    expect(await example.logsOf('worker-1')).toContain('worker 1 of 2 trains');
  });

  it('ParameterServerStrategy: a chief trains through a worker and a parameter server, which end with it', async () => {
    using folder = temporaryFolder();
    const example = await run(tensorFlow, 'parameter-server', folder.path);
    expect(example.report).toMatchObject({ status: 'Succeeded', trials: { total: 3, succeeded: 3 } });
    // Without learning it is above 5; the noise of the data alone is 0.01.
    expect(bestMetric(example, 'loss').min).toBeLessThan(0.02);
    expect(await example.logsOf('chief-0')).toContain('the weights are on /job:ps/replica:0/task:0');
    expect(await example.logsOf('worker-0')).toContain('worker 0 serves');
  });
});

describe.skipIf('missing' in torch)('PyTorchJobs with PyTorch', () => {
  it('DistributedDataParallel: a master and a worker meet over gloo and train one network', async () => {
    using folder = temporaryFolder();
    const example = await run(torch, 'pytorch-ddp', folder.path);
    expect(example.report).toMatchObject({ status: 'Succeeded', trials: { total: 4, succeeded: 4 } });
    // The mean square of the sine is 0.5: what a network that always says 0 would have.
    expect(bestMetric(example, 'loss').min).toBeLessThan(0.01);
    expect(await example.logsOf('worker-0')).toContain('rank 1 of 2 trains');
  });
});
