import { realpathSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Container, VolumeMount } from '../../core/pod.ts';
import type { ImageMapping } from './image-map.ts';
import { localError } from '../../core/failure-codes/local-codes.ts';
import { mountParents } from './mount-parents.ts';
import { pathRewriter, type PathMapping, type PathRewriter } from './path-rewriting.ts';
import { pathSegment, type PodDirectory } from './pod-directory.ts';
import { expandVariables } from './variable-expansion.ts';
import { pathInVolume, type VolumePaths } from './volumes.ts';

const DEFAULT_TERMINATION_PATH = '/dev/termination-log';

/** How a container finds its files here. */
export interface ContainerMounts {
  readonly paths: PathRewriter;
  /** `KATIB_MOUNT_<VOLUME>`: for programs that want to know where a volume is. */
  readonly variables: Readonly<Record<string, string>>;
  /** Where the container's termination message arrives. */
  readonly terminationFile: string;
}

/**
 * A process sees this computer's files, not the pod's: mount paths are translated wherever they are mentioned.
 * LOCAL_VOLUME_UNSUPPORTED for a mount that cannot be translated.
 */
export function containerMounts(
  container: Container,
  volumes: VolumePaths,
  directory: PodDirectory,
  image: ImageMapping | undefined,
  variables: Readonly<Record<string, string>>,
): ContainerMounts {
  const mounts = (container.volumeMounts ?? []).map((mount) => ({
    mount,
    mapping: mountMapping(mount, volumes, variables),
  }));
  const terminationFile = createTerminationFile(container, directory);
  const termination = {
    from: container.terminationMessagePath ?? DEFAULT_TERMINATION_PATH,
    to: terminationFile,
  };
  const imageRoot = image?.root ?? null;
  const others = [...(image?.pathMap ?? []), termination];
  const mounted = mounts.map(({ mapping }) => mapping);
  const standIns = path.join(directory.image, pathSegment(container.name, 'Container name'));
  const parents = mountParents(mounted, others, imageRoot, standIns);
  return {
    paths: pathRewriter([...others, ...parents, ...mounted], imageRoot),
    variables: Object.fromEntries(
      mounts.map(({ mount, mapping }) => [mountVariable(mount.name), mapping.to]),
    ),
    terminationFile,
  };
}

function mountMapping(
  mount: VolumeMount,
  volumes: VolumePaths,
  variables: Readonly<Record<string, string>>,
): PathMapping {
  const volumePath = volumes.get(mount.name);
  const from = path.posix.normalize(mount.mountPath).replace(/\/$/, '');
  if (volumePath === undefined || !from.startsWith('/')) {
    const problem =
      volumePath === undefined
        ? 'names a volume that the pod does not have'
        : 'must be at an absolute path other than /';
    throw localError(
      'LOCAL_VOLUME_UNSUPPORTED',
      `volumeMount "${mount.name}" at "${mount.mountPath}" ${problem}.`,
    );
  }
  const subPath = mount.subPath ?? expandVariables(mount.subPathExpr ?? '', (name) => variables[name]);
  if (subPath === '') return { from, to: volumePath };
  const to = pathInVolume(volumePath, subPath);
  requireInside(to, volumePath, mount);
  return { from, to };
}

/** A symbolic link in a volume must not lead a subPath out of it. */
function requireInside(target: string, volumePath: string, mount: VolumeMount): void {
  const relative = path.relative(realpathSync(volumePath), realpathSync(target));
  if (relative === '..' || relative.startsWith(`..${path.sep}`)) {
    throw localError('LOCAL_VOLUME_UNSUPPORTED', `subPath of volumeMount "${mount.name}" leaves its volume.`);
  }
}

function mountVariable(volume: string): string {
  return `KATIB_MOUNT_${volume.toUpperCase().replace(/[^A-Z0-9]/g, '_')}`;
}

function createTerminationFile(container: Container, directory: PodDirectory): string {
  const file = path.join(directory.termination, pathSegment(container.name, 'Container name'));
  writeFileSync(file, '');
  return file;
}
