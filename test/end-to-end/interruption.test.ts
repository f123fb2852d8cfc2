import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { katydid, startKatydid, temporaryFolder, type Finished, type Started } from '../support/command.ts';
import { shellExperiment } from '../support/shell-experiment.ts';

let folder: ReturnType<typeof temporaryFolder>;
let mark: string;
beforeEach(() => {
  folder = temporaryFolder();
  mark = `katydid-interruption-${process.pid}-${Date.now()}`;
});
afterEach(() => {
  folder[Symbol.dispose]();
});

/** Writes the experiment `exp` of trainings that report at once and then take their time. */
function write(
  options: { trials?: number; script?: string; maxFailed?: number; resumePolicy?: 'LongRunning' } = {},
): string {
  const { trials = 4, script = 'echo loss=$X; sleep 1.5', ...rest } = options;
  const file = join(folder.path, 'exp.yaml');
  writeFileSync(file, shellExperiment({ name: 'exp', trials, script: `: ${mark}\n${script}`, ...rest }));
  return file;
}

function args(file: string, ...more: string[]): string[] {
  return ['run', file, '--data-dir', join(folder.path, 'data'), ...more];
}

function trainings(): string[] {
  const all = execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' });
  return all.split('\n').filter((line) => line.includes(mark));
}

async function started(file: string, ...more: string[]): Promise<Started> {
  const run = startKatydid(args(file, ...more));
  for (let tries = 0; trainings().length === 0; tries++) {
    if (tries > 300) throw new Error('no training was started');
    await delay(50);
  }
  return run;
}

async function resumed(file: string, trials: number): Promise<Finished> {
  const last = await katydid(args(file, '-o', 'json'));
  expect(last.code, last.stderr).toBe(0);
  expect(JSON.parse(last.stdout)).toMatchObject({
    status: 'Succeeded',
    trials: { total: trials, succeeded: trials, failed: 0 },
  });
  return last;
}

describe('a run that is interrupted', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'by %s ends its trainings, says how to resume, and resumes',
    async (signal) => {
      const file = write();
      const { process: running, finished } = await started(file);
      running.kill(signal);
      const { code, stdout, stderr } = await finished;
      expect(code).toBe(130);
      expect(stderr).toContain('The same command again resumes.');
      expect(stdout).toMatch(/^Experiment exp: Interrupted, after \d of 4 trials\.$/m);
      expect(stdout).toContain(`katydid ${args(file).join(' ')}`);
      expect(trainings(), 'no process is left').toEqual([]);
      await resumed(file, 4);
    },
  );

  it('twice kills trainings that do not want to end, and has lost nothing', async () => {
    const patient = write({ trials: 2, script: `trap '' TERM INT; echo loss=$X; sleep 3; sleep 3` });
    const { process: running, finished } = await started(patient);
    await delay(500);
    running.kill('SIGINT');
    await delay(500);
    expect(trainings().length, 'they ignore the polite request').toBeGreaterThan(0);
    running.kill('SIGINT');
    expect((await finished).code).toBe(130);
    expect(trainings(), 'no process is left').toEqual([]);
    await resumed(patient, 2);
  });

  it('by its time-out ends with 3, as JSON where that was asked for', async () => {
    const file = write({ script: 'echo loss=$X; sleep 60' });
    const { code, stdout } = await katydid(args(file, '--timeout', '2s', '-o', 'json'));
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'TimedOut', trials: { succeeded: 0 } });
    expect(trainings(), 'no process is left').toEqual([]);
  });
});

describe('while a run works', () => {
  it('a second one is kept out, and readers are not', async () => {
    const file = write({ script: 'echo loss=$X; sleep 5' });
    const { process: running, finished } = await started(file);
    const second = await katydid(args(file));
    expect(second.code).toBe(1);
    expect(second.stderr).toContain(`(pid ${running.pid})`);
    expect(second.stderr).toContain('[DATA_DIR_IN_USE]');
    const where = ['--data-dir', join(folder.path, 'data')];
    const listed = await katydid(['get', 'trials', ...where]);
    expect([listed.code, listed.stderr]).toEqual([0, '']);
    expect(listed.stdout).toContain('exp-0');
    expect((await finished).code).toBe(0);
  });

  it('it does not mind that nobody reads its output any more', async () => {
    const file = write({ trials: 2 });
    const { process: running, finished } = await started(file);
    running.stdout?.destroy();
    running.stderr?.destroy();
    expect((await finished).code).toBe(0);
    await resumed(file, 2);
  });
});

describe('the budget of an experiment', () => {
  it('is raised on an interrupted one', async () => {
    const { process: running, finished } = await started(write({ trials: 2 }));
    running.kill('SIGINT');
    await finished;
    const { stderr } = await resumed(write({ trials: 3 }), 3);
    expect(stderr).toContain('goes on with its new budget');
  });

  it('is raised on a finished one where its policy allows it', async () => {
    const script = 'echo loss=$X';
    await resumed(write({ trials: 2, script, resumePolicy: 'LongRunning' }), 2);
    const { stderr } = await resumed(write({ trials: 4, script, resumePolicy: 'LongRunning' }), 4);
    expect(stderr).toMatch(/\[3\/4\][^]*\[4\/4\]/);
  });

  it('is refused on a finished one where its policy does not', async () => {
    const script = 'echo loss=$X';
    await resumed(write({ trials: 2, script }), 2);
    const { code, stdout, stderr } = await katydid(args(write({ trials: 4, script })));
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('its resumePolicy is Never');
  });
});

it('why trials fail is said at the end, by reason', async () => {
  const file = write({ trials: 3, maxFailed: 1, script: 'echo something; nosuchcommand --lr 1' });
  const { code, stdout } = await katydid(args(file));
  expect(code).toBe(1);
  expect(stdout).toContain('TRIAL_COMMAND_NOT_FOUND (exp-0');
  expect(stdout).toMatch(/\| .*nosuchcommand.*not found/);
  expect(stdout).toContain('katydid logs exp-0');
});
