import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { StoredPod, Volume } from '../../../core/pod.ts';
import { claimDirectory } from '../../../local/kubelet/pod-directory.ts';

/**
 * The pod with volumes that can be prepared without making anything outside its own directory: claims that exist become
 * host paths, and what the pod would make (a claim, a directory of the host, a subPath) an empty directory.
 */
export function standInVolumes(pod: StoredPod, dataDir: string): StoredPod {
  const volumes = pod.spec.volumes?.map((volume) => {
    const path = outsidePath(volume, pod, dataDir);
    if (path === undefined) return volume;
    const wanted = [path, ...subPaths(pod, volume.name).map((subPath) => join(path, subPath))];
    if (wanted.every((each) => existsSync(each)))
      return { name: volume.name, hostPath: hostPathOf(volume, path) };
    return isMadeByPod(volume) || existsSync(path) ? { name: volume.name, emptyDir: {} } : volume;
  });
  return volumes ? { ...pod, spec: { ...pod.spec, volumes } } : pod;
}

/** Undefined for volumes inside the pod's own directory. */
function outsidePath(
  { persistentVolumeClaim, hostPath }: Volume,
  pod: StoredPod,
  dataDir: string,
): string | undefined {
  if (hostPath) return hostPath.path;
  if (!persistentVolumeClaim) return undefined;
  return claimDirectory(dataDir, pod.metadata.namespace ?? 'default', persistentVolumeClaim.claimName);
}

function hostPathOf({ hostPath }: Volume, path: string): NonNullable<Volume['hostPath']> {
  return hostPath ?? { path };
}

function isMadeByPod({ persistentVolumeClaim, hostPath }: Volume): boolean {
  return persistentVolumeClaim !== undefined || (hostPath?.type ?? '').endsWith('OrCreate');
}

function subPaths({ spec }: StoredPod, volume: string): string[] {
  return [...(spec.initContainers ?? []), ...spec.containers]
    .flatMap(({ volumeMounts = [] }) => volumeMounts)
    .flatMap(({ name, subPath, subPathExpr }) => (name === volume ? (subPath ?? subPathExpr ?? []) : []));
}
