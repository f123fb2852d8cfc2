import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findings } from '../../bench/torture/findings.ts';
import { torture } from '../../bench/torture/torture.ts';

/** The short version of `npm run torture`, which kills 200 times (docs/durability.md). */
it('8 times kill -9 while 40 trials run, 8 at a time, loses nothing and counts nothing twice', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'katydid-test-'));
  const trials = 40;
  const tortured = await torture({ folder, trials, parallel: 8, kills: 8, seed: 'short' });
  expect(tortured.kills).toBeGreaterThan(4);
  expect(await findings(tortured, trials), `the data are in ${folder}`).toEqual([]);
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
});
