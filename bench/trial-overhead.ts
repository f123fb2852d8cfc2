/*
 * What a trial costs beyond the process that it runs: CPU of the service per trivial Job trial, beside the CPU of
 * starting the same process without any service, in one run. `npm run bench [-- trials]`.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../core/clock.ts';
import type { Experiment } from '../core/experiment.ts';
import { silentLogger } from '../core/logger.ts';
import { EMPTY_IMAGE_MAP } from '../local/kubelet/image-map.ts';
import { startEmbedded } from '../cli/embedded.ts';
import { dataDirectory } from '../cli/data-directory.ts';
import { lineProgress } from '../cli/progress/line-progress.ts';
import { followExperiments } from '../cli/run/follow.ts';
import { submitExperiment } from '../cli/run/submit.ts';

const COMMAND = ['sh', '-c', 'echo loss=$0', '0.5'] as const;
const WARM_UP_TRIALS = 10;

const trials = Number(process.argv[2] ?? 100);
const bareMs = await cpuMsPer(trials, () => runBare(trials));
const serviceMs = await measureService(trials);
console.log(`trials                        ${trials}`);
console.log(`bare process, CPU per trial   ${bareMs.toFixed(1)} ms`);
console.log(`katydid, CPU per trial        ${serviceMs.toFixed(1)} ms`);
console.log(`overhead, CPU per trial       ${(serviceMs - bareMs).toFixed(1)} ms (target: at most 100 ms)`);

async function measureService(count: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'katydid-bench-'));
  const directory = dataDirectory(folder);
  const service = startEmbedded({ directory, imageMap: EMPTY_IMAGE_MAP, logger: silentLogger });
  try {
    await runTrials(service, 'warm-up', WARM_UP_TRIALS);
    return await cpuMsPer(count, () => runTrials(service, 'trivial', count));
  } finally {
    await service.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runTrials(
  { client, observations }: ReturnType<typeof startEmbedded>,
  name: string,
  count: number,
): Promise<void> {
  await submitExperiment(client, trivialExperiment(name, count));
  const quiet = { out: ignore, err: ignore, raw: ignore, isTerminal: false, columns: () => 80 };
  await followExperiments({
    client,
    observations,
    keys: [`default/${name}`],
    progress: lineProgress(quiet),
    clock: systemClock,
    signal: new AbortController().signal,
  });
}

function ignore(): void {
  // Only the time counts here.
}

async function runBare(count: number): Promise<void> {
  const [program, ...args] = COMMAND;
  for (let index = 0; index < count; index++) {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.resume();
    await new Promise((resolve) => child.on('close', resolve));
  }
}

/** CPU milliseconds of this process, all its threads, per item. Children's own CPU is the same either way. */
async function cpuMsPer(count: number, work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / count;
}

function trivialExperiment(name: string, maxTrialCount: number): Experiment {
  return {
    apiVersion: 'kubeflow.org/v1beta1',
    kind: 'Experiment',
    metadata: { name, namespace: 'default' },
    spec: {
      objective: { type: 'minimize', objectiveMetricName: 'loss' },
      algorithm: { algorithmName: 'random' },
      parallelTrialCount: 4,
      maxTrialCount,
      parameters: [{ name: 'x', parameterType: 'double', feasibleSpace: { min: '0', max: '1' } }],
      trialTemplate: {
        primaryContainerName: 'main',
        trialParameters: [{ name: 'x', reference: 'x' }],
        trialSpec: {
          apiVersion: 'batch/v1',
          kind: 'Job',
          spec: {
            template: {
              spec: {
                restartPolicy: 'Never',
                containers: [
                  { name: 'main', image: 'none', command: [...COMMAND.slice(0, 3), '${trialParameters.x}'] },
                ],
              },
            },
          },
        },
      },
    },
  };
}
