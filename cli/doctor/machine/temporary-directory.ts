import { tmpdir } from 'node:os';
import { formatBytes, MIB } from '../bytes.ts';
import { ok, problem, warning, type Check } from '../check.ts';
import type { DoctorContext } from '../context.ts';
import { writeTrouble } from '../write-trouble.ts';

const LITTLE_BYTES = 256 * MIB;

export const temporaryDirectory: Check<DoctorContext> = {
  id: 'temporary-directory',
  title: 'Temporary files',
  why: 'Trainings keep caches and checkpoints there, and Python cannot start worker processes without it.',
  run({ probes }) {
    const directory = probes.env['TMPDIR'] ?? tmpdir();
    const remedy = 'Free space there, or name another directory in TMPDIR.';
    const trouble = writeTrouble(directory);
    if (trouble !== null) return [problem(`${directory} cannot be written to: ${trouble}.`, remedy)];
    const { freeBytes } = probes.fileSystem(directory);
    const found = `${formatBytes(freeBytes)} are free in ${directory}`;
    return [freeBytes < LITTLE_BYTES ? warning(`${found}, which is little.`, remedy) : ok(`${found}.`)];
  },
};
