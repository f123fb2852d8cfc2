import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { katydid, startKatydid, temporaryFolder, type Finished, type Started } from '../support/command.ts';
import { shellExperiment } from '../support/shell-experiment.ts';

let folder: ReturnType<typeof temporaryFolder>;
let dataDir: string;
/** Runs that a failed test may leave behind. */
let started: Started[];
beforeEach(() => {
  started = [];
  folder = temporaryFolder();
  dataDir = join(folder.path, 'data');
});
afterEach(async () => {
  for (const { process } of started) process.kill('SIGKILL');
  await Promise.all(started.map(({ finished }) => finished));
  folder[Symbol.dispose]();
});

/** A run of the experiment `exp`, and what it has said so far. */
function start(
  trials: number,
  ...more: string[]
): Started & { said: () => string; until: (text: string) => Promise<void> } {
  const file = join(folder.path, 'exp.yaml');
  writeFileSync(file, shellExperiment({ name: 'exp', trials, script: 'echo loss=$X; sleep 0.5' }));
  const run = startKatydid(['run', file, '--data-dir', dataDir, ...more]);
  started.push(run);
  let said = '';
  run.process.stderr?.on('data', (text: string) => (said += text));
  const until = (text: string): Promise<void> => expect.poll(() => said, { timeout: 30_000 }).toContain(text);
  return { ...run, said: () => said, until };
}

async function ask(...args: string[]): Promise<Finished> {
  const answer = await katydid([...args, '--data-dir', dataDir]);
  expect(answer.code, answer.stderr).toBe(0);
  return answer;
}

describe('a run whose experiment is changed from outside', () => {
  it('says so, and goes on or ends accordingly', async () => {
    const { finished, until } = start(500);
    await until('exp-0');
    await ask('pause', 'exp');
    await until('Experiment exp is paused');
    await ask('resume', 'exp');
    await until('Experiment exp goes on');
    await ask('extend', 'exp', '--max-trials', '600');
    await until('has a new budget: 600 trials');
    await ask('stop', 'exp');
    await until('Experiment exp is stopped');
    const { code, stdout } = await finished;
    expect([code, stdout]).toEqual([0, expect.stringContaining('Experiment exp: Succeeded.')]);
  });

  it('ends with 1 where it is deleted', async () => {
    const { finished, until } = start(500, '-o', 'json');
    await until('exp-0');
    await ask('delete', 'exp', '--yes');
    const { code, stdout } = await finished;
    expect([code, JSON.parse(stdout)]).toMatchObject([1, { experiment: 'exp', status: 'Deleted' }]);
  });
});

it('a run that is to keep serving answers after the end, and ends as its experiment did', async () => {
  const { process: running, finished, until, said } = start(2, '--keep-serving');
  await until('until Ctrl-C');
  const [, url = ''] = /Serving (\S+) until/.exec(said()) ?? [];
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  expect((await ask('get', 'trials', '-o', 'name')).stdout).toBe('trial/exp-0\ntrial/exp-1\n');
  running.kill('SIGINT');
  const { code, stdout } = await finished;
  expect([code, stdout]).toEqual([0, expect.stringContaining('Experiment exp: Succeeded.')]);
});
