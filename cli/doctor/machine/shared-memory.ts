import { existsSync } from 'node:fs';
import { formatBytes, MIB } from '../bytes.ts';
import { ok, warning, type Check } from '../check.ts';
import type { DoctorContext } from '../context.ts';

const DIRECTORY = '/dev/shm';
/** What a container gets where nobody asks for more. */
const USUAL_OF_CONTAINERS = 64 * MIB;

export const sharedMemory: Check<DoctorContext> = {
  id: 'shared-memory',
  title: 'Shared memory',
  why: 'Data loaders with several workers (PyTorch) pass batches through /dev/shm, and crash with "bus error" where it is full.',
  run({ probes }) {
    if (probes.platform !== 'linux') return [ok('Not needed on this system.')];
    if (!existsSync(DIRECTORY)) return [warning(`There is no ${DIRECTORY}.`, 'Mount a tmpfs there.')];
    const { totalBytes, freeBytes } = probes.fileSystem(DIRECTORY);
    const found = `${formatBytes(freeBytes)} of ${formatBytes(totalBytes)} in ${DIRECTORY} are free`;
    if (freeBytes > USUAL_OF_CONTAINERS) return [ok(`${found}.`)];
    const remedy =
      'Give the container more (docker run --shm-size=2g), remove what fills it, or let data loaders work without worker processes.';
    return [warning(`${found}, little for data loaders.`, remedy)];
  },
};
