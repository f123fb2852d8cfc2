import { formatBytes, GIB, MIB } from '../bytes.ts';
import { ok, problem, warning, type Check } from '../check.ts';
import type { DoctorContext } from '../context.ts';
import type { FileSystemFacts } from '../probes.ts';
import { nearestDirectory } from './directory.ts';

/** File systems of other computers, by the magic number that Linux tells (statfs(2)). */
const NETWORK: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB2'],
  [0x01021997, '9P'],
  [0x5346414f, 'AFS'],
  [0x6b414653, 'AFS'],
  [0x00c36400, 'Ceph'],
  [0x0bd00bd0, 'Lustre'],
  [0x47504653, 'GPFS'],
  [0x7461636f, 'OCFS2'],
  [0x01161970, 'GFS2'],
  [0x786f4256, 'a VirtualBox share'],
]);
const FUSE = 0x65735546;
const IN_MEMORY: ReadonlySet<number> = new Set([0x01021994, 0x858458f6]);

const ELSEWHERE =
  'Choose a directory on a disk of this computer with --data-dir, and copy results with `katydid export`.';

export const fileSystemKind: Check<DoctorContext> = {
  id: 'file-system',
  title: 'File system',
  why: 'The databases need locks and shared memory, which network file systems do not have: they get damaged there.',
  run(context) {
    const { type } = factsOf(context);
    const network = NETWORK.get(type >>> 0);
    if (network !== undefined)
      return [problem(`The data directory is on another computer (${network}).`, ELSEWHERE)];
    if (type === FUSE)
      return [warning('The data directory is on a FUSE file system, which may be a remote one.', ELSEWHERE)];
    if (IN_MEMORY.has(type))
      return [warning('The data directory is in memory, and is gone when the computer restarts.', ELSEWHERE)];
    return [ok('A local one.')];
  },
};

const SPACE_LEAST = 100 * MIB;
const SPACE_ENOUGH = GIB;

export const diskSpace: Check<DoctorContext> = {
  id: 'disk-space',
  title: 'Disk space',
  why: 'When the disk is full no trial is started and trainings that write checkpoints fail.',
  run(context) {
    const { freeBytes, totalBytes } = factsOf(context);
    const found = `${formatBytes(freeBytes)} of ${formatBytes(totalBytes)} are free`;
    const remedy = 'Free space on that disk, or choose a directory on another with --data-dir.';
    if (freeBytes < SPACE_LEAST) return [problem(`${found}, nearly nothing.`, remedy)];
    if (freeBytes < SPACE_ENOUGH) return [warning(`${found}, which is little.`, remedy)];
    return [ok(`${found}.`)];
  },
};

/** A trial takes about ten: log, volumes, records. */
const FILES_LEAST = 1_000;
const FILES_ENOUGH = 20_000;

export const inodes: Check<DoctorContext> = {
  id: 'inodes',
  title: 'Files of the disk',
  why: 'Each trial makes about ten files; a disk without inodes is full, whatever space it has.',
  run(context) {
    const { freeFiles } = factsOf(context);
    if (freeFiles === null) return [ok('Without limit.')];
    const found = `${freeFiles} more files can be made`;
    const remedy =
      'Remove files from that disk (df -i shows how many it holds), or choose another with --data-dir.';
    if (freeFiles < FILES_LEAST) return [problem(`${found}, nearly none.`, remedy)];
    if (freeFiles < FILES_ENOUGH) return [warning(`${found}, few for many trials.`, remedy)];
    return [ok(`${found}.`)];
  },
};

function factsOf({ probes, directory }: DoctorContext): FileSystemFacts {
  return probes.fileSystem(nearestDirectory(directory.path));
}
