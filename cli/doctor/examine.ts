import { errorMessage } from '../../core/errors.ts';
import type { DataDirectory } from '../data-directory.ts';
import { warning, type Check, type Finding, type Level } from './check.ts';
import { DATA_DIRECTORY_CHECKS, EXPERIMENT_CHECKS, MACHINE_CHECKS } from './checks.ts';
import type { DoctorContext } from './context.ts';
import { readServiceState } from './data-directory/service-state.ts';
import { inspectFiles } from './experiment/inspect-files.ts';
import type { Probes } from './probes.ts';

export interface Examination {
  readonly directory: DataDirectory;
  /** Experiment files; none: only the computer and the data directory are looked at. */
  readonly files: readonly string[];
  /** `katydid.config.yaml`, as the option of `run`. */
  readonly config: string | undefined;
  readonly ports: DoctorContext['ports'];
  readonly probes: Probes;
}

/** The answers to the checks of one subject. */
export interface Section {
  readonly subject: string;
  readonly results: readonly CheckResult[];
}

export interface CheckResult {
  readonly id: string;
  readonly title: string;
  readonly why: string;
  readonly findings: readonly Finding[];
}

/** Asks every check. Changes nothing that lasts, and never rejects for what it finds. */
export async function examine({ directory, files, config, ports, probes }: Examination): Promise<Section[]> {
  const service = await readServiceState(directory, probes);
  const context = { directory, ports, probes, service };
  const sections = [
    { subject: 'This computer', results: await runAll(MACHINE_CHECKS, context) },
    { subject: `Data directory ${directory.path}`, results: await runAll(DATA_DIRECTORY_CHECKS, context) },
  ];
  if (files.length === 0) return sections;
  const inspection = await inspectFiles(files, config, context);
  // Of a file with mistakes nothing else is known.
  const checks = EXPERIMENT_CHECKS.slice(0, inspection.issues.length > 0 ? 1 : EXPERIMENT_CHECKS.length);
  const results = await runAll(checks, { ...context, inspection });
  return [...sections, { subject: `Experiment ${files.join(', ')}`, results }];
}

/** Of everything that was found. */
export function countLevel(sections: readonly Section[], level: Level): number {
  const findings = sections.flatMap(({ results }) => results.flatMap((result) => result.findings));
  return findings.filter((finding) => finding.level === level).length;
}

async function runAll<Input>(checks: readonly Check<Input>[], input: Input): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const check of checks) {
    const { id, title, why } = check;
    results.push({ id, title, why, findings: await runOne(check, input) });
  }
  return results;
}

/** A check that cannot look is told of, and keeps no other from looking. */
async function runOne<Input>({ run }: Check<Input>, input: Input): Promise<readonly Finding[]> {
  try {
    return await run(input);
  } catch (error) {
    return [warning(`This could not be looked at: ${errorMessage(error)}.`, 'Look at it yourself.')];
  }
}
