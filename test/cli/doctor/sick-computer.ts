import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { dataDirectory, type DataDirectory } from '../../../cli/data-directory.ts';
import type { Finding } from '../../../cli/doctor/check.ts';
import { examine, type Section } from '../../../cli/doctor/examine.ts';
import type { FileSystemFacts, Probes } from '../../../cli/doctor/probes.ts';
import { systemProbes } from '../../../cli/doctor/system-probes.ts';
import { EXT4_TYPE, GIB, MIB } from './sizes.ts';
import { shellExperiment } from '../../support/shell-experiment.ts';

/** A computer without faults, with a data directory of its own in which nothing has run; tests add the faults. */
export interface SickComputer {
  /** For files of the test. */
  readonly folder: string;
  directory: DataDirectory;
  probes: Probes;
  /** Experiments to look at. */
  files: string[];
  config: string | undefined;
  ports: { rest: number; kube: number };
  /** Called at the end. */
  readonly cleanups: (() => void | Promise<void>)[];
}

export const HEALTHY_DISK: FileSystemFacts = {
  type: EXT4_TYPE,
  totalBytes: 100 * GIB,
  freeBytes: 50 * GIB,
  freeFiles: 1_000_000,
};

/** What does not depend on the computer's size is asked of the real one. */
export function healthyComputer(): SickComputer {
  const folder = mkdtempSync(join(tmpdir(), 'katydid-sick-'));
  const dataDir = join(folder, 'data');
  mkdirSync(dataDir);
  return {
    folder,
    directory: dataDirectory(dataDir),
    probes: {
      ...systemProbes(),
      env: { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: folder },
      cpus: 4,
      memory: () => ({ totalBytes: 16 * GIB, availableBytes: 8 * GIB, limitBytes: null }),
      limits: () => ({ openFiles: 4096, processes: 4096, processesLeftInGroup: Infinity }),
      fileSystem: () => HEALTHY_DISK,
      gpuDevices: () => [],
    },
    files: [],
    config: undefined,
    ports: { rest: 0, kube: 0 },
    cleanups: [() => rmSync(folder, { recursive: true, force: true })],
  };
}

export function examined(computer: SickComputer): Promise<Section[]> {
  return examine(computer);
}

/** What is not in order: the check's id, the level, and what was found. */
export function complaints(
  sections: readonly Section[],
): { id: string; level: Finding['level']; text: string }[] {
  return sections
    .flatMap(({ results }) => results)
    .flatMap(({ id, findings }) => findings.map((finding) => ({ id, finding })))
    .filter(({ finding }) => finding.level !== 'ok')
    .map(({ id, finding }) => ({ id, level: finding.level, text: `${finding.found} ${remedyOf(finding)}` }));
}

function remedyOf(finding: Finding): string {
  return finding.level === 'ok' ? '' : finding.remedy;
}

interface ExperimentDocument {
  spec: {
    parallelTrialCount: number;
    trialTemplate: { configMap?: object; trialSpec?: { spec: { template: { spec: PodSpecDocument } } } };
  };
}
interface PodSpecDocument {
  containers: object[];
  volumes?: object[];
}

/** Writes an experiment whose trials are the given pod, and has it looked at. */
export function withExperiment(
  computer: SickComputer,
  container: object,
  { volumes, parallel = 1 }: { volumes?: object[]; parallel?: number } = {},
): void {
  const document = parse(
    shellExperiment({ name: 'exp', trials: 4, script: 'echo loss=$X' }),
  ) as ExperimentDocument;
  document.spec.parallelTrialCount = parallel;
  const pod = document.spec.trialTemplate.trialSpec?.spec.template.spec;
  if (!pod) throw new Error('the experiment has no pod');
  const [usual] = pod.containers;
  pod.containers = [{ ...usual, args: ['$X', '${trialParameters.x}'], ...container }];
  if (volumes) pod.volumes = volumes;
  writeExperiment(computer, stringify(document));
}

export function writeExperiment(computer: SickComputer, text: string): void {
  const file = join(computer.folder, 'exp.yaml');
  writeFileSync(file, text);
  computer.files = [file];
}

/** A program in a directory that stands first in the trials' PATH. */
export function withProgram(computer: SickComputer, name: string, script: string): void {
  const bin = join(computer.folder, 'bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  computer.probes = { ...computer.probes, env: { ...computer.probes.env, PATH: `${bin}:/usr/bin:/bin` } };
}

/** No program at all is in the PATH. */
export function withoutPrograms(computer: SickComputer): void {
  computer.probes = {
    ...computer.probes,
    env: { ...computer.probes.env, PATH: join(computer.folder, 'empty') },
  };
}

export { GIB, MIB };
