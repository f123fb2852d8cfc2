import type { Check } from './check.ts';
import type { DoctorContext } from './context.ts';
import { certificate, kubeconfig, privateFiles } from './data-directory/access.ts';
import { objectsDatabase, observationsDatabase } from './data-directory/databases.ts';
import { writable } from './data-directory/directory.ts';
import { diskSpace, fileSystemKind, inodes } from './data-directory/file-system.ts';
import { leftovers, lock, serverFileCheck } from './data-directory/service.ts';
import { pythonModules, scriptFile, trialCommand, workingDirectory } from './experiment/command-checks.ts';
import { experimentFile, imageMapCheck } from './experiment/file-checks.ts';
import type { ExperimentContext } from './experiment/inspection.ts';
import {
  trialCpus,
  trialFields,
  trialGpus,
  trialMemory,
  trialVolumes,
} from './experiment/resource-checks.ts';
import { memory } from './machine/memory.ts';
import { proxy, serverPorts } from './machine/network.ts';
import { nodeVersion } from './machine/node-version.ts';
import { openFiles, processLimit } from './machine/process-limits.ts';
import { sharedMemory } from './machine/shared-memory.ts';
import { temporaryDirectory } from './machine/temporary-directory.ts';
import { clock, timeZone } from './machine/time.ts';

export const MACHINE_CHECKS: readonly Check<DoctorContext>[] = [
  nodeVersion,
  memory,
  sharedMemory,
  openFiles,
  processLimit,
  temporaryDirectory,
  clock,
  timeZone,
  proxy,
  serverPorts,
];

export const DATA_DIRECTORY_CHECKS: readonly Check<DoctorContext>[] = [
  writable,
  fileSystemKind,
  diskSpace,
  inodes,
  objectsDatabase,
  observationsDatabase,
  lock,
  serverFileCheck,
  leftovers,
  privateFiles,
  kubeconfig,
  certificate,
];

export const EXPERIMENT_CHECKS: readonly Check<ExperimentContext>[] = [
  experimentFile,
  imageMapCheck,
  trialCommand,
  workingDirectory,
  scriptFile,
  pythonModules,
  trialCpus,
  trialMemory,
  trialGpus,
  trialVolumes,
  trialFields,
];
