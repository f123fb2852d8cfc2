import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { ok, problem, warning, type Check, type Finding } from '../check.ts';
import type { DoctorContext } from '../context.ts';
import { writeTrouble } from '../write-trouble.ts';

/** The directory, or the nearest one above it that exists. */
export function nearestDirectory(path: string): string {
  const parent = dirname(path);
  return existsSync(path) || parent === path ? path : nearestDirectory(parent);
}

export const writable: Check<DoctorContext> = {
  id: 'data-directory',
  title: 'Data directory',
  why: 'Everything that experiments yield is kept there; without it nothing starts.',
  run({ directory: { path } }) {
    const nearest = nearestDirectory(path);
    const remedy = 'Correct its owner and permissions, or choose another directory with --data-dir.';
    if (!statSync(nearest).isDirectory()) return [problem(`${nearest} is a file, not a directory.`, remedy)];
    const trouble = writeTrouble(nearest);
    if (trouble !== null) return [problem(`${nearest} cannot be written to: ${trouble}.`, remedy)];
    return [nearest === path ? ok(path) : ok(`${path} is made by the first run.`), ...openToOthers(path)];
  },
};

const WRITABLE_BY_ALL = 0o002;
const STICKY = 0o1000;

function openToOthers(path: string): Finding[] {
  const mode = statSync(path, { throwIfNoEntry: false })?.mode ?? 0;
  if ((mode & WRITABLE_BY_ALL) === 0 || (mode & STICKY) !== 0) return [];
  const found = 'Every user of this computer may exchange its files, and with them what is run.';
  return [warning(found, `chmod o-w ${path}`)];
}
