import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { readText } from './optional-files.ts';

/** A process that is not mistaken for a later one of the same number. */
export interface ProcessIdentity {
  pid: number;
  /** When it was started, in the system's own notation; compare for equality only. */
  startTime: string;
}

const hasProcFileSystem = process.platform === 'linux';

/** Undefined where no such process runs (a zombie does not run). */
export function identifyProcess(pid: number): ProcessIdentity | undefined {
  const startTime = hasProcFileSystem ? startTimeFromProc(pid) : startTimeFromPs(pid);
  return startTime === undefined ? undefined : { pid, startTime };
}

export function isRunning({ pid, startTime }: ProcessIdentity): boolean {
  return identifyProcess(pid)?.startTime === startTime;
}

function startTimeFromProc(pid: number): string | undefined {
  const stat = readText(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // The program's name, in parentheses, may contain anything. Field 3 follows it; the start time is field 22.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state] = fields;
  const ticks = fields[19];
  if (ticks === undefined || state === 'Z' || state === 'X') return undefined;
  return `${bootId()}:${ticks}`;
}

/** Ticks count from the start of the system: another boot's count means another time. */
function bootId(): string {
  return readText('/proc/sys/kernel/random/boot_id')?.trim() ?? '';
}

function startTimeFromPs(pid: number): string | undefined {
  const { stdout } = spawnSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' });
  const [, state, startTime] = /^\s*(\S+)\s+(.+?)\s*$/.exec(stdout) ?? [];
  return state?.startsWith('Z') ? undefined : startTime;
}

/**
 * Processes, this one excepted, whose environment sets all of `variables`. Empty where the system does not show
 * environments.
 */
export function findProcessesByEnvironment(variables: Readonly<Record<string, string>>): ProcessIdentity[] {
  if (!hasProcFileSystem) return [];
  const wanted = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  return readdirSync('/proc').flatMap((name) => {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) return [];
    const environment = readText(`/proc/${pid}/environ`)?.split('\0') ?? [];
    if (!wanted.every((entry) => environment.includes(entry))) return [];
    return identifyProcess(pid) ?? [];
  });
}
