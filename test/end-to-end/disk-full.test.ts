import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { katydid, startKatydid, temporaryFolder } from '../support/command.ts';
import { shellExperiment } from '../support/shell-experiment.ts';
import { canMount, mountSmallDisk } from '../support/small-disk.ts';

const TRIALS = 40;
const REPORTS = 10;
const VALUES = Array.from({ length: REPORTS }, (_, index) => index + 1.5);

/** Prints a value ten times in two seconds and then notes its run in the ledger, which lies on another disk. */
function script(ledger: string): string {
  return `
for STEP in $(seq ${REPORTS}); do echo "epoch $STEP: loss=$STEP.5"; sleep 0.2; done
echo "$KATIB_TRIAL_NAME" >> ${ledger}`;
}

interface TrialList {
  items: { metadata: { name: string } }[];
}

function readServer(dataDir: string): { rest: string } {
  return JSON.parse(readFileSync(join(dataDir, 'server.json'), 'utf8')) as { rest: string };
}

async function health(dataDir: string): Promise<unknown> {
  const response = await fetch(`${readServer(dataDir).rest}/healthz`);
  return response.json();
}

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let look = 0; look < 600; look++) {
    if (await holds()) return;
    await delay(100);
  }
  throw new Error(`never happened: ${what}`);
}

function lines(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').trim().split('\n').filter(Boolean);
  } catch {
    return [];
  }
}

/** The values in the log of the only pod of a trial. */
function logOf(dataDir: string, trial: string): number[] {
  const [pod = ''] = readdirSync(join(dataDir, 'logs/default')).filter((name) =>
    name.startsWith(`${trial}-`),
  );
  const text = readFileSync(join(dataDir, 'logs/default', pod, 'main.0.log'), 'utf8');
  return Array.from(text.matchAll(/loss=(.*)/g), ([, value]) => Number(value));
}

describe.skipIf(!canMount())('a disk that becomes full while an experiment runs', () => {
  it(`is told, starts no trial, loses nothing, and ${TRIALS} trials end when there is room again`, async () => {
    using disk = mountSmallDisk(24);
    using folder = temporaryFolder();
    if (!disk) throw new Error('no disk');
    const ledger = join(folder.path, 'ledger');
    const file = join(folder.path, 'experiment.yaml');
    const dataDir = join(disk.path, 'data');
    writeFileSync(
      file,
      shellExperiment({ name: 'full', trials: TRIALS, parallel: 4, script: script(ledger) }),
    );
    const { finished } = startKatydid(['run', file, '--data-dir', dataDir, '-o', 'json']);

    await until('some trials ended', () => lines(ledger).length >= 6);
    expect(await health(dataDir)).toEqual({ status: 'ok' });
    disk.fill();
    await until('the service says so', async () =>
      JSON.stringify(await health(dataDir)).includes('DISK_FULL'),
    );
    // Those that ran go to their end, and nobody takes their place.
    await delay(4_000);
    const whileFull = lines(ledger).length;
    await delay(3_000);
    expect(lines(ledger)).toHaveLength(whileFull);
    disk.relieve();
    const run = await finished;

    expect(run.stderr).toContain('Warning DISK_FULL: ');
    expect(run.stderr).toContain('has room again');
    expect(run.code, run.stderr).toBe(0);
    // Who failed says why on stderr.
    expect(JSON.parse(run.stdout), run.stderr).toMatchObject({
      status: 'Succeeded',
      trials: { total: TRIALS, succeeded: TRIALS, failed: 0, metricsUnavailable: 0 },
    });
    const names = Array.from({ length: TRIALS }, (_, index) => `full-${index}`);
    expect(lines(ledger).toSorted(), 'each training ran once').toEqual(names.toSorted());
    const listed = await katydid(['get', 'trials', '--data-dir', dataDir, '-o', 'json']);
    const { items } = JSON.parse(listed.stdout) as TrialList;
    expect(items.map(({ metadata }) => metadata.name)).toEqual(names);
    const exported = await katydid([...'export full --what curves -o ndjson --data-dir'.split(' '), dataDir]);
    const curves = exported.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { trial: string; value: number });
    for (const name of names) {
      const values = curves.filter(({ trial }) => trial === name).map(({ value }) => value);
      expect(values, `observations of ${name}`).toEqual(VALUES);
      expect(logOf(dataDir, name), `log of ${name}`).toEqual(VALUES);
    }
  });
});
