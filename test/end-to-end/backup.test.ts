import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { katydid, startKatydid, temporaryFolder } from '../support/command.ts';
import { shellExperiment } from '../support/shell-experiment.ts';

const TRIALS = 24;

interface TrialList {
  items: {
    metadata: { name: string };
    status: { observation?: { metrics: { name: string; latest: string }[] } };
  }[];
}

async function trialsIn(dataDir: string): Promise<TrialList['items']> {
  const { stdout } = await katydid(['get', 'trials', '--data-dir', dataDir, '-o', 'json']);
  return (JSON.parse(stdout) as TrialList).items;
}

/** A finished experiment in a data directory of its own. */
async function finishedExperiment(folder: string): Promise<{ dataDir: string; file: string }> {
  const file = join(folder, 'small.yaml');
  const dataDir = join(folder, 'data');
  writeFileSync(file, shellExperiment({ name: 'small', trials: 2, script: 'echo loss=$X' }));
  const { code, stderr } = await katydid(['run', file, '--data-dir', dataDir]);
  expect(code, stderr).toBe(0);
  return { dataDir, file };
}

describe('backup and restore', () => {
  it('take an experiment that is running elsewhere, where it goes on to exactly its number of trials', async () => {
    using folder = temporaryFolder();
    const file = join(folder.path, 'experiment.yaml');
    const [dataDir, restored] = [join(folder.path, 'data'), join(folder.path, 'restored')];
    const backup = join(folder.path, 'backup.tar.gz');
    writeFileSync(
      file,
      shellExperiment({
        name: 'saved',
        trials: TRIALS,
        script: 'for s in 1 2 3; do echo loss=$X; sleep 0.1; done',
      }),
    );
    const running = startKatydid(['run', file, '--data-dir', dataDir]);
    while (!existsSync(join(dataDir, 'objects.db')) || (await trialsIn(dataDir)).length < 6) await pause(100);
    const written = await katydid(['backup', backup, '--data-dir', dataDir]);
    expect(written.code, written.stderr).toBe(0);
    expect((await running.finished).code).toBe(0);

    mkdirSync(restored);
    const put = await katydid(['restore', backup, '--data-dir', restored]);
    expect(put.code, put.stderr).toBe(0);
    const atBackup = await trialsIn(restored);
    expect(atBackup.length).toBeGreaterThanOrEqual(6);
    expect(atBackup.length).toBeLessThan(TRIALS);
    const resumed = await katydid(['run', file, '--data-dir', restored, '-o', 'json']);
    expect(resumed.code, resumed.stderr).toBe(0);
    expect(JSON.parse(resumed.stdout)).toMatchObject({ trials: { total: TRIALS, succeeded: TRIALS } });
    const trials = await trialsIn(restored);
    expect(trials.map(({ metadata }) => metadata.name)).toEqual(
      Array.from({ length: TRIALS }, (_, index) => `saved-${index}`),
    );
    const series = await katydid([
      'export',
      'saved',
      '--what',
      'curves',
      '-o',
      'csv',
      '--data-dir',
      restored,
    ]);
    // Three reports of each trial, no more and no less, under one header.
    expect(series.stdout.trim().split('\n')).toHaveLength(3 * TRIALS + 1);
    // Neither something half done, nor the empty directory that was there.
    expect(readdirSync(folder.path).toSorted()).toEqual([
      'backup.tar.gz',
      'data',
      'experiment.yaml',
      'restored',
    ]);
  });

  it('refuse to overwrite what is there, and with --force move it aside', async () => {
    using folder = temporaryFolder();
    const { dataDir } = await finishedExperiment(folder.path);
    const backup = join(folder.path, 'backup.tar.gz');
    expect((await katydid(['backup', backup, '--data-dir', dataDir])).code).toBe(0);
    const again = await katydid(['backup', backup, '--data-dir', dataDir]);
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('BACKUP_EXISTS') as string });
    expect((await katydid(['backup', backup, '--data-dir', dataDir, '--force'])).code).toBe(0);
    const refused = await katydid(['restore', backup, '--data-dir', dataDir]);
    expect(refused).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('RESTORE_NOT_EMPTY') as string,
    });
    const forced = await katydid(['restore', backup, '--data-dir', dataDir, '--force']);
    expect(forced.code, forced.stderr).toBe(0);
    const [aside = ''] = readdirSync(folder.path).filter((name) => name.startsWith('data-before-'));
    expect(await trialsIn(join(folder.path, aside))).toHaveLength(2);
    expect(await trialsIn(dataDir)).toHaveLength(2);
    expect((await katydid(['logs', 'small-0', '--data-dir', dataDir])).stdout).toContain('loss=');
  });

  it('refuse a directory in which somebody works, and name him', async () => {
    using folder = temporaryFolder();
    const { dataDir } = await finishedExperiment(folder.path);
    const backup = join(folder.path, 'backup.tar.gz');
    await katydid(['backup', backup, '--data-dir', dataDir]);
    const serving = startKatydid(['serve', '--data-dir', dataDir]);
    await new Promise<void>((resolve) =>
      serving.process.stdout?.on('data', (text: string) => text.includes('KATYDID_TOKEN') && resolve()),
    );
    const refused = await katydid(['restore', backup, '--data-dir', dataDir, '--force']);
    const second = await katydid(['serve', '--data-dir', dataDir]);
    serving.process.kill('SIGTERM');
    await serving.finished;
    for (const { code, stderr } of [refused, second]) {
      expect(code).toBe(1);
      expect(stderr).toContain('DATA_DIR_IN_USE');
      expect(stderr).toContain(`pid ${serving.process.pid}`);
    }
  });

  it.each<[string, (file: string) => void]>([
    ['that was cut off', (file) => truncateSync(file, readFileSync(file).length - 200)],
    ['that is none', (file) => writeFileSync(file, 'something else')],
    [
      'with a flipped bit',
      (file) => {
        const bytes = readFileSync(file);
        const middle = Math.floor(bytes.length / 2);
        bytes[middle] = (bytes[middle] ?? 0) ^ 1;
        writeFileSync(file, bytes);
      },
    ],
  ])('refuse a backup %s, and leave everything as it was', async (_, damage) => {
    using folder = temporaryFolder();
    const { dataDir } = await finishedExperiment(folder.path);
    const backup = join(folder.path, 'backup.tar.gz');
    await katydid(['backup', backup, '--data-dir', dataDir]);
    damage(backup);
    const target = join(folder.path, 'target');
    const refused = await katydid(['restore', backup, '--data-dir', target]);
    expect(refused).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('BACKUP_UNREADABLE') as string,
    });
    expect(refused.stderr).not.toMatch(/^\s+at /m);
    expect(existsSync(target)).toBe(false);
    const forced = await katydid(['restore', backup, '--data-dir', dataDir, '--force']);
    expect(forced.stderr).toContain('BACKUP_UNREADABLE');
    expect(await trialsIn(dataDir)).toHaveLength(2);
  });

  it('say so where there is nothing to back up', async () => {
    using folder = temporaryFolder();
    cpSync(new URL('../support', import.meta.url), join(folder.path, 'unrelated'), { recursive: true });
    const { code, stderr } = await katydid([
      'backup',
      join(folder.path, 'b.tar.gz'),
      '--data-dir',
      folder.path,
    ]);
    expect(code).toBe(1);
    expect(stderr).toContain('BACKUP_NOTHING');
  });
});
