import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { errorMessage } from '../../core/errors.ts';
import type { Logger } from '../../core/logger.ts';
import { localError } from '../../core/failure-codes/local-codes.ts';

/**
 * Where things are in the data directory:
 *
 *     run/<pod uid>/pod.json                what the directory belongs to
 *     run/<pod uid>/processes/<container>.json
 *     run/<pod uid>/volumes/<volume>/       emptyDir, configMap …
 *     run/<pod uid>/termination/<container> the container's termination message
 *     run/<pod uid>/image/<container>/      directories of the image that hold a mount
 *     logs/<namespace>/<pod>/<container>.<restart count>.log
 *     pvc/<namespace>/<claim>/
 *     ports.json
 */
export interface PodDirectory {
  readonly root: string;
  readonly volumes: string;
  readonly processes: string;
  readonly termination: string;
  readonly image: string;
}

export function runDirectory(dataDir: string): string {
  return path.join(dataDir, 'run');
}

export function podDirectory(dataDir: string, podUid: string): PodDirectory {
  const root = path.join(runDirectory(dataDir), pathSegment(podUid, 'metadata.uid'));
  return {
    root,
    volumes: path.join(root, 'volumes'),
    processes: path.join(root, 'processes'),
    termination: path.join(root, 'termination'),
    image: path.join(root, 'image'),
  };
}

/** Makes the pod's directories anew: nothing of an earlier start is left. */
export function createPodDirectory(directory: PodDirectory): void {
  removePodDirectory(directory);
  for (const part of [directory.volumes, directory.processes, directory.termination]) {
    mkdirSync(part, { recursive: true });
  }
}

function removePodDirectory(directory: PodDirectory): void {
  rmSync(directory.root, { recursive: true, force: true, maxRetries: 3 });
}

export function logDirectory(dataDir: string, namespace: string, pod: string): string {
  return path.join(dataDir, 'logs', pathSegment(namespace, 'namespace'), pathSegment(pod, 'pod name'));
}

export function claimDirectory(dataDir: string, namespace: string, claim: string): string {
  return path.join(dataDir, 'pvc', pathSegment(namespace, 'namespace'), pathSegment(claim, 'claimName'));
}

/** What cannot be removed (a process took the right away) is left and told: it does no harm. */
export function tryRemovePodDirectory(directory: PodDirectory, logger: Logger): void {
  try {
    removePodDirectory(directory);
  } catch (error) {
    logger.warn('pod directory not removed', { directory: directory.root, error: errorMessage(error) });
  }
}

/** A name as one step of a path; LOCAL_FIELD_UNSUPPORTED where it would lead elsewhere. */
export function pathSegment(name: string, field: string): string {
  if (name !== '' && name !== '.' && name !== '..' && !/[/\\\0]/.test(name)) return name;
  throw localError('LOCAL_FIELD_UNSUPPORTED', `${field} "${name}" cannot be the name of a directory.`);
}

/** `relative` below `base`; LOCAL_VOLUME_UNSUPPORTED where it is absolute or goes up. */
export function pathBelow(base: string, relative: string, field: string): string {
  if (path.isAbsolute(relative) || relative.split(/[/\\]/).includes('..')) {
    throw localError(
      'LOCAL_VOLUME_UNSUPPORTED',
      `${field} "${relative}" leaves its volume: it must be relative and without "..".`,
    );
  }
  return path.join(base, relative);
}
