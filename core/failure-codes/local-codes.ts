import { KatydidError } from '../errors.ts';
import type { FailureNature } from './trial-codes.ts';

interface LocalCodeEntry {
  /** `failure` ends the pod; `warning` and `info` are told and the pod goes on. */
  readonly severity: 'failure' | 'warning' | 'info';
  /** Of failures, and of what makes a container fail; see FailureNature. */
  readonly nature?: FailureNature;
  readonly description: string;
  readonly remedy: string;
}

/**
 * What running a pod as local processes cannot do, and what it says then: the reasons in pod statuses and events, and
 * the entries of docs/error-codes.md.
 */
export const LOCAL_CODES = {
  LOCAL_IMAGE_IGNORED: {
    severity: 'info',
    description:
      'Containers run as processes of this computer: the files and programs of the image are not used.',
    remedy: 'Nothing, where the command runs here; else map the image in katydid.config.yaml.',
  },
  LOCAL_NO_COMMAND: {
    severity: 'failure',
    nature: 'setup',
    description:
      'The container has no command: its image would decide what runs, and images are not used here.',
    remedy: 'Add `command` to the container, or an `entrypoint` for its image to katydid.config.yaml.',
  },
  LOCAL_EXEC_FAILED: {
    severity: 'failure',
    nature: 'setup',
    description: 'The command of the container could not be started.',
    remedy: 'Install the program, correct the command, or map the image in katydid.config.yaml.',
  },
  LOCAL_PATH_UNMAPPED: {
    severity: 'warning',
    nature: 'setup',
    description:
      'A path in command, args, env or workingDir exists in the image only: it is neither here nor in a volume.',
    remedy: 'Map it with `pathMap` or `root` of the image in katydid.config.yaml, or mount a volume there.',
  },
  LOCAL_VOLUME_UNSUPPORTED: {
    severity: 'failure',
    nature: 'setup',
    description: 'The volume or its mount cannot be had as a directory of this computer.',
    remedy: 'Use emptyDir, persistentVolumeClaim, hostPath, configMap, secret, downwardAPI or projected.',
  },
  LOCAL_PVC_UNDECLARED: {
    severity: 'info',
    description: 'The claim is not declared; a directory was made for it, which a cluster would not do.',
    remedy: 'Nothing here; on a cluster, create the PersistentVolumeClaim.',
  },
  LOCAL_OBJECT_MISSING: {
    severity: 'failure',
    nature: 'setup',
    description: 'A ConfigMap or Secret that the pod needs does not exist, or lacks the key.',
    remedy: 'Create it before the experiment, or mark the reference `optional: true`.',
  },
  LOCAL_FIELD_UNSUPPORTED: {
    severity: 'failure',
    nature: 'setup',
    description: 'The field asks for something that a local process cannot have.',
    remedy: 'Remove the field, or run the experiment on a cluster.',
  },
  LOCAL_GPU_UNAVAILABLE: {
    severity: 'failure',
    nature: 'setup',
    description: 'The container asks for more GPUs than this computer has.',
    remedy: 'Ask for fewer GPUs, or run the experiment where there are enough.',
  },
  LOCAL_RESOURCES: {
    severity: 'warning',
    description: 'The pod asks for more processors or memory than this computer has. It runs all the same.',
    remedy: 'Expect it to be slow or to run out of memory; ask for less, or run it on a larger computer.',
  },
  LOCAL_PORT_IN_USE: {
    severity: 'failure',
    nature: 'setup',
    description:
      'A port that the process wanted to listen on was taken: all pods share the ports of this computer.',
    remedy:
      'Take the port from TF_CONFIG or MASTER_PORT instead of a fixed number, or end the other process.',
  },
  LOCAL_RUNNER_ERROR: {
    severity: 'failure',
    nature: 'infrastructure',
    description: 'The computer refused something that running a pod needs, for example disk space.',
    remedy: 'Read the message; free the resource it names and run the experiment again.',
  },
} as const satisfies Record<string, LocalCodeEntry>;

export type LocalCode = keyof typeof LOCAL_CODES;

/** A refusal with the code's remedy. `message` names the object, field and value. */
export function localError(code: LocalCode, message: string, cause?: unknown): KatydidError {
  return new KatydidError(code, message, { remedy: LOCAL_CODES[code].remedy, cause });
}

/** What stands in a status or event: what is wrong, then what to do. */
export function withRemedy(error: KatydidError): string {
  return error.remedy === undefined ? error.message : `${error.message} ${error.remedy}`;
}
