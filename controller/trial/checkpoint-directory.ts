import { posix } from 'node:path';
import { parentTrial, readCheckpoints } from '../../core/checkpoints.ts';
import type { Container, PodSpec } from '../../core/pod.ts';
import type { StoredTrial } from '../../core/trial.ts';

/** Katib's name for the volume. */
const VOLUME = 'suggestion-volume';
const CONTAINER = 'checkpoint-directory';
/** Needs nothing but a shell and cp; a process on one computer takes those that are there. */
const IMAGE = 'docker.io/library/busybox:1.37';
/** Where the container that fills a directory sees those of all trials. */
const ALL_DIRECTORIES = '/katydid-checkpoints';

/**
 * Fills the directory $2 from $1, once: a pod that starts over goes on with what its training has written. The mark $3 is made when
 * all is there, so that a copy that was interrupted is made again.
 */
const FILL = [
  'set -e',
  'if [ -e "$3" ]; then exit 0; fi',
  'mkdir -p "$2"',
  'if [ -n "$1" ] && [ -d "$1" ]; then cp -a "$1/." "$2/"; fi',
  ': > "$3"',
].join('\n');

/**
 * Gives the training of a trial its checkpoint directory, where its algorithm asks for one: a copy of the directory of the trial
 * that it goes on from, else an empty one. Changes `pod` and `primary`. A mount of the template's own at the same place stays
 * what it is.
 */
export function injectCheckpointDirectory(pod: PodSpec, primary: Container, trial: StoredTrial): void {
  const { name, labels, annotations } = trial.metadata;
  const checkpoints = readCheckpoints(annotations);
  const mounts = primary.volumeMounts ?? [];
  if (!checkpoints) return;
  const mountPath = posix.resolve(checkpoints.directory);
  if (mounts.some((mount) => posix.resolve(mount.mountPath) === mountPath)) return;
  const volume = { name: VOLUME, persistentVolumeClaim: { claimName: checkpoints.claim } };
  pod.volumes = [...(pod.volumes ?? []), volume];
  primary.volumeMounts = [...mounts, { name: VOLUME, mountPath, subPath: name }];
  pod.initContainers = [fillingContainer(name, parentTrial(labels)), ...(pod.initContainers ?? [])];
}

function fillingContainer(trial: string, parent: string | undefined): Container {
  const directoryOf = (name: string): string => posix.join(ALL_DIRECTORIES, name);
  const from = parent === undefined ? '' : directoryOf(parent);
  return {
    name: CONTAINER,
    image: IMAGE,
    command: ['sh', '-c', FILL, CONTAINER],
    args: [from, directoryOf(trial), directoryOf(`.${trial}.filled`)],
    volumeMounts: [{ name: VOLUME, mountPath: ALL_DIRECTORIES }],
    terminationMessagePolicy: 'FallbackToLogsOnError',
  };
}
