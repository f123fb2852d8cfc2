import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataDirectory } from '../../cli/data-directory.ts';
import { runProgram } from '../../cli/program.ts';
import { EXPERIMENTS } from '../../kube/resource.ts';
import { condition, NOW } from '../support/experiment-objects.ts';
import { recordingOutput } from './recording-output.ts';
import { MODULE_MISSING } from './summaries.ts';
import {
  ALL_DONE,
  experimentObject,
  storeStatus,
  storeTrial,
  storeWarning,
  world,
  type World,
} from './world.ts';

export interface Answer {
  code: number;
  stdout: string;
  stderr: string;
}

/** A data directory with a finished experiment `exp`, and commands that read it inside this process. */
export interface ResultsFixture {
  dataDir: string;
  world: World;
  katydid(...args: string[]): Promise<Answer>;
  remove(): Promise<void>;
}

/**
 * Trials: exp-0 (best, with a curve), exp-1 (failed), exp-2 (a metric that became NaN), exp-10 (still running).
 */
export async function resultsFixture(): Promise<ResultsFixture> {
  const dataDir = mkdtempSync(join(tmpdir(), 'katydid-results-'));
  const { objects, observations } = dataDirectory(dataDir);
  const here = world({ objects, observations });
  await storeExperiment(here);
  await storeTrials(here);
  await storeWarning(
    here,
    { kind: 'Pod', name: 'exp-0-0' },
    'LOCAL_PATH_UNMAPPED',
    'Path /x does not exist.',
  );
  return {
    dataDir,
    world: here,
    katydid: (...args) => command([...args, '--data-dir', dataDir]),
    async remove() {
      await here.close();
      rmSync(dataDir, { recursive: true });
    },
  };
}

/** Runs a command line in this process. */
export async function command(args: readonly string[], closesAfter = Infinity): Promise<Answer> {
  const output = recordingOutput({ closesAfter });
  const code = await runProgram(args, output);
  return { code, stdout: output.text(), stderr: output.talk.join('\n') };
}

async function storeExperiment(here: World): Promise<void> {
  const spec = {
    maxTrialCount: 4,
    parameters: [
      { name: 'x', parameterType: 'double', feasibleSpace: { min: '0', max: '1' } },
      { name: 'units', parameterType: 'int', feasibleSpace: { min: '1', max: '99' } },
      { name: 'opt', parameterType: 'categorical', feasibleSpace: { list: ['1', 'sgd, "fast"'] } },
    ],
  } as const;
  const stored = await here.client.create(
    EXPERIMENTS,
    experimentObject('exp', structuredClone(spec) as never),
  );
  await storeStatus(here, stored, {
    conditions: [condition('Created'), ALL_DONE],
    startTime: NOW,
    completionTime: NOW,
    trials: 4,
    trialsSucceeded: 2,
    trialsFailed: 1,
    trialsRunning: 1,
    currentOptimalTrial: {
      bestTrialName: 'exp-0',
      parameterAssignments: parameters('0.123456789012', '7', 'sgd, "fast"'),
      observation: { metrics: [{ name: 'loss', min: '0.25', max: '1', latest: '0.25' }] },
    },
  });
}

function parameters(x: string, units: string, opt: string): { name: string; value: string }[] {
  return [
    { name: 'x', value: x },
    { name: 'units', value: units },
    { name: 'opt', value: opt },
  ];
}

async function storeTrials(here: World): Promise<void> {
  const metrics = (latest: string): { observation: object } => ({
    observation: { metrics: [{ name: 'loss', min: '0.25', max: '1', latest }] },
  });
  const best = await storeTrial(here, {
    index: 0,
    spec: { parameterAssignments: parameters('0.123456789012', '7', 'sgd, "fast"') },
    status: { conditions: [condition('Succeeded')], ...metrics('0.25'), startTime: NOW, completionTime: NOW },
  });
  const values = [1, 0.5, 0.25];
  await here.observations.report(
    { trialUid: best.metadata.uid, source: 'exp-0-0/main' },
    values.map((value, step) => ({ metric: 'loss', value, step, timeMs: step * 1000, sequence: step })),
  );
  const failed = condition('Failed', 'True', 'TrialFailed', MODULE_MISSING);
  const { metadata } = await storeTrial(here, {
    index: 1,
    spec: { parameterAssignments: parameters('0.5', '8', '1') },
    status: { conditions: [failed], startTime: NOW, completionTime: NOW },
  });
  await here.observations.recordEvent({
    trialUid: metadata.uid,
    timeMs: 0,
    type: 'Warning',
    reason: 'JobFailed',
    message: 'Job exp-1 has failed.\nwith more lines',
  });
  await storeTrial(here, {
    index: 2,
    spec: { parameterAssignments: parameters('1e-7', '9007199254740993', '1') },
    status: { conditions: [condition('Succeeded')], ...metrics('NaN') },
  });
  await storeTrial(here, {
    index: 10,
    state: 'Running',
    spec: { parameterAssignments: parameters('0.5', '9', '1') },
  });
}
