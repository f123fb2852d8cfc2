import { mkdirSync, statSync, writeFileSync, type Stats } from 'node:fs';
import path from 'node:path';
import type { Volume } from '../../core/pod.ts';
import { localError } from '../../core/failure-codes/local-codes.ts';
import type { Notices } from './notices.ts';
import { claimDirectory, pathBelow, pathSegment, type PodDirectory } from './pod-directory.ts';
import { writeVolumeFiles, type FileSources } from './volume-files.ts';

export interface VolumeContext extends FileSources {
  dataDir: string;
  directory: PodDirectory;
  notices: Notices;
}

/** Where each volume of the pod is on this computer, by name. */
export type VolumePaths = ReadonlyMap<string, string>;

/** Makes the pod's volumes. KatydidError with a LOCAL_* code for one that cannot be had. */
export async function prepareVolumes(context: VolumeContext): Promise<VolumePaths> {
  const paths = new Map<string, string>();
  for (const volume of context.pod.spec.volumes ?? []) {
    paths.set(volume.name, await prepareVolume(volume, context));
  }
  return paths;
}

async function prepareVolume(volume: Volume, context: VolumeContext): Promise<string> {
  const own = path.join(context.directory.volumes, pathSegment(volume.name, 'Volume name'));
  if (volume.persistentVolumeClaim) return prepareClaim(volume.persistentVolumeClaim.claimName, context);
  if (volume.hostPath) return prepareHostPath(volume.name, volume.hostPath);
  if (await writeVolumeFiles(volume, own, context)) return own;
  if (volume.emptyDir) return prepareEmptyDir(volume.name, volume.emptyDir, own, context.notices);
  const kind =
    Object.keys(volume)
      .filter((key) => key !== 'name')
      .join(', ') || 'no source';
  throw localError(
    'LOCAL_VOLUME_UNSUPPORTED',
    `Volume "${volume.name}" is of a kind not to be had here: ${kind}.`,
  );
}

function prepareEmptyDir(
  name: string,
  { sizeLimit }: { sizeLimit?: string },
  directory: string,
  notices: Notices,
): string {
  mkdirSync(directory, { recursive: true });
  if (sizeLimit !== undefined)
    notices.debug('sizeLimit of an emptyDir is not enforced', { volume: name, sizeLimit });
  return directory;
}

async function prepareClaim(claim: string, context: VolumeContext): Promise<string> {
  const namespace = context.pod.metadata.namespace ?? '';
  const directory = claimDirectory(context.dataDir, namespace, claim);
  mkdirSync(directory, { recursive: true });
  if (!(await context.objects.claimIsDeclared(claim))) {
    context.notices.once(
      `${namespace}/${claim}`,
      'LOCAL_PVC_UNDECLARED',
      `PersistentVolumeClaim "${claim}" is not declared; its files are in ${directory}.`,
    );
  }
  return directory;
}

/** What a hostPath type demands of what is there; other types (sockets, devices) are taken as they are. */
const HOST_PATH_CHECKS: Readonly<Record<string, (stats: Stats | undefined) => boolean>> = {
  Directory: (stats) => stats?.isDirectory() ?? false,
  DirectoryOrCreate: (stats) => stats?.isDirectory() ?? false,
  File: (stats) => stats?.isFile() ?? false,
  FileOrCreate: (stats) => stats?.isFile() ?? false,
};

function prepareHostPath(
  name: string,
  { path: hostPath, type = '' }: { path: string; type?: string },
): string {
  if (!path.isAbsolute(hostPath)) {
    throw localError(
      'LOCAL_VOLUME_UNSUPPORTED',
      `hostPath "${hostPath}" of volume "${name}" is not absolute.`,
    );
  }
  if (type.endsWith('OrCreate') && !exists(hostPath)) createHostPath(hostPath, type);
  const check = HOST_PATH_CHECKS[type];
  if (check && !check(exists(hostPath))) {
    throw localError(
      'LOCAL_VOLUME_UNSUPPORTED',
      `hostPath "${hostPath}" of volume "${name}" is not there as type ${type} demands.`,
    );
  }
  return path.normalize(hostPath);
}

function createHostPath(hostPath: string, type: string): void {
  if (type === 'DirectoryOrCreate') mkdirSync(hostPath, { recursive: true });
  else writeFileSync(hostPath, '', { flag: 'a' });
}

function exists(file: string): Stats | undefined {
  return statSync(file, { throwIfNoEntry: false });
}

/** `subPath` inside a volume, made where it is not there yet, as Kubernetes does. */
export function pathInVolume(volumePath: string, subPath: string): string {
  const target = pathBelow(volumePath, subPath, 'subPath');
  if (!exists(target)) mkdirSync(target, { recursive: true });
  return target;
}
