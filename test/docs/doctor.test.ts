import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { DATA_DIRECTORY_CHECKS, EXPERIMENT_CHECKS, MACHINE_CHECKS } from '../../cli/doctor/checks.ts';
import { ROOT } from '../support/command.ts';

it('docs/doctor.md has one row for each check, in the order in which they are asked', () => {
  const text = readFileSync(path.join(ROOT, 'docs/doctor.md'), 'utf8');
  const rows = Array.from(text.matchAll(/^\| `([a-z-]+)` +\|/gm), ([, id]) => id);
  const checks = [...MACHINE_CHECKS, ...DATA_DIRECTORY_CHECKS, ...EXPERIMENT_CHECKS];
  expect(rows).toEqual(checks.map(({ id }) => id));
});
